"""The intake table: attempts that are fenced, failures that end, requests that are opened again."""

from __future__ import annotations

from uuid import UUID

import psycopg
import pytest

from signal_pipeline.storage import intake
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.intake import Lease, lease_due
from signal_pipeline.storage.reports import content_digest, signals_of
from signal_pipeline_tests.storage.tables import (
    batched,
    cancelled,
    completed,
    leased,
    requested,
    value,
)


def fail(
    connection: psycopg.Connection,
    lease: Lease,
    *,
    transient: bool = True,
    delay: float = 0.0,
    beside_others: bool = False,
    max_attempts: int = 3,
) -> str:
    return intake.fail(
        connection,
        lease,
        error="some_reason: a detail",
        transient=transient,
        max_attempts=max_attempts,
        retry_delay_seconds=delay,
        beside_others=beside_others,
    )


def state(connection: psycopg.Connection, lease: Lease) -> str:
    return intake.status_of_request(connection, lease.intake_id)


def test_asking_again_for_the_same_content_changes_nothing(database: Database) -> None:
    with database.transaction() as connection:
        report = requested(connection)
        before = value(connection, "select intake::text from intake")
        assert not intake.accept(connection, report, content_digest(signals_of(connection, report)))
        assert value(connection, "select intake::text from intake") == before


def test_a_failure_of_an_attempt_that_was_taken_over_changes_nothing(database: Database) -> None:
    with database.transaction() as connection:
        requested(connection)
        old = leased(connection)
        assert fail(connection, old) == "PENDING"
        assert leased(connection).attempt == old.attempt + 1
        before = value(connection, "select intake::text from intake")
        assert fail(connection, old) == "RUNNING"
        assert value(connection, "select intake::text from intake") == before


def test_what_failed_beside_others_is_tried_alone_at_once_though_it_looks_permanent(database: Database) -> None:
    with database.transaction() as connection:
        requested(connection)
        first = leased(connection)
        assert fail(connection, first, transient=False, beside_others=True, delay=1000) == "PENDING"
        second = leased(connection)
        assert (second.failures, second.alone) == (1, True)
        assert fail(connection, second, transient=False) == "DEAD"


def test_cancelling_ends_what_waits_and_what_runs(database: Database) -> None:
    with database.transaction() as connection:
        waiting, running, finished = (requested(connection) for _ in range(3))
        leases = {lease.report_id: lease for lease in lease_due(connection, 3, 60)}
        completed(connection, leases[finished])
        assert fail(connection, leases[waiting]) == "PENDING"
        assert intake.cancel_requests(connection, waiting, "by hand") == ["PENDING"]
        assert intake.cancel_requests(connection, running, "by hand") == ["RUNNING"]
        assert intake.cancel_requests(connection, finished, "by hand") == []
        states = dict(connection.execute("select report_id, state from intake").fetchall())
    assert states == {waiting: "CANCELLED", running: "CANCELLED", finished: "COMPLETED"}


def test_pauses_stop_growing(database: Database) -> None:
    pauses = []
    with database.transaction() as connection:
        requested(connection)
        for _ in range(6):
            fail(connection, leased(connection), delay=100.0, max_attempts=9)
            pauses.append(value(connection, "select extract(epoch from due_at - now())::float from intake"))
            connection.execute("update intake set due_at = now() where state = 'PENDING'")
    assert all(2000 <= pause <= 3000 for pause in pauses[2:])


def test_what_failed_in_one_batch_is_due_again_at_one_time(database: Database) -> None:
    due: dict[UUID, set[object]] = {}
    with database.transaction() as connection:
        for _ in range(9):
            requested(connection)
        leases = lease_due(connection, 9, 60)
        for start in (0, 3, 6):
            batch = batched(connection, *leases[start : start + 3])
            for lease in batch.leases:
                fail(connection, lease, delay=1000.0)
                row = connection.execute("select due_at from intake where id = %s", (lease.intake_id,)).fetchone()
                due.setdefault(batch.id, set()).update(row or ())
    assert [len(times) for times in due.values()] == [1, 1, 1]
    assert len(set.union(*due.values())) > 1, "not all batches at once"


def test_failures_are_tried_again_with_growing_pauses_and_then_end(database: Database) -> None:
    pauses = []
    with database.transaction() as connection:
        requested(connection)
        for expected in ("PENDING", "PENDING", "DEAD"):
            lease = leased(connection)
            assert fail(connection, lease, delay=100.0) == expected
            pauses.append(value(connection, "select extract(epoch from due_at - now())::float from intake"))
            connection.execute("update intake set due_at = now() where state = 'PENDING'")
        assert value(connection, "select attempt from intake") == 3
        assert value(connection, "select (finished_at is not null and lease_until is null) from intake") is True
        assert lease_due(connection, 10, 60) == []
    assert 80 <= pauses[0] <= 120
    assert 400 <= pauses[1] <= 600


def test_a_failure_for_good_is_not_tried_again(database: Database) -> None:
    with database.transaction() as connection:
        requested(connection)
        assert fail(connection, leased(connection), transient=False) == "DEAD"
        assert (
            value(connection, "select reason || '|' || last_error from intake") == "some_reason|some_reason: a detail"
        )


def test_a_pause_keeps_a_request_from_being_leased(database: Database) -> None:
    with database.transaction() as connection:
        requested(connection)
        fail(connection, leased(connection), delay=1000)
        assert lease_due(connection, 10, 60) == []


FINISHED = ("COMPLETED", "DEAD", "CANCELLED")


def finish(connection: psycopg.Connection, lease: Lease, how: str) -> None:
    if how == "COMPLETED":
        completed(connection, lease)
    elif how == "DEAD":
        fail(connection, lease, transient=False)
    else:
        cancelled(connection, lease)
    assert state(connection, lease) == how


@pytest.mark.parametrize("how", FINISHED)
def test_a_finished_request_can_be_opened_again_with_all_its_attempts(database: Database, how: str) -> None:
    with database.transaction() as connection:
        requested(connection)
        first = leased(connection)
        finish(connection, first, how)
        assert intake.reopen(connection, first.intake_id)
        assert not intake.reopen(connection, first.intake_id), "it is due already"
        states = []
        numbers = [first.attempt]
        while state(connection, first) != "DEAD":
            lease = leased(connection)
            numbers.append(lease.attempt)
            states.append(fail(connection, lease))
        assert states == ["PENDING", "PENDING", "DEAD"]
        # The fence needs a new number for each attempt.
        assert numbers == sorted(set(numbers))


def test_the_pause_of_a_request_that_was_opened_again_starts_small(database: Database) -> None:
    with database.transaction() as connection:
        requested(connection)
        for _ in range(3):
            lease = leased(connection)
            fail(connection, lease)
        intake.reopen(connection, lease.intake_id)
        assert fail(connection, leased(connection), delay=100.0) == "PENDING"
        assert value(connection, "select extract(epoch from due_at - now())::float from intake") <= 120


def test_a_request_in_work_is_not_opened_again(database: Database) -> None:
    with database.transaction() as connection:
        requested(connection)
        assert not intake.reopen(connection, leased(connection).intake_id)


@pytest.mark.parametrize("how", ["DEAD", "CANCELLED"])
def test_a_rerun_by_hand_completes_what_had_failed(database: Database, how: str) -> None:
    with database.transaction() as connection:
        report = requested(connection)
        lease = leased(connection)
        finish(connection, lease, how)
        intake.settle_rerun(connection, report, "run 9")
        (status,) = intake.statuses(connection, report)
        assert (status.state, status.progress, status.dagster_run_id, status.last_error) == (
            "COMPLETED",
            100,
            "run 9",
            None,
        )


def test_a_rerun_by_hand_leaves_others_alone(database: Database) -> None:
    with database.transaction() as connection:
        other = requested(connection)
        lease = leased(connection)
        waiting = requested(connection)
        for report in (other, waiting):
            before = value(connection, "select intake::text from intake where report_id = %s", report)
            intake.settle_rerun(connection, report, "run 9")
            assert value(connection, "select intake::text from intake where report_id = %s", report) == before
        assert state(connection, lease) == "RUNNING"


def test_the_history_tells_every_step(database: Database) -> None:
    with database.transaction() as connection:
        report = requested(connection)
        fail(connection, leased(connection))
        completed(connection, leased(connection), "1 of 2 files not readable")
        steps = connection.execute("select from_state, to_state, attempt from intake_history order by id").fetchall()
        assert steps == [
            (None, "PENDING", 0),
            ("PENDING", "RUNNING", 1),
            ("RUNNING", "FAILED", 1),
            ("FAILED", "PENDING", 1),
            ("PENDING", "RUNNING", 2),
            ("RUNNING", "COMPLETED", 2),
        ]
        (status,) = intake.statuses(connection, report)
        assert status.reason == "1 of 2 files not readable"


def test_a_request_of_a_deleted_report_is_gone(database: Database) -> None:
    with database.transaction() as connection:
        report: UUID = requested(connection)
        lease = leased(connection)
        connection.execute("delete from reports where id = %s", (report,))
        assert state(connection, lease) == "DELETED"
