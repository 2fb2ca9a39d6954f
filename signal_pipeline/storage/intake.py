"""The intake table: which report was asked for, which attempt runs, and how it ended.

Every state change goes through one of these functions; a trigger refuses the rest. Times are the database's own, so
clocks of other machines do not matter. What does not belong here: the broker, and Dagster.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from signal_pipeline.errors import Superseded


@dataclass(frozen=True)
class Lease:
    """One attempt at one request: whoever holds it may work on the report until the lease runs out."""

    intake_id: UUID
    report_id: UUID
    attempt: int


@dataclass(frozen=True)
class IntakeStatus:
    """One request as readers see it. `progress` is 0 to 100."""

    id: UUID
    report_id: UUID
    state: str
    attempt: int
    progress: int
    reason: str | None
    last_error: str | None
    dagster_run_id: str | None
    created_at: datetime
    due_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


def accept(connection: psycopg.Connection, report_id: UUID, digest: str) -> bool:
    """Record a request; False when the same content was asked for before (then nothing changes)."""
    row = connection.execute(
        "insert into intake (report_id, content_digest) values (%s, %s)"
        " on conflict (report_id, content_digest) do nothing returning id",
        (report_id, digest),
    ).fetchone()
    return row is not None


def lease_due(connection: psycopg.Connection, limit: int, lease_seconds: float) -> list[Lease]:
    """Take up to `limit` requests that are due, oldest first. Another process never gets the same ones.

    A report is leased only when no other request of it runs.
    """
    rows = connection.execute(
        """
        with due as (
            select id from intake candidate
            where state = 'PENDING' and due_at <= now()
              and not exists (
                select from intake other where other.report_id = candidate.report_id and other.state = 'RUNNING')
              and not exists (
                select from intake older where older.report_id = candidate.report_id and older.state = 'PENDING'
                and (older.created_at, older.id) < (candidate.created_at, candidate.id))
            order by due_at, created_at limit %s
            for update skip locked
        )
        update intake set state = 'RUNNING', attempt = attempt + 1, progress = 0, reason = null, finished_at = null,
            lease_until = now() + make_interval(secs => %s), started_at = now(), dagster_run_id = null
        from due where intake.id = due.id
        returning intake.id, intake.report_id, intake.attempt
        """,
        (limit, lease_seconds),
    ).fetchall()
    return [Lease(*row) for row in rows]


def running_count(connection: psycopg.Connection) -> int:
    row = connection.execute("select count(*) from intake where state = 'RUNNING'").fetchone()
    return int(row[0]) if row else 0


def hold(connection: psycopg.Connection, lease: Lease, lease_seconds: float) -> None:
    """Extend the lease; Superseded when it is no longer ours."""
    _own(
        connection,
        lease,
        "update intake set lease_until = now() + make_interval(secs => %s)",
        (lease_seconds,),
    )


def begin(connection: psycopg.Connection, lease: Lease, run_id: str, lease_seconds: float) -> None:
    """The run that works on this attempt has started."""
    _own(
        connection,
        lease,
        "update intake set dagster_run_id = %s, lease_until = now() + make_interval(secs => %s)",
        (run_id, lease_seconds),
    )


def advance(connection: psycopg.Connection, lease: Lease, progress: int) -> None:
    """Progress never goes back within an attempt; a request that was completed meanwhile stays as it is."""
    connection.execute(
        "update intake set progress = greatest(progress, %s) where id = %s and attempt = %s and state = 'RUNNING'",
        (progress, lease.intake_id, lease.attempt),
    )


def complete(connection: psycopg.Connection, lease: Lease, reason: str | None) -> None:
    """Terminal. `reason` names problems worth knowing, such as files that could not be read."""
    _own(
        connection,
        lease,
        "update intake set state = 'COMPLETED', progress = 100, reason = %s, last_error = null, lease_until = null,"
        " finished_at = now()",
        (reason,),
    )


def fail(
    connection: psycopg.Connection,
    lease: Lease,
    *,
    error: str,
    transient: bool,
    max_attempts: int,
    retry_delay_seconds: float,
) -> str:
    """Record a failed attempt and return the state after it: PENDING (tried again later) or DEAD.

    The pause is `retry_delay_seconds` times 5 for each failed attempt, plus or minus a fifth. Attempts before the
    request was last opened again do not count. An attempt that is not the current one changes nothing and returns
    the state as it is.
    """
    row = connection.execute(
        "update intake set state = 'FAILED', last_error = %s, reason = %s, lease_until = null"
        " where id = %s and attempt = %s and state = 'RUNNING' returning attempt",
        (error, error.split(":", 1)[0], lease.intake_id, lease.attempt),
    ).fetchone()
    if row is None:
        return status_of_request(connection, lease.intake_id)
    failed = lease.attempt - _attempts_before(connection, lease.intake_id)
    if transient and failed < max_attempts:
        connection.execute(
            "update intake set state = 'PENDING', progress = 0, due_at = now() + make_interval(secs => %s)"
            " * (0.8 + 0.4 * random()) where id = %s",
            (retry_delay_seconds * 5 ** (failed - 1), lease.intake_id),
        )
        return "PENDING"
    connection.execute("update intake set state = 'DEAD', finished_at = now() where id = %s", (lease.intake_id,))
    return "DEAD"


def cancel(connection: psycopg.Connection, lease: Lease, reason: str) -> None:
    """The attempt was cancelled by a person; a lease that is no longer ours is left alone."""
    connection.execute(
        "update intake set state = 'CANCELLED', reason = %s, lease_until = null, finished_at = now()"
        " where id = %s and attempt = %s and state = 'RUNNING'",
        (reason, lease.intake_id, lease.attempt),
    )


def settle_rerun(connection: psycopg.Connection, report_id: UUID, run_id: str) -> None:
    """A re-run from outside the intake succeeded: requests of this report that had failed are completed by it."""
    reopened = connection.execute(
        "update intake set state = 'RUNNING', reason = 're-run', dagster_run_id = %s"
        " where report_id = %s and state in ('FAILED', 'DEAD', 'CANCELLED') returning id",
        (run_id, report_id),
    ).fetchall()
    for (intake_id,) in reopened:
        connection.execute(
            "update intake set state = 'COMPLETED', progress = 100, last_error = null, finished_at = now()"
            " where id = %s",
            (intake_id,),
        )


def reopen(connection: psycopg.Connection, intake_id: UUID) -> bool:
    """Make a finished request due again, with all its attempts; False when it is not finished.

    Attempts are numbered on: the number is in the run key, and Dagster never runs a used key again.
    """
    row = connection.execute(
        "update intake set state = 'PENDING', progress = 0, reason = 'replayed', due_at = now(),"
        " finished_at = null where id = %s and state in ('COMPLETED', 'DEAD', 'CANCELLED', 'FAILED') returning id",
        (intake_id,),
    ).fetchone()
    return row is not None


def overdue(connection: psycopg.Connection) -> list[tuple[Lease, str | None]]:
    """Attempts whose lease ran out, with the Dagster run that last held them."""
    rows = connection.execute(
        "select id, report_id, attempt, dagster_run_id from intake"
        " where state = 'RUNNING' and lease_until < now() order by lease_until limit 1000"
    ).fetchall()
    return [(Lease(row[0], row[1], row[2]), row[3]) for row in rows]


def running(connection: psycopg.Connection) -> list[tuple[Lease, str | None]]:
    """Attempts in progress, with their Dagster run once it has begun."""
    rows = connection.execute(
        "select id, report_id, attempt, dagster_run_id from intake where state = 'RUNNING'"
        " order by started_at limit 1000"
    ).fetchall()
    return [(Lease(row[0], row[1], row[2]), row[3]) for row in rows]


def statuses(connection: psycopg.Connection, report_id: UUID) -> list[IntakeStatus]:
    """All requests for a report, newest first."""
    with connection.cursor(row_factory=class_row(IntakeStatus)) as cursor:
        return cursor.execute(
            "select id, report_id, state, attempt, progress, reason, last_error, dagster_run_id, created_at, due_at,"
            " started_at, finished_at from intake where report_id = %s order by created_at desc, id",
            (report_id,),
        ).fetchall()


def status_of_request(connection: psycopg.Connection, intake_id: UUID) -> str:
    row = connection.execute("select state from intake where id = %s", (intake_id,)).fetchone()
    return str(row[0]) if row else "DELETED"


def _attempts_before(connection: psycopg.Connection, intake_id: UUID) -> int:
    """Attempts made before the request was last opened again; 0 when it never was."""
    row = connection.execute(
        "select coalesce(max(attempt), 0) from intake_history where intake_id = %s and to_state = 'PENDING'"
        " and from_state in ('COMPLETED', 'DEAD', 'CANCELLED')",
        (intake_id,),
    ).fetchone()
    return int(row[0]) if row else 0


def _own(connection: psycopg.Connection, lease: Lease, update: str, values: Sequence[object]) -> None:
    """Run an update that only the holder of the lease may do."""
    statement = f"{update} where id = %s and attempt = %s and state = 'RUNNING' returning id"
    row = connection.execute(statement.encode(), (*values, lease.intake_id, lease.attempt)).fetchone()
    if row is None:
        raise Superseded(f"attempt {lease.attempt} at request {lease.intake_id} was taken over or cancelled")
