"""What the harness sends is the same each time and means what it says; what it writes down outlives its death."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from reliability.corpus import item, poison
from reliability.journal import Entry, Journal
from reliability.nemesis import TARGETS, Nemesis
from signal_pipeline.errors import MessageRejected
from signal_pipeline.local.stack import LocalStack
from signal_pipeline.messaging.report_message import parse_report_message


def test_a_report_is_the_same_for_the_same_number_and_no_other() -> None:
    assert item(7) == item(7)
    contents = [tuple(item(number).files.items()) for number in range(200) if item(number).files]
    assert len(set(contents)) == len(contents)
    assert {None in item(number).files.values() for number in range(60)} == {True, False}


def test_bad_messages_are_bad_for_the_reason_that_is_given() -> None:
    payloads = [poison(number) for number in range(330)]
    assert len({payload for payload, _ in payloads}) == len(payloads)
    for payload, reason in payloads:
        if reason == "unknown_report":
            parse_report_message(payload)
            continue
        with pytest.raises(MessageRejected) as rejected:
            parse_report_message(payload)
        assert rejected.value.code == reason


def test_the_last_word_counts_and_what_was_only_tried_is_unknown(tmp_path: Path) -> None:
    journal, report = Journal(tmp_path / "journal"), uuid4()
    assert journal.entries() == {}
    journal.note("one", "trying", report)
    journal.note("two", "trying")
    journal.note("two", "accepted", report)
    assert journal.entries() == {
        "one": Entry("one", "unknown", str(report)),
        "two": Entry("two", "accepted", str(report)),
    }


def test_a_seed_is_an_order_of_deaths_in_which_each_comes_before_any_comes_again(tmp_path: Path) -> None:
    def first(seed: int) -> list[str]:
        targets = Nemesis(LocalStack(tmp_path, environment={}), seed)._targets()
        return [next(targets) for _ in range(3 * len(TARGETS))]

    assert first(1) == first(1) != first(2)
    for start in range(0, 3 * len(TARGETS), len(TARGETS)):
        assert set(first(1)[start : start + len(TARGETS)]) == set(TARGETS)
