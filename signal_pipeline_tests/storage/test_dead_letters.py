"""Dead letters: one per cause, listed newest first, replayed when that makes sense."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

import psycopg

from signal_pipeline.intake.replay import replay_letters
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage import intake
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.dead_letters import (
    DeadLetter,
    bury_message,
    bury_report,
    listed,
    mark_announced,
    unannounced,
)
from signal_pipeline_tests.messaging.broker import pending
from signal_pipeline_tests.storage.tables import leased, requested

WHEN = datetime(2026, 3, 1, tzinfo=UTC)


def bury(connection: psycopg.Connection, payload: bytes, sequence: int = 1, redacted: bytes | None = None) -> bool:
    return bury_message(
        connection,
        payload=payload,
        redacted=payload if redacted is None else redacted,
        reason="bad_message",
        detail="not JSON",
        report_id=None,
        stream_sequence=sequence,
        published_at=WHEN,
    )


def dead_report(connection: psycopg.Connection) -> intake.Lease:
    requested(connection)
    lease = leased(connection)
    intake.fail(connection, lease, error="x: y", transient=False, max_attempts=3, retry_delay_seconds=0)
    for _ in range(2):
        bury_report(
            connection,
            report_id=lease.report_id,
            intake_id=lease.intake_id,
            attempt=lease.attempt,
            reason="x",
            detail="y",
        )
    return lease


def only(connection: psycopg.Connection) -> DeadLetter:
    (letter,) = listed(connection)
    return letter


def test_the_same_delivery_is_dead_lettered_once(database: Database) -> None:
    with database.transaction() as connection:
        assert [bury(connection, b"x"), bury(connection, b"x"), bury(connection, b"y"), bury(connection, b"x", 2)] == [
            True,
            False,
            True,
            True,
        ]


def test_the_same_attempt_is_dead_lettered_once_and_a_later_one_again(database: Database) -> None:
    with database.transaction() as connection:
        first = dead_report(connection)
        assert only(connection).report_id == first.report_id
        intake.reopen(connection, first.intake_id)
        second = leased(connection)
        bury_report(
            connection,
            report_id=second.report_id,
            intake_id=second.intake_id,
            attempt=second.attempt,
            reason="x",
            detail="y",
        )
        assert len(listed(connection)) == 2


def test_two_processes_do_not_announce_the_same_letter(database: Database) -> None:
    with database.transaction() as connection:
        bury(connection, b"x")
        bury(connection, b"y")
    with database.transaction() as first, database.transaction() as second:
        mine = unannounced(first, limit=1)
        theirs = unannounced(second)
        assert {letter.id for letter in mine}.isdisjoint(letter.id for letter in theirs)
        mark_announced(first, [letter.id for letter in mine])
    with database.transaction() as connection:
        assert [letter.id for letter in unannounced(connection)] == [letter.id for letter in theirs]


def test_a_report_is_replayed_from_its_first_attempt(platform: Platform) -> None:
    with platform.database.transaction() as connection:
        lease = dead_report(connection)
        letter = only(connection)
    assert replay_letters(platform, [letter.id]) == [(letter.id, None)]
    with platform.database.transaction() as connection:
        assert listed(connection) == []
        assert listed(connection, include_replayed=True)[0].replayed_at is not None
        assert leased(connection).intake_id == lease.intake_id
    assert replay_letters(platform, [letter.id]) == [(letter.id, "the report is being processed")]


def test_a_message_is_replayed_as_it_was(platform: Platform) -> None:
    with platform.database.transaction() as connection:
        bury(connection, b"not json")
        letter = only(connection)
    assert replay_letters(platform, None) == [(letter.id, None)]
    assert pending(platform.settings) == (1, 0)
    assert replay_letters(platform, None) == []


def test_a_message_that_was_redacted_cannot_be_replayed(platform: Platform) -> None:
    with platform.database.transaction() as connection:
        bury(connection, b"a secret", redacted=b"[secret]")
        letter = only(connection)
    ((_, why),) = replay_letters(platform, [letter.id])
    assert why is not None
    assert "redacted" in why
    assert pending(platform.settings) == (0, 0)


def test_a_letter_that_is_not_there(platform: Platform) -> None:
    unknown: UUID = uuid4()
    assert replay_letters(platform, [unknown]) == [(unknown, "dead letter not found")]
