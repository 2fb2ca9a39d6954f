"""Signatures and their counts: derived and never added up, whoever else writes at the same time."""

from __future__ import annotations

import random
import threading
from collections.abc import Mapping
from uuid import UUID

import numpy as np
import psycopg
import pytest

from signal_pipeline.local.ending import wait_until
from signal_pipeline.settings import Settings
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.signatures import replace_signatures, vectors_of
from signal_pipeline_tests.storage.tables import add_file, new_report, value
from signal_pipeline_tests.storage.vectors import occurrence, signature


@pytest.fixture
def reports(database: Database) -> list[UUID]:
    """Three, in the order in which they were made."""
    found = []
    for _ in range(3):
        with database.transaction() as connection:
            found.append(new_report(connection))
    return found


def contribute(connection: psycopg.Connection, report: UUID, counts: Mapping[str, int]) -> None:
    """The report has these signatures, each so often, all in its first file."""
    signal = value(connection, "select id from signals where report_id = %s order by created_at limit 1", report)
    replace_signatures(
        connection,
        report,
        [signature(name) for name in counts],
        [occurrence(name, signal, count) for name, count in counts.items()],
    )


def stored(connection: psycopg.Connection) -> dict[str, tuple[int, UUID]]:
    return {
        row[0]: (row[1], row[2])
        for row in connection.execute("select signature_hash, frequency, report_id from error_signatures")
    }


def test_a_shared_signature_counts_the_occurrences_of_all_reports(database: Database, reports: list[UUID]) -> None:
    a, b, _ = reports
    with database.transaction() as connection:
        contribute(connection, b, {"shared": 5, "only b": 1})
        contribute(connection, a, {"shared": 2})
        # The first report is the one that was made first, in whatever order they were worked.
        assert stored(connection) == {"shared": (7, a), "only b": (1, b)}


def test_a_rerun_changes_nothing(database: Database, reports: list[UUID]) -> None:
    a, b, _ = reports
    with database.transaction() as connection:
        contribute(connection, a, {"shared": 2})
        contribute(connection, b, {"shared": 5})
    with database.transaction() as connection:
        before = connection.execute("select s::text, s.xmin::text from error_signatures s").fetchall()
    with database.transaction() as connection:
        contribute(connection, a, {"shared": 2})
    with database.transaction() as connection:
        # Not even the row's version: a write would enter the vector into the index anew.
        assert connection.execute("select s::text, s.xmin::text from error_signatures s").fetchall() == before


def test_what_a_report_no_longer_has_is_taken_back(database: Database, reports: list[UUID]) -> None:
    a, b, c = reports
    with database.transaction() as connection:
        contribute(connection, a, {"shared": 2, "only a": 9})
        contribute(connection, b, {"shared": 5})
        contribute(connection, c, {"shared": 1})
        contribute(connection, a, {})
        assert stored(connection) == {"shared": (6, b)}
        contribute(connection, a, {"shared": 3})
        assert stored(connection) == {"shared": (9, a)}


def test_the_files_of_a_report_are_summed_and_the_worst_severity_counts(
    database: Database, reports: list[UUID]
) -> None:
    with database.transaction() as connection:
        report = reports[0]
        files = [add_file(connection, report), add_file(connection, report)]
        replace_signatures(
            connection,
            report,
            [signature("x")],
            [occurrence("x", files[0], 3, "low"), occurrence("x", files[1], 4, "critical")],
        )
        (found,) = vectors_of(connection, report)
        assert (found.signature_hash, found.frequency, found.severity) == ("x", 7, "critical")
        assert found.template == "x went wrong"
        np.testing.assert_allclose(found.vector, signature("x").vector, atol=1e-6)


def test_each_report_sees_its_own_numbers(database: Database, reports: list[UUID]) -> None:
    a, b, c = reports
    with database.transaction() as connection:
        contribute(connection, a, {"shared": 2})
        contribute(connection, b, {"shared": 5, "only b": 1})
        assert [(s.signature_hash, s.frequency) for s in vectors_of(connection, b)] == [("only b", 1), ("shared", 5)]
        assert [s.frequency for s in vectors_of(connection, a)] == [2]
        assert vectors_of(connection, c) == []


def test_another_model_replaces_the_vector(database: Database, reports: list[UUID]) -> None:
    with database.transaction() as connection:
        signal = value(connection, "select id from signals where report_id = %s", reports[0])
        contribute(connection, reports[0], {"x": 1})
        other = signature("x", turn=1)
        replace_signatures(connection, reports[0], [other], [occurrence("x", signal)])
        np.testing.assert_allclose(vectors_of(connection, reports[0])[0].vector, other.vector, atol=1e-6)


def test_a_failure_half_way_leaves_what_was_there(database: Database, reports: list[UUID]) -> None:
    with database.transaction() as connection:
        contribute(connection, reports[0], {"x": 1})
    with pytest.raises(ZeroDivisionError), database.transaction() as connection:
        contribute(connection, reports[0], {"y": 1})
        raise ZeroDivisionError
    with database.transaction() as connection:
        assert stored(connection) == {"x": (1, reports[0])}


class Writer(threading.Thread):
    """Contributes in a transaction of its own, and keeps what went wrong."""

    def __init__(self, settings: Settings, report: UUID, rounds: list[dict[str, int]]) -> None:
        super().__init__(daemon=True)
        self._settings, self._report, self._rounds = settings, report, rounds
        self.failure: Exception | None = None

    def run(self) -> None:
        try:
            with Database(self._settings, max_size=1) as own:
                for counts in self._rounds:
                    with own.transaction() as connection:
                        contribute(connection, self._report, counts)
        except Exception as error:  # noqa: BLE001  shown by the test
            self.failure = error


def waiting_for_a_lock(database: Database) -> int:
    """In a transaction of its own: Postgres shows the same activity to the end of one."""
    with database.transaction() as connection:
        return int(
            value(
                connection,
                "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
            )
        )


def test_a_signature_that_one_report_drops_while_another_takes_it_up_stays(
    settings: Settings, database: Database, reports: list[UUID]
) -> None:
    a, b, _ = reports
    with database.transaction() as connection:
        contribute(connection, a, {"shared": 2})
    dropping = Writer(settings, a, [{}])
    with database.transaction() as connection:
        contribute(connection, b, {"shared": 5})
        dropping.start()
        assert wait_until(lambda: waiting_for_a_lock(database) == 1, 60)
    dropping.join(60)
    assert dropping.failure is None
    with database.transaction() as connection:
        assert stored(connection) == {"shared": (5, b)}


def test_a_count_that_two_reports_change_at_once_is_their_sum(
    settings: Settings, database: Database, reports: list[UUID]
) -> None:
    a, b, c = reports
    with database.transaction() as connection:
        contribute(connection, a, {"shared": 2})
        contribute(connection, c, {"shared": 100})
    dropping = Writer(settings, a, [{}])
    with database.transaction() as connection:
        contribute(connection, b, {"shared": 5})
        dropping.start()
        assert wait_until(lambda: waiting_for_a_lock(database) == 1, 60)
    dropping.join(60)
    assert dropping.failure is None
    with database.transaction() as connection:
        assert stored(connection) == {"shared": (105, b)}


def test_reports_that_share_signatures_do_not_block_each_other_for_good(
    settings: Settings, database: Database, reports: list[UUID]
) -> None:
    names = [f"signature {number}" for number in range(40)]
    dice = random.Random(7)
    rounds = [[{name: dice.randint(1, 9) for name in dice.sample(names, 25)} for _ in range(8)] for _ in reports]
    writers = [Writer(settings, report, own) for report, own in zip(reports, rounds, strict=True)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(120)
    assert [writer.failure for writer in writers] == [None] * 3
    expected = {name: sum(own[-1].get(name, 0) for own in rounds) for name in names}
    with database.transaction() as connection:
        assert {name: count for name, (count, _) in stored(connection).items()} == {
            name: count for name, count in expected.items() if count
        }
