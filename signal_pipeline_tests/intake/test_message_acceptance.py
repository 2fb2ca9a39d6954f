"""What deliveries do to the tables: one effect per content, one dead letter per bad delivery, nobody else touched."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from signal_pipeline.intake.message_acceptance import accept_messages
from signal_pipeline.messaging.receive import DONE, Received, Settle
from signal_pipeline.messaging.report_message import report_message
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.dead_letters import listed, payload_of
from signal_pipeline.storage.intake import statuses
from signal_pipeline.work_order import WorkOrder
from signal_pipeline_tests.storage.tables import add_file, new_report, value

GRACE = 30.0
TOKEN = "ghp_" + "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyzABCDEF0123456789", k=36))


def deliver(database: Database, *messages: Received) -> list[Settle]:
    return accept_messages(database, messages, redact=Redactor(b"k" * 16).text, grace_seconds=GRACE)


def message(data: bytes | UUID, sequence: int = 1, age_seconds: float = 0.0) -> Received:
    payload = report_message(data) if isinstance(data, UUID) else data
    return Received(payload, sequence, datetime.now(UTC) - timedelta(seconds=age_seconds))


@pytest.fixture
def report(database: Database) -> UUID:
    with database.transaction() as connection:
        return new_report(connection)


def test_the_same_message_twenty_times_is_one_request(database: Database, report: UUID) -> None:
    for batch in range(4):
        assert deliver(database, *(message(report, batch * 5 + place) for place in range(5))) == [DONE] * 5
    with database.transaction() as connection:
        assert value(connection, "select count(*) from intake") == 1
        assert listed(connection) == []


def test_new_files_of_a_report_are_a_new_request(database: Database, report: UUID) -> None:
    deliver(database, message(report))
    with database.transaction() as connection:
        add_file(connection, report)
    deliver(database, message(report, 2), message(report, 3))
    with database.transaction() as connection:
        assert value(connection, "select count(*) from intake where report_id = %s", report) == 2


def test_a_broken_message_is_one_dead_letter_however_often_it_is_delivered(database: Database) -> None:
    broken = message(b"not json", 7)
    for _ in range(3):
        assert deliver(database, broken) == [DONE]
    with database.transaction() as connection:
        (letter,) = listed(connection)
        assert (letter.kind, letter.reason, letter.stream_sequence, letter.payload_bytes) == (
            "message",
            "bad_message",
            7,
            8,
        )
        assert payload_of(connection, letter.id) == (b"not json", False)


def test_the_same_words_sent_again_are_another_dead_letter(database: Database) -> None:
    """A damaged broker reuses sequences, so neither the sequence nor the content alone is an identity."""
    deliver(database, message(b"{}", 1, age_seconds=9), message(b"{}", 1, age_seconds=5), message(b"{}", 2))
    with database.transaction() as connection:
        assert len(listed(connection)) == 3


def test_a_dead_letter_holds_no_secret(database: Database) -> None:
    deliver(database, message(f'{{"report": "{TOKEN}"}}'.encode()))
    with database.transaction() as connection:
        (letter,) = listed(connection)
        stored = payload_of(connection, letter.id)
        assert stored is not None
        payload, is_redacted = stored
        assert is_redacted
        assert TOKEN.encode() not in payload
        assert TOKEN not in value(connection, "select dead_letters::text from dead_letters")
        assert letter.detail == "report_id"


def test_a_large_dead_letter_is_cut(database: Database) -> None:
    deliver(database, message(b"\xff" * 1_000_000))
    with database.transaction() as connection:
        (letter,) = listed(connection)
        stored = payload_of(connection, letter.id)
        assert stored is not None
        assert (letter.reason, letter.payload_bytes, len(stored[0]), stored[1]) == (
            "too_large",
            1_000_000,
            64 * 1024,
            True,
        )


def test_a_message_ahead_of_its_report_is_asked_for_again_until_its_grace_is_over(database: Database) -> None:
    unknown = uuid4()
    (decision,) = deliver(database, message(unknown, age_seconds=GRACE - 5))
    assert decision.retry_seconds is not None
    assert 0 < decision.retry_seconds <= GRACE
    with database.transaction() as connection:
        assert listed(connection) == []
    late = message(unknown, age_seconds=GRACE + 1)
    assert deliver(database, late) == deliver(database, late) == [DONE]
    with database.transaction() as connection:
        (letter,) = listed(connection)
        assert letter.reason == "unknown_report"
        # It can be sent again as it was: an id is no secret.
        assert payload_of(connection, letter.id) == (late.data, False)


def test_a_message_whose_report_comes_later_is_taken(database: Database, report: UUID) -> None:
    assert deliver(database, message(report, age_seconds=GRACE * 100)) == [DONE]
    with database.transaction() as connection:
        assert value(connection, "select state from intake") == "PENDING"


def test_a_bad_message_does_not_touch_the_good_one_beside_it(database: Database, report: UUID) -> None:
    decisions = deliver(
        database,
        message(b"\x00", 1),
        message(uuid4(), 2),
        message(report, 3),
        message(rb'{"report_id": "\u0000"}', 4),
        message(b"[" * 9000, 5),
    )
    assert [decision.retry_seconds is None for decision in decisions] == [True, False, True, True, True]
    with database.transaction() as connection:
        assert value(connection, "select report_id from intake") == report
        assert sorted(letter.stream_sequence or 0 for letter in listed(connection)) == [1, 4, 5]


def order(report: UUID, *needed: UUID, sequence: int = 1, age_seconds: float = 0.0) -> Received:
    return message(report_message(report, WorkOrder(depends_on=needed)), sequence, age_seconds)


def test_an_order_to_wait_for_another_report_is_kept(database: Database, report: UUID) -> None:
    with database.transaction() as connection:
        other = new_report(connection)
    assert deliver(database, order(report, other)) == [DONE]
    with database.transaction() as connection:
        assert statuses(connection, report)[0].depends_on == [other]


def test_reports_that_would_wait_for_each_other_are_a_dead_letter(database: Database, report: UUID) -> None:
    with database.transaction() as connection:
        other = new_report(connection)
    deliver(database, order(report, other, sequence=1), order(other, report, sequence=2))
    with database.transaction() as connection:
        (letter,) = listed(connection)
        assert (letter.reason, letter.stream_sequence) == ("dependency_cycle", 2)
        assert statuses(connection, other) == []


def test_a_dependency_may_come_later_than_the_message_but_not_never(database: Database, report: UUID) -> None:
    unknown = uuid4()
    (decision,) = deliver(database, order(report, unknown, age_seconds=GRACE - 5))
    assert decision.retry_seconds is not None
    assert deliver(database, order(report, unknown, age_seconds=GRACE + 1)) == [DONE]
    with database.transaction() as connection:
        assert [letter.reason for letter in listed(connection)] == ["unknown_dependency"]
