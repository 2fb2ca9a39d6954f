"""The cheap exact scans against the whole one, and what the gate lets pass."""

from __future__ import annotations

import random
from collections import Counter

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signal_pipeline.redaction.columns import FEW_VALUES
from signal_pipeline.redaction.memory import shape
from signal_pipeline.redaction.plans import Plans
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline.redaction.scanner import Scanner
from signal_pipeline.redaction.table import RULES
from signal_pipeline_tests.text_shapes.other_digits import with_other_digits

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


class _EveryTriggeredRow(Plans):
    """No plan at all: each row is asked of which a trigger is in the text."""

    def known(self, _data: bytes, triggered: int) -> int:
        return triggered


def _whole_scanner() -> tuple[Scanner, Counter[str]]:
    counts: Counter[str] = Counter()
    scanner = Scanner(counts, _pseudonym)
    scanner._plans = _EveryTriggeredRow(RULES)
    return scanner, counts


WHOLE, WHOLE_COUNTS = _whole_scanner()
COUNTS: Counter[str] = Counter()
SCANNER = Scanner(COUNTS, _pseudonym)
"""One for all examples, so that what it remembers of some is there when it judges others."""


WORDS = st.sampled_from(
    [word for rule in RULES for example in (*rule.positives, *rule.negatives) for word in example.split()]
    + [UUID, HASH, f"req-{UUID}", "commit", "image:", "checked", "out", "id", '"', "(", "aB1cD2eF3gH4iJ5kL6mN7"]
)


@settings(max_examples=100, deadline=None)
@given(st.lists(WORDS, max_size=6).map(" ".join))
def test_the_gate_and_the_cheap_looks_give_what_the_whole_look_gives(text: str) -> None:
    once = SCANNER.scan(text)
    COUNTS.clear()
    again = SCANNER.scan(text)
    WHOLE_COUNTS.clear()
    assert again == once == WHOLE.close(WHOLE.plain(text))
    assert COUNTS == WHOLE_COUNTS


EXAMPLES = [example for rule in RULES for example in (*rule.positives, *rule.negatives)]


def test_what_is_remembered_of_one_text_holds_for_those_alike() -> None:
    """Each example with other numbers, before and after its own."""
    rng = random.Random(3)
    for example in EXAMPLES:
        for text in (with_other_digits(example, rng), example, with_other_digits(example, rng)):
            COUNTS.clear()
            WHOLE_COUNTS.clear()
            assert SCANNER.scan(text) == WHOLE.close(WHOLE.plain(text)), text
            assert COUNTS == WHOLE_COUNTS


def test_a_clean_text_is_clean_with_any_numbers() -> None:
    rng = random.Random(4)
    clean = [example for example in EXAMPLES if SCANNER.is_clean(example)]
    assert len(clean) > 20
    for example in clean:
        text = with_other_digits(example, rng)
        assert WHOLE.close(text) == text
