"""Leases that share a run: held, ended and fenced together."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import psycopg
import pytest

from signal_pipeline.storage import batches
from signal_pipeline.storage.batches import Batch
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.intake import Lease, cancel_requests, fail, lease_due, status_of_request
from signal_pipeline_tests.storage.tables import batched, leased, requested, value


@pytest.fixture
def batch(database: Database) -> Batch:
    with database.transaction() as connection:
        for _ in range(3):
            requested(connection)
        return batched(connection, *lease_due(connection, 3, 60))


def lose(connection: psycopg.Connection, lease: Lease) -> None:
    """The attempt fails, and the next one is on its way."""
    fail(connection, lease, error="lost: it", transient=True, max_attempts=9, retry_delay_seconds=0)
    batched(connection, leased(connection))


def test_a_run_takes_over_what_its_batch_still_has(database: Database, batch: Batch) -> None:
    lost, *kept = batch.leases
    with database.transaction() as connection:
        lose(connection, lost)
        assert set(batches.begin(connection, batch.id, "run 1", 60)) == set(kept)
        assert set(batches.leases_in(connection, batch.id)) == set(kept)
        assert value(connection, "select count(*) from intake where dagster_run_id = 'run 1'") == 2


def reports(batch: Batch) -> dict[UUID, str | None]:
    return {lease.report_id: None for lease in batch.leases}


LATE: dict[str, Callable[[psycopg.Connection, Batch], object]] = {
    "begin": lambda connection, batch: batches.begin(connection, batch.id, "run", 60),
    "hold": lambda connection, batch: batches.hold(connection, batch.id, 60),
    "advance": lambda connection, batch: batches.advance(connection, batch.id, 80),
    "complete": lambda connection, batch: batches.complete(connection, batch.id, reports(batch)),
    "release": lambda connection, batch: batches.release(connection, batch.id),
    "cancel": lambda connection, batch: batches.cancel(connection, batch.id, "late"),
}


@pytest.mark.parametrize("late", LATE.values(), ids=LATE.keys())
def test_a_batch_whose_attempts_were_taken_over_changes_nothing(
    database: Database, batch: Batch, late: Callable[[psycopg.Connection, Batch], object]
) -> None:
    with database.transaction() as connection:
        for lease in batch.leases:
            lose(connection, lease)
        before = value(connection, "select array_agg(intake::text order by id) from intake")
        late(connection, batch)
        assert value(connection, "select array_agg(intake::text order by id) from intake") == before


def test_a_cancelled_report_leaves_the_batch_and_the_others_stay(database: Database, batch: Batch) -> None:
    gone, *kept = (lease.report_id for lease in batch.leases)
    with database.transaction() as connection:
        cancel_requests(connection, gone, "by hand")
        assert batches.hold(connection, batch.id, 60) == set(kept)
        assert batches.complete(connection, batch.id, reports(batch)) == 2
        assert value(connection, "select state from intake where report_id = %s", gone) == "CANCELLED"


def test_a_lease_that_was_lost_before_it_got_a_batch_stays_out(database: Database) -> None:
    with database.transaction() as connection:
        requested(connection)
        old = leased(connection)
        fail(connection, old, error="lost: it", transient=True, max_attempts=9, retry_delay_seconds=0)
        new = leased(connection)
        late = batched(connection, old)
        assert batches.leases_in(connection, late.id) == []
        assert status_of_request(connection, new.intake_id) == "RUNNING"


def test_each_report_is_completed_with_its_own_reason(database: Database, batch: Batch) -> None:
    first, second, _ = (lease.report_id for lease in batch.leases)
    with database.transaction() as connection:
        assert batches.complete(connection, batch.id, {first: None, second: "no_files"}) == 2
        found = connection.execute(
            "select report_id, reason, progress from intake where state = 'COMPLETED'"
        ).fetchall()
        assert set(found) == {(first, None, 100), (second, "no_files", 100)}
        assert len(batches.leases_in(connection, batch.id)) == 1


def test_progress_never_goes_back_within_an_attempt(database: Database) -> None:
    with database.transaction() as connection:
        requested(connection)
        lease = leased(connection)
        batch = batched(connection, lease)
        for said, kept in ((20, 20), (60, 60), (40, 60)):
            batches.advance(connection, batch.id, said)
            assert value(connection, "select progress from intake") == kept
        lose(connection, lease)
        assert value(connection, "select progress from intake") == 0


def test_what_is_given_back_is_due_at_once_and_no_failure(database: Database, batch: Batch) -> None:
    with database.transaction() as connection:
        assert batches.release(connection, batch.id) == 3
        again = lease_due(connection, 10, 60)
    assert {lease.failures for lease in again} == {0}
    assert {lease.attempt for lease in again} == {2}


def test_a_batch_without_a_heartbeat_has_expired(database: Database, batch: Batch) -> None:
    with database.transaction() as connection:
        (found,) = batches.running_batches(connection)
        assert (found.batch.id, found.run_id, found.expired) == (batch.id, None, False)
        assert set(found.batch.leases) == set(batch.leases)
        batches.begin(connection, batch.id, "run 1", 60)
        connection.execute("update intake set lease_until = now() - interval '1 second'")
        (found,) = batches.running_batches(connection)
        assert (found.run_id, found.expired) == ("run 1", True)
        batches.hold(connection, batch.id, 60)
        assert not batches.running_batches(connection)[0].expired


def test_a_lease_that_never_got_a_batch_is_found_as_well(database: Database) -> None:
    with database.transaction() as connection:
        requested(connection)
        lease = leased(connection)
        assert [found.batch for found in batches.running_batches(connection)] == [Batch(lease.intake_id, (lease,))]
        assert batches.leases_in(connection, uuid4()) == []
