"""Which state may follow which: the database itself refuses the rest, whoever asks."""

from __future__ import annotations

import itertools

import psycopg
import pytest

from signal_pipeline.errors import DatabaseRefused
from signal_pipeline.storage.database import Database
from signal_pipeline_tests.storage.tables import new_report, value

STATES = ("PENDING", "RUNNING", "COMPLETED", "FAILED", "CANCELLED", "DEAD")
LEGAL = {
    "PENDING": {"RUNNING", "CANCELLED"},
    "RUNNING": {"COMPLETED", "FAILED", "CANCELLED", "PENDING"},
    "FAILED": {"PENDING", "DEAD", "CANCELLED", "RUNNING"},
    "COMPLETED": {"PENDING"},
    "DEAD": {"PENDING", "RUNNING"},
    "CANCELLED": {"PENDING", "RUNNING"},
}
PAIRS = [pair for pair in itertools.product(STATES, STATES) if pair[0] != pair[1]]


def request_in(connection: psycopg.Connection, state: str) -> None:
    report = new_report(connection)
    connection.execute(
        "insert into intake (report_id, content_digest, state) values (%s, 'digest', %s)", (report, state)
    )


@pytest.mark.parametrize("before", STATES)
def test_every_pair_is_allowed_or_refused(database: Database, before: str) -> None:
    for after in STATES:
        if after == before:
            continue
        with database.transaction() as connection:
            connection.execute("delete from intake")
            request_in(connection, before)
        if after in LEGAL[before]:
            with database.transaction() as connection:
                connection.execute("update intake set state = %s", (after,))
                assert value(connection, "select state from intake") == after
            continue
        with pytest.raises(DatabaseRefused), database.transaction() as connection:
            connection.execute("update intake set state = %s", (after,))
        with database.transaction() as connection:
            assert value(connection, "select state from intake") == before
            assert value(connection, "select count(*) from intake_history where to_state = %s", after) == 0


@pytest.mark.parametrize("word", ["", "pending", "DONE"])
def test_no_other_word_is_a_state(database: Database, word: str) -> None:
    with pytest.raises(DatabaseRefused), database.transaction() as connection:
        request_in(connection, word)


@pytest.mark.parametrize("progress", [-1, 101])
def test_progress_is_a_percentage(database: Database, progress: int) -> None:
    with pytest.raises(DatabaseRefused), database.transaction() as connection:
        request_in(connection, "RUNNING")
        connection.execute("update intake set progress = %s", (progress,))


def test_the_table_of_the_test_is_the_table_of_the_database(database: Database) -> None:
    with database.transaction() as connection:
        stored = set(connection.execute("select from_state, to_state from intake_transitions"))
    assert stored == {(before, after) for before, many in LEGAL.items() for after in many}
