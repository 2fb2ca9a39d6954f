"""No two runs work on a report at once, whoever started them."""

from __future__ import annotations

import threading
from uuid import UUID, uuid4

import pytest

from signal_pipeline.settings import Settings
from signal_pipeline.storage.claims import claim, give_up, hold_claims, let_go
from signal_pipeline.storage.database import Database
from signal_pipeline_tests.storage.tables import new_report


@pytest.fixture
def reports(database: Database) -> list[UUID]:
    with database.transaction() as connection:
        return [new_report(connection) for _ in range(4)]


def test_what_one_run_has_no_other_gets(database: Database, reports: list[UUID]) -> None:
    nobody = uuid4()
    with database.transaction() as connection:
        first = claim(connection, "run 1", reports[:2], 60)
        assert (first.ours, first.busy, first.unknown) == (frozenset(reports[:2]), {}, frozenset())
        second = claim(connection, "run 2", [*reports[1:], nobody], 60)
        assert second.ours == frozenset(reports[2:])
        assert second.busy == {reports[1]: "run 1"}
        assert second.unknown == {nobody}


def test_what_is_no_longer_held_is_taken_over(database: Database, reports: list[UUID]) -> None:
    with database.transaction() as connection:
        claim(connection, "run 1", reports, 60)
        connection.execute("update report_claims set held_until = now() - interval '1 second'")
        assert claim(connection, "run 2", reports[:1], 60).ours == frozenset(reports[:1])
        hold_claims(connection, "run 1", 60)
        assert claim(connection, "run 2", reports, 60).ours == frozenset(reports), "an expired claim came back to life"


def test_what_a_run_lets_go_is_free(database: Database, reports: list[UUID]) -> None:
    with database.transaction() as connection:
        claim(connection, "run 1", reports, 60)
        let_go(connection, "run 1")
        assert claim(connection, "run 2", reports, 60).ours == frozenset(reports)


def test_what_a_run_gave_up_it_leaves_alone_and_others_may_try(database: Database, reports: list[UUID]) -> None:
    bad, *good = reports
    with database.transaction() as connection:
        claim(connection, "run 1", reports, 60)
        give_up(connection, "run 1", bad, "internal_error: x")
        again = claim(connection, "run 1", reports, 60)
        assert (again.ours, again.given_up) == (frozenset(good), {bad: "internal_error: x"})
        let_go(connection, "run 1")
        assert claim(connection, "run 1", reports, 60).given_up == {bad: "internal_error: x"}
        let_go(connection, "run 1")
        other = claim(connection, "run 2", reports, 60)
        assert (other.ours, other.given_up) == (frozenset(reports), {})


def test_runs_that_claim_at_once_share_without_overlap(
    settings: Settings, database: Database, reports: list[UUID]
) -> None:
    begin = threading.Barrier(4)
    taken: dict[str, frozenset[UUID]] = {}

    def work(run: str) -> None:
        with Database(settings, max_size=1) as own:
            begin.wait(20)
            with own.transaction() as connection:
                taken[run] = claim(connection, run, reports[::-1], 60).ours

    threads = [threading.Thread(target=work, args=(f"run {number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(report for ours in taken.values() for report in ours) == sorted(reports)
