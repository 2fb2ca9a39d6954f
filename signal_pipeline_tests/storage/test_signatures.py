"""Signatures and their counts: derived and never added up, whoever else writes at the same time."""

from __future__ import annotations

import random
import threading
from collections.abc import Mapping
from uuid import UUID

import numpy as np
import psycopg
import pytest

from signal_pipeline.errors import DatabaseRefused, VectorsMixed
from signal_pipeline.processes.termination import wait_until
from signal_pipeline.settings import Settings
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.report_signatures import signatures_of, signatures_of_one
from signal_pipeline.storage.signatures import Contribution, replace_signatures
from signal_pipeline_tests.storage.tables import add_file, new_report, value
from signal_pipeline_tests.storage.vectors import occurrence, signature, vector


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
    replace_signatures(connection, [contribution(connection, report, counts)])


def contribution(connection: psycopg.Connection, report: UUID, counts: Mapping[str, int]) -> Contribution:
    signal = value(connection, "select id from signals where report_id = %s order by created_at limit 1", report)
    return Contribution(
        report,
        [signature(connection, name) for name in counts],
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
        # The first report is the one that was made first, in whatever order they were processed.
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
        # Not even the row's version: a write would enter the vector into the index again.
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
        seen = [occurrence("x", files[0], 3, "low"), occurrence("x", files[1], 4, "critical")]
        replace_signatures(connection, [Contribution(report, [signature(connection, "x")], seen)])
        (found,) = signatures_of_one(connection, report)
        assert (found.signature_hash, found.frequency, found.severity) == ("x", 7, "critical")
        assert found.template == "x went wrong"
        np.testing.assert_array_equal(found.vector, vector("x"))
        assert value(connection, "select severity from error_signatures") == "critical"


def test_each_report_sees_its_own_numbers(database: Database, reports: list[UUID]) -> None:
    a, b, c = reports
    with database.transaction() as connection:
        contribute(connection, a, {"shared": 2})
        contribute(connection, b, {"shared": 5, "only b": 1})
        assert [(s.signature_hash, s.frequency) for s in signatures_of_one(connection, b)] == [
            ("only b", 1),
            ("shared", 5),
        ]
        assert [s.frequency for s in signatures_of_one(connection, a)] == [2]
        assert signatures_of_one(connection, c) == []


def test_another_model_replaces_the_vector(database: Database, reports: list[UUID]) -> None:
    with database.transaction() as connection:
        signal = value(connection, "select id from signals where report_id = %s", reports[0])
        contribute(connection, reports[0], {"x": 1})
        other = signature(connection, "x", turn=1, model="another model")
        replace_signatures(connection, [Contribution(reports[0], [other], [occurrence("x", signal)])])
        np.testing.assert_array_equal(signatures_of_one(connection, reports[0])[0].vector, vector("x", turn=1))


def test_a_report_keeps_the_vectors_of_its_own_model(database: Database, reports: list[UUID]) -> None:
    """Another report that has been embedded with another model does not mix the two."""
    a, b, _ = reports
    with database.transaction() as connection:
        contribute(connection, a, {"shared": 2, "only a": 1})
        signal = value(connection, "select id from signals where report_id = %s", b)
        newer = signature(connection, "shared", model="another model")
        replace_signatures(connection, [Contribution(b, [newer], [occurrence("shared", signal)])])
        found = {row.signature_hash: row.vector for row in signatures_of_one(connection, a)}
        np.testing.assert_array_equal(found["shared"], vector("shared"))
        np.testing.assert_array_equal(found["only a"], vector("only a"))
        connection.execute("delete from embedding_store where model_version = 'a model'")
        answers = signatures_of(connection, [a, b])
        assert isinstance(answers[a], VectorsMixed)
        assert len(answers[b]) == 1, "one report does not hold up the other"  # type: ignore[arg-type]


def test_a_signature_without_a_vector_is_refused(database: Database, reports: list[UUID]) -> None:
    with database.transaction() as connection:
        missing = contribution(connection, reports[0], {"x": 1})
        connection.execute("delete from embedding_store")
    with pytest.raises(DatabaseRefused, match="embedding"), database.transaction() as connection:
        replace_signatures(connection, [missing])


def test_many_reports_at_once_are_the_same_as_one_by_one(database: Database, reports: list[UUID]) -> None:
    a, b, c = reports
    counts = {a: {"shared": 2, "only a": 1}, b: {"shared": 5}, c: {"shared": 1, "only c": 7}}
    with database.transaction() as connection:
        for report, own in counts.items():
            contribute(connection, report, own)
        one_by_one = stored(connection)
        contribute(connection, a, {})
        contribute(connection, b, {})
        contribute(connection, c, {})
        assert stored(connection) == {}
        replace_signatures(connection, [contribution(connection, report, own) for report, own in counts.items()])
        assert stored(connection) == one_by_one
        replace_signatures(connection, [contribution(connection, a, {}), contribution(connection, c, {"shared": 4})])
        assert stored(connection) == {"shared": (9, b)}


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
    with database.transaction() as connection:
        for name in names:
            signature(connection, name)  # vectors are stored before, in a transaction of their own
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
