"""The cheap close looks against the whole one, and what the gate lets pass."""

from __future__ import annotations

from collections import Counter

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signal_pipeline.redaction.columns import FEW_VALUES
from signal_pipeline.redaction.memory import shape
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline.redaction.scanner import Scanner
from signal_pipeline.redaction.table import RULES

UUID = "550e8400-e29b-41d4-a716-446655440000"
HASH = "d41d8cd98f00b204e9800998ecf8427e"

KNOWN = (
    f"instance {UUID} spawned",
    f"[req-{UUID} {HASH} {HASH} - - -] GET /servers",
    f'{{"trace_id": "{HASH}", "msg": "paid"}}',
    "child_tidptr=0x7f5516bc1910 at 0x7ffd3a4b5c6d",
    f"GET /v2/servers/{UUID}/action took 3 ms",
    '{"trace_id": "de89370400440532013000aa11bb22cc", "n": 1}',
    "instance a0b1c2d3-4838-4111-8222-123456789012 at 12:00",
    "[QuorumPeer/0:0:0:0:0:0:0:0:2181] notification",
)
GUILTY = (
    f"GET /v2/{HASH}/servers",
    f"[req-{UUID} {HASH} {HASH} - - -] GET /v2/{HASH}/servers",
    f"{UUID} and {HASH}",
    f"commit {HASH}, then {HASH}",
    f"session: {UUID}",
    f"Session ID: {UUID}",
    f"session id is abc{HASH[:8]}",
    f"pat-na1-{UUID}",
    f"sdk-{UUID}",
    f"FlyV1 {HASH}",
    f"dial bob:{UUID}@db.example.com:5432",
    f"amqp://bob:{UUID}@mq/v",
    f"mail {UUID}@example.com",
    f"curl -u bob:{UUID} https://h/",
    f"trace_id: {HASH} of DE89370400440532013000",
)


@pytest.mark.parametrize("text", KNOWN)
def test_known_identifiers_stay(text: str) -> None:
    redactor = Redactor(b"a key for tests")
    assert redactor.column(pl.Series([text] * (FEW_VALUES + 1))).unique().to_list() == [text]
    assert redactor.counts == {}


@pytest.mark.parametrize("text", GUILTY)
def test_what_stands_beside_known_identifiers_is_masked(text: str) -> None:
    redacted = Redactor(b"a key for tests").column(pl.Series([text] * (FEW_VALUES + 1))).unique().to_list()
    assert redacted == [Redactor(b"a key for tests").text(text)] and redacted != [text]


def test_shapes_differ_in_lone_numbers_only() -> None:
    assert shape("sshd[24200]: user 17 failed") == shape("sshd[31337]: user 42 failed")
    assert shape("session 0x14ede63 gone") == shape("session 0x24f4a63 gone")
    for one, other in (("Cookie2: a", "Cookie7: a"), ("2fa 1", "3fa 1"), ("port 12", "port 123"), ("0xA1", "0xB1")):
        assert shape(one) != shape(other)


def _pseudonym(*_: str) -> str:
    return "000000"


def _whole(text: str) -> tuple[str, Counter[str]]:
    counts: Counter[str] = Counter()
    return Scanner(counts, _pseudonym).close(text), counts


WORDS = st.sampled_from(
    [word for rule in RULES for example in (*rule.positives, *rule.negatives) for word in example.split()]
    + [UUID, HASH, f"req-{UUID}", "commit", "image:", "checked", "out", "id", '"', "(", "aB1cD2eF3gH4iJ5kL6mN7"]
)


@settings(max_examples=500, deadline=None)
@given(st.lists(WORDS, max_size=6).map(" ".join))
def test_the_gate_and_the_cheap_looks_give_what_the_whole_look_gives(text: str) -> None:
    counts: Counter[str] = Counter()
    scanner = Scanner(counts, _pseudonym)
    once = scanner.scan(text)
    counts.clear()
    again = scanner.scan(text)
    plain = Scanner(Counter(), _pseudonym).plain(text)
    assert again == once == _whole(plain)[0]
