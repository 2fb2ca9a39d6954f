"""Leases of the intake: never the same request twice, one request of a report at a time, the urgent first."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from signal_pipeline.storage import intake
from signal_pipeline.storage.claims import claim, let_go
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.dependencies import FAILED_REASON, cancel_hopeless, would_wait_for_itself
from signal_pipeline.storage.intake import Lease, lease_due
from signal_pipeline.storage.reports import content_digest, signals_of
from signal_pipeline.work_order import DEFAULT_KIND, Priority, WorkOrder, parse_work_order
from signal_pipeline_tests.storage.tables import (
    add_file,
    completed,
    leased,
    new_report,
    requested,
)

SMALLER = {"clusters": {"similarity_threshold": 0.2}}


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
        assert intake.accept(connection, urgent, "digest", WorkOrder(priority=Priority.interactive))
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


def test_priorities_kinds_and_times_decide_what_is_leased(database: Database) -> None:
    orders = {
        "patient": WorkOrder(priority=Priority.backfill),
        "usual": None,
        "urgent": WorkOrder(priority=Priority.interactive),
        "tomorrow": WorkOrder(priority=Priority.interactive, not_before=datetime.now(UTC) + timedelta(days=1)),
        "elsewhere": WorkOrder(kind="nightly", config=parse_work_order({"config": SMALLER}).config),
    }
    with database.transaction() as connection:
        reports = {name: new_report(connection) for name in orders}
        for name, order in orders.items():
            assert intake.accept(connection, reports[name], "digest", order)
        assert intake.waiting_count(connection, [DEFAULT_KIND]) == 3
        assert intake.waiting_count(connection) == 4
        here = lease_due(connection, 10, 60, [DEFAULT_KIND])
        assert [lease.report_id for lease in here] == [reports[name] for name in ("urgent", "usual", "patient")]
        (there,) = lease_due(connection, 10, 60, ["nightly", "weekly"])
        assert (there.report_id, there.kind) == (reports["elsewhere"], "nightly")
        assert there.config == '{"clusters": {"similarity_threshold": 0.2}}'
        assert lease_due(connection, 10, 60) == []


def test_an_order_replaces_another_until_the_work_begins(database: Database) -> None:
    with database.transaction() as connection:
        report, needed = new_report(connection), new_report(connection)
        assert intake.accept(connection, report, "digest", WorkOrder(kind="nightly", depends_on=(needed,)))
        # A message without an order, as it is delivered again, changes nothing.
        assert not intake.accept(connection, report, "digest")
        assert intake.statuses(connection, report)[0].depends_on == [needed]
        assert not intake.accept(connection, report, "digest", WorkOrder(priority=Priority.interactive))
        (changed,) = intake.statuses(connection, report)
        assert (changed.kind, changed.priority, changed.depends_on) == (DEFAULT_KIND, Priority.interactive, [])
        assert leased(connection).report_id == report
        assert not intake.accept(connection, report, "digest", WorkOrder(kind="weekly"))
        assert intake.statuses(connection, report)[0].kind == DEFAULT_KIND


def test_a_request_waits_until_what_it_depends_on_is_completed(database: Database) -> None:
    with database.transaction() as connection:
        first, then, last = new_report(connection), new_report(connection), new_report(connection)
        assert intake.accept(connection, last, "digest", WorkOrder(depends_on=(first, then)))
        assert intake.accept(connection, then, "digest", WorkOrder(depends_on=(first,)))
        assert lease_due(connection, 10, 60) == [], "the first one was not asked for yet"
        assert cancel_hopeless(connection) == 0
        assert intake.accept(connection, first, "digest")
        for report in (first, then, last):
            assert intake.waiting_count(connection) == 1
            lease = leased(connection)
            assert lease.report_id == report
            completed(connection, lease)


def test_who_waits_for_what_will_never_be_completed_is_cancelled(database: Database) -> None:
    with database.transaction() as connection:
        first, then, last, other = (new_report(connection) for _ in range(4))
        assert intake.accept(connection, first, "digest")
        assert intake.accept(connection, then, "digest", WorkOrder(depends_on=(first,)))
        assert intake.accept(connection, last, "digest", WorkOrder(depends_on=(then,)))
        assert intake.accept(connection, other, "digest", WorkOrder(depends_on=(uuid4(),)))
        intake.cancel_requests(connection, first, "test")
        assert [cancel_hopeless(connection) for _ in range(3)] == [2, 1, 0]
        assert lease_due(connection, 10, 60) == []
        for report in (then, last, other):
            (status,) = intake.statuses(connection, report)
            assert (status.state, status.reason) == ("CANCELLED", FAILED_REASON)
        # A retry of both goes its way again.
        for report in (first, then):
            assert intake.reopen(connection, intake.statuses(connection, report)[0].id)
        completed(connection, leased(connection))
        assert leased(connection).report_id == then


def test_nobody_waits_for_itself(database: Database) -> None:
    with database.transaction() as connection:
        one, two, three = (new_report(connection) for _ in range(3))
        assert intake.accept(connection, two, "digest", WorkOrder(depends_on=(one,)))
        assert intake.accept(connection, three, "digest", WorkOrder(depends_on=(two,)))
        assert would_wait_for_itself(connection, one, [three])
        assert would_wait_for_itself(connection, one, [one])
        assert not would_wait_for_itself(connection, three, [one])
        assert not would_wait_for_itself(connection, one, [])
