"""Keys of producers: those that could leave their prefix or confuse a server are refused."""

from __future__ import annotations

from uuid import uuid4

import pytest

from signal_pipeline.errors import RejectionCode, SignalRejected
from signal_pipeline.storage.object_keys import MAX_KEY_BYTES, check_key, signal_key

GOOD = {
    "ours": signal_key(uuid4(), uuid4()),
    "plain": "server.log",
    "folders": "reports/2026/03/server.log",
    "blank": "reports/my report/server log.txt",
    "other letters": "отчёт/журнал.log",
    "hidden": "reports/.har",
    "three dots within": "reports/a...b",
    "plus and equals": "a+b=c,d;e@f",
    "percent": "100%.log",
    "longest": "k" * MAX_KEY_BYTES,
}

BAD = {
    "empty": "",
    "climbs": "../x",
    "climbs within": "a/../b",
    "climbs at the end": "a/..",
    "here": "./x",
    "here within": "a/./b",
    "starts at the root": "/etc/passwd",
    "two slashes": "//x",
    "two slashes within": "a//b",
    "ends in a slash": "a/",
    "encoded dots": "%2e%2e/x",
    "encoded dots, capitals": "a/%2E%2E/x",
    "encoded slash": "a%2fb",
    "encoded slash, capitals": "a%2Fb",
    "NUL": "a\0b",
    "line end": "a\nb",
    "escape": "a\x1b[2Jb",
    "lone surrogate": "a\ud800b",
    "too long": "k" * (MAX_KEY_BYTES + 1),
    "too long in bytes": "ж" * (MAX_KEY_BYTES // 2 + 1),
    "trailing dot": "a/b.",
    "trailing dot of a folder": "a./b",
    "drive": "C:\\x",
    "drive with slash": "C:/x",
    "backslash": "a\\..\\b",
}


@pytest.mark.parametrize("key", GOOD.values(), ids=GOOD.keys())
def test_an_ordinary_key_is_taken_as_it_is(key: str) -> None:
    assert check_key(key) == key


@pytest.mark.parametrize("key", BAD.values(), ids=BAD.keys())
def test_a_key_that_could_do_harm_is_refused_and_not_quoted(key: str) -> None:
    with pytest.raises(SignalRejected) as rejected:
        check_key(key)
    assert rejected.value.code is RejectionCode.BAD_OBJECT_KEY
    assert str(rejected.value) == "bad_object_key"


def test_our_keys_do_not_hold_the_name_of_the_file() -> None:
    report, signal = uuid4(), uuid4()
    assert signal_key(report, signal) == f"reports/{report}/{signal}"
