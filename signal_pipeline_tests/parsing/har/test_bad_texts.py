"""Texts in HARs that are hostile or broken: characters no database takes, huge, long, packed."""

from __future__ import annotations

import base64
import gzip
import json
import zlib

import pytest

from signal_pipeline_tests.parsing.har.samples import entry, har_bytes, read, row

UNICODE: list[tuple[str, str, str]] = [
    ("NUL", r"\u0000", "nul_replaced"),
    ("lone high surrogate", r"\ud800", "bad_json"),
    ("lone low surrogate", r"\udc00", "bad_json"),
    ("swapped pair", r"\ude00\ud83d", "bad_json"),
]


@pytest.mark.parametrize("place", ["a.example/2", "Service down"])
@pytest.mark.parametrize(("name", "escape", "flag"), UNICODE, ids=[case[0] for case in UNICODE])
def test_text_that_no_database_takes_is_replaced_and_flagged(name: str, escape: str, flag: str, place: str) -> None:
    data = har_bytes(entry("https://a.example/2", 503, body='{"message": "Service down"}'))
    found = row(data.replace(place.encode(), f"{place}{escape}".encode()))
    assert flag in (found["flags"] or "") or place == "Service down"
    for value in found.values():
        if isinstance(value, str):
            assert "\x00" not in value
            value.encode()


def test_surrogate_pair_is_one_character() -> None:
    body = json.dumps({"message": "full \U0001f600 of \ud800 it"})
    assert "full \U0001f600 of \ufffd it" in row(har_bytes(entry(status=500, body=body)))["error_text"]


@pytest.mark.parametrize("status", [200, 500])
def test_one_huge_body_is_cut_and_flagged(status: int) -> None:
    huge = "line of text that goes on, " * 1_200_000
    found = row(har_bytes(entry(status=status, body=huge)))
    assert "long_text_cut" in found["flags"]
    assert found["status"] == status
    assert len(found["message"]) < 10_000


def test_escapes_and_characters_at_the_cut_stay_whole() -> None:
    for pad in range(24):
        text = "a" * pad + "\\u00e9\\n\u20ac\U0001f600" * 180_000
        data = har_bytes(entry(), entry()).replace(b'"text": "{}"', f'"text": "{text}"'.encode(), 1)
        frame, outcome = read(data)
        assert (frame.height, outcome.status) == (2, "ok")


def test_a_long_list_that_is_not_read_costs_neither_the_entry_nor_memory() -> None:
    messages = [{"type": "send", "data": "x" * 500, "at": [{}]}] * 40_000
    one = {"_webSocketMessages": messages, **entry("wss://a.example/live", 101)}
    frame, outcome = read(har_bytes(entry(), one, entry()))
    assert frame["status"].to_list() == [200, 101, 200]
    assert outcome.status == "ok"


_ZIPPED = gzip.compress(b'{"message": "card declined"}')
BASE64: list[tuple[str, str, str | None]] = [
    ("plain", base64.b64encode(b'{"message": "card declined"}').decode(), "card declined"),
    ("no padding", base64.b64encode(b'{"message": "card declined"}').decode().rstrip("="), "card declined"),
    ("line breaks", base64.encodebytes(b'{"message": "card declined"}').decode(), "card declined"),
    (
        "URL-safe letters",
        base64.urlsafe_b64encode(b'{"message": "card ??>>~~ declined"}').decode(),
        "card ??>>~~ declined",
    ),
    ("not base64", "%%%% not base64 %%%%", None),
    ("gzip", base64.b64encode(_ZIPPED).decode(), "card declined"),
    ("zlib", base64.b64encode(zlib.compress(b'{"message": "card declined"}')).decode(), "card declined"),
    ("bomb", base64.b64encode(gzip.compress(b"\0" * 50_000_000)).decode(), None),
    ("damaged gzip", base64.b64encode(_ZIPPED[:12] + b"\xff" * 9).decode(), None),
    ("bytes of an image", base64.b64encode(bytes(range(256)) * 8).decode(), None),
    ("three levels", base64.b64encode(base64.b64encode(base64.b64encode(b"card declined"))).decode(), None),
]


@pytest.mark.parametrize(("name", "text", "message"), BASE64, ids=[case[0] for case in BASE64])
def test_base64_bodies_are_decoded_once_and_bounded(name: str, text: str, message: str | None) -> None:
    found = row(har_bytes(entry(status=500, body=text, encoding="base64")))
    assert "card" not in text
    assert (found["error_text"] == message) or (message is None and "declined" not in str(found["error_text"]))
