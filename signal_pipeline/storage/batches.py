"""Attempts that share a run: which requests a run may work on, held and ended together.

A request belongs to a batch for one attempt. The functions here touch only rows that are still RUNNING in the batch, so
a run that was overtaken, cancelled or given up no longer changes anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import psycopg

from signal_pipeline.storage.intake import Lease

_LEASE = "id, report_id, attempt, failures, alone, priority, kind, config"


@dataclass(frozen=True)
class Batch:
    """Leases that one run works on."""

    id: UUID
    leases: tuple[Lease, ...]


@dataclass(frozen=True)
class RunningBatch:
    """A batch in progress. `run_id` is None until its run has begun; `expired` when its heartbeat stopped."""

    batch: Batch
    run_id: str | None
    expired: bool


def assign(connection: psycopg.Connection, batches: Sequence[Batch]) -> None:
    """Put leases into their batches. A lease that was lost meanwhile stays out."""
    pairs = [(batch.id, lease) for batch in batches for lease in batch.leases]
    connection.execute(
        "update intake set batch_id = given.batch from unnest(%s::uuid[], %s::uuid[], %s::int[])"
        " as given (id, batch, attempt)"
        " where intake.id = given.id and intake.attempt = given.attempt and state = 'RUNNING'",
        (
            [lease.intake_id for _, lease in pairs],
            [batch_id for batch_id, _ in pairs],
            [lease.attempt for _, lease in pairs],
        ),
    )


def leases_in(connection: psycopg.Connection, batch_id: UUID) -> list[Lease]:
    """The leases that the batch still has."""
    rows = connection.execute(
        f"select {_LEASE} from intake where batch_id = %s and state = 'RUNNING'".encode(),
        (batch_id,),
    ).fetchall()
    return [Lease(*row) for row in rows]


def begin(connection: psycopg.Connection, batch_id: UUID, run_id: str, lease_seconds: float) -> list[Lease]:
    """The run that works on this batch takes over its leases; those that it still has."""
    rows = connection.execute(
        b"update intake set dagster_run_id = %s, lease_until = now() + make_interval(secs => %s)"
        + f" where batch_id = %s and state = 'RUNNING' returning {_LEASE}".encode(),
        (run_id, lease_seconds, batch_id),
    ).fetchall()
    return [Lease(*row) for row in rows]


def hold(connection: psycopg.Connection, batch_id: UUID, lease_seconds: float) -> set[UUID]:
    """Extend the leases; the reports that are still the batch's."""
    rows = connection.execute(
        "update intake set lease_until = now() + make_interval(secs => %s)"
        " where batch_id = %s and state = 'RUNNING' returning report_id",
        (lease_seconds, batch_id),
    ).fetchall()
    return {row[0] for row in rows}


def advance(connection: psycopg.Connection, batch_id: UUID, progress: int) -> None:
    """Progress (0 to 100) never goes back within an attempt."""
    connection.execute(
        "update intake set progress = greatest(progress, %s) where batch_id = %s and state = 'RUNNING'",
        (progress, batch_id),
    )


def complete(connection: psycopg.Connection, batch_id: UUID, reasons: Mapping[UUID, str | None]) -> int:
    """Terminal for the reports in `reasons`, each with what is worth knowing of it; how many were completed."""
    done = connection.execute(
        "update intake set state = 'COMPLETED', progress = 100, reason = given.reason, last_error = null,"
        " lease_until = null, finished_at = now() from unnest(%s::uuid[], %s::text[]) as given (report, reason)"
        " where intake.report_id = given.report and batch_id = %s and state = 'RUNNING'",
        (list(reasons), list(reasons.values()), batch_id),
    )
    return done.rowcount


def release(connection: psycopg.Connection, batch_id: UUID) -> int:
    """Give back what is in progress: due again at once, and no failure. For a run that is told to stop."""
    done = connection.execute(
        "update intake set state = 'PENDING', progress = 0, reason = 'released', lease_until = null, due_at = now()"
        " where batch_id = %s and state = 'RUNNING'",
        (batch_id,),
    )
    return done.rowcount


def cancel(connection: psycopg.Connection, batch_id: UUID, reason: str) -> int:
    """A person stopped the run: nobody wants another attempt."""
    done = connection.execute(
        "update intake set state = 'CANCELLED', reason = %s, lease_until = null, finished_at = now()"
        " where batch_id = %s and state = 'RUNNING'",
        (reason, batch_id),
    )
    return done.rowcount


def running_batches(connection: psycopg.Connection) -> list[RunningBatch]:
    """Every batch in progress, oldest first. A lease that never got into one is a batch of its own, by its own id."""
    rows = connection.execute(
        "select coalesce(batch_id, id), max(dagster_run_id), bool_or(lease_until < now()), array_agg(id order by id),"
        " array_agg(report_id order by id), array_agg(attempt order by id), array_agg(failures order by id),"
        " array_agg(alone order by id), array_agg(priority order by id), array_agg(kind order by id),"
        " array_agg(config order by id)"
        " from intake where state = 'RUNNING' group by 1 order by min(started_at), 1 limit 1000"
    ).fetchall()
    return [
        RunningBatch(Batch(row[0], tuple(map(Lease, *row[3:]))), run_id=row[1], expired=bool(row[2])) for row in rows
    ]
