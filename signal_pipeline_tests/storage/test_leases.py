"""Leases of the intake: never the same request twice, one request of a report at a time, the urgent first."""

from __future__ import annotations

import threading

from signal_pipeline.storage import intake
from signal_pipeline.storage.claims import claim, let_go
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.intake import Lease, lease_due
from signal_pipeline.storage.reports import content_digest, signals_of
from signal_pipeline_tests.storage.tables import (
    add_file,
    completed,
    leased,
    new_report,
    requested,
)


def test_two_connections_at_once_never_lease_the_same_request(database: Database) -> None:
    with database.transaction() as connection:
        reports = {requested(connection) for _ in range(10)}
    with database.transaction() as first, database.transaction() as second:
        here = lease_due(first, 6, 60)
        there = lease_due(second, 10, 60)
    assert len(here) == 6
    assert len(there) == 4
    assert {lease.report_id for lease in here + there} == reports


def test_many_threads_lease_each_request_once(settings, database: Database) -> None:
    with database.transaction() as connection:
        reports = [requested(connection) for _ in range(60)]
    taken: list[Lease] = []
    begin = threading.Barrier(6)

    def work() -> None:
        with Database(settings, max_size=1) as own:
            begin.wait(20)
            while True:
                with own.transaction() as connection:
                    leases = lease_due(connection, 3, 60)
                if not leases:
                    return
                taken.extend(leases)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with database.transaction() as connection:
        taken += lease_due(connection, 100, 60)  # those that were locked when the threads gave up
    assert sorted(lease.report_id for lease in taken) == sorted(reports)
    assert {lease.attempt for lease in taken} == {1}


def test_a_report_is_processed_by_one_request_at_a_time_in_order(database: Database) -> None:
    with database.transaction() as connection:
        report = requested(connection)
    with database.transaction() as connection:
        add_file(connection, report)
        assert intake.accept(connection, report, content_digest(signals_of(connection, report)))
    with database.transaction() as connection:
        first = leased(connection)
        assert lease_due(connection, 10, 60) == []
        completed(connection, first)
        second = leased(connection)
        assert (first.report_id, second.report_id) == (report, report)
        assert first.intake_id != second.intake_id


def test_two_requests_of_one_report_are_not_leased_by_two_connections(database: Database) -> None:
    with database.transaction() as connection:
        report = requested(connection)
    with database.transaction() as connection:
        add_file(connection, report)
        intake.accept(connection, report, content_digest(signals_of(connection, report)))
    with database.transaction() as first, database.transaction() as second:
        assert len(lease_due(first, 10, 60)) == 1
        assert lease_due(second, 10, 60) == []


def test_the_urgent_is_leased_before_what_waits_longer(database: Database) -> None:
    with database.transaction() as connection:
        patient = requested(connection)
    with database.transaction() as connection:
        urgent = new_report(connection)
        assert intake.accept(connection, urgent, "digest", priority=5)
        assert [lease.report_id for lease in lease_due(connection, 1, 60)] == [urgent]
        assert [lease.report_id for lease in lease_due(connection, 2, 60)] == [patient]


def test_a_report_that_a_run_holds_is_not_leased_until_it_lets_go(database: Database) -> None:
    with database.transaction() as connection:
        report = requested(connection)
        claim(connection, "a run that a person started", [report], 60)
    with database.transaction() as connection:
        assert lease_due(connection, 10, 60) == []
        let_go(connection, "a run that a person started")
    with database.transaction() as connection:
        assert leased(connection).report_id == report
