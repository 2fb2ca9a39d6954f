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

from signal_pipeline.storage.dependencies import IS_FREE, set_dependencies
from signal_pipeline.work_order import DEFAULT_KIND, WorkOrder

# Of the kinds that are served, and not waiting for a report that is still to be completed.
_SERVED = f"(%(kinds)s::text[] = '{{}}' or kind = any(%(kinds)s)) and {IS_FREE}"
PAUSE_GROWTH = 5
# A pause that grew on with each of many attempts would soon be weeks.
MOST_GROWTHS = 2


@dataclass(frozen=True)
class Lease:
    """One attempt at one request: whoever holds it may work on the report until the lease runs out.

    `failures` counts the attempts that failed since the request was last opened; `alone`: it failed beside others, and
    is tried by itself now. `config`: what the request set for its run, as JSON in one spelling for equal configs.
    """

    intake_id: UUID
    report_id: UUID
    attempt: int
    failures: int = 0
    alone: bool = False
    priority: int = 0
    kind: str = DEFAULT_KIND
    config: str | None = None


@dataclass(frozen=True)
class InProgress:
    """Reports in work, the batches that they are in, and how many of those are for several reports."""

    reports: int
    batches: int
    shared_batches: int


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
    kind: str
    priority: int
    depends_on: list[UUID]


def accept(connection: psycopg.Connection, report_id: UUID, digest: str, order: WorkOrder | None = None) -> bool:
    """Record a request; False when the same content was asked for before.

    Then nothing changes, unless an order is given and the request has not been started: it takes the new order.
    """
    given = order or WorkOrder()
    row = connection.execute(
        "insert into intake (report_id, content_digest, kind, priority, due_at, config)"
        " values (%(report)s, %(digest)s, %(kind)s, %(priority)s, greatest(now(), %(not_before)s::timestamptz),"
        " %(config)s) on conflict (report_id, content_digest) do update set kind = excluded.kind,"
        " priority = excluded.priority, due_at = excluded.due_at, config = excluded.config"
        " where %(is_given)s and intake.state = 'PENDING' and intake.attempt = 0 returning id, xmax = 0",
        {
            "report": report_id,
            "digest": digest,
            "kind": given.kind,
            "priority": int(given.priority),
            "not_before": given.not_before,
            "config": given.config_json,
            "is_given": order is not None,
        },
    ).fetchone()
    if row is None:
        return False
    is_new = bool(row[1])
    if given.depends_on or not is_new:
        set_dependencies(connection, row[0], given.depends_on)
    return is_new


def lease_due(
    connection: psycopg.Connection, limit: int, lease_seconds: float, kinds: Sequence[str] = ()
) -> list[Lease]:
    """Take up to `limit` requests of these kinds (none: all) that are due, the most urgent first. Another process never
    gets the same ones.

    A report is leased only when what it depends on is completed, no other request of it runs and no run holds it: not a
    person's, and not one whose worker died a moment ago. To meet such a run would cost the attempt.
    """
    rows = connection.execute(
        f"""
        with due as (
            select id, row_number() over (order by priority desc, due_at, created_at, id) as place from (
                select id, priority, due_at, created_at from intake candidate
                where state = 'PENDING' and due_at <= now() and {_SERVED}
                  and not exists (
                    select from intake other where other.report_id = candidate.report_id and other.state = 'RUNNING')
                  and not exists (
                    select from report_claims held where held.report_id = candidate.report_id
                    and held.held_until > now())
                  and not exists (
                    select from intake older where older.report_id = candidate.report_id and older.state = 'PENDING'
                    and (older.created_at, older.id) < (candidate.created_at, candidate.id))
                order by priority desc, due_at, created_at, id limit %(limit)s
                for update skip locked
            ) urgent
        ), leased as (
            update intake set state = 'RUNNING', attempt = attempt + 1, progress = 0, reason = null,
                finished_at = null, lease_until = now() + make_interval(secs => %(seconds)s), started_at = now(),
                dagster_run_id = null, batch_id = null
            from due where intake.id = due.id
            returning intake.id, intake.report_id, intake.attempt, intake.failures, intake.alone, intake.priority,
                intake.kind, intake.config, due.place
        )
        select id, report_id, attempt, failures, alone, priority, kind, config from leased order by place
        """.encode(),
        {"limit": limit, "seconds": lease_seconds, "kinds": list(kinds)},
    ).fetchall()
    return [Lease(*row) for row in rows]


def waiting_count(connection: psycopg.Connection, kinds: Sequence[str] = ()) -> int:
    """Requests of these kinds (none: all) that are due now and wait for no other report."""
    row = connection.execute(
        f"select count(*) from intake candidate where state = 'PENDING' and due_at <= now() and {_SERVED}".encode(),
        {"kinds": list(kinds)},
    ).fetchone()
    return int(row[0]) if row else 0


def in_progress(connection: psycopg.Connection) -> InProgress:
    with connection.cursor(row_factory=class_row(InProgress)) as cursor:
        found = cursor.execute(
            "select coalesce(sum(size), 0)::int as reports, count(*) as batches,"
            " count(*) filter (where size > 1) as shared_batches from"
            " (select count(*) as size from intake where state = 'RUNNING' group by coalesce(batch_id, id)) each"
        ).fetchone()
    assert found is not None
    return found


def fail(
    connection: psycopg.Connection,
    lease: Lease,
    *,
    error: str,
    transient: bool,
    max_attempts: int,
    retry_delay_seconds: float,
    beside_others: bool = False,
) -> str:
    """Record a failed attempt and return the state after it: PENDING (tried again later) or DEAD.

    The pause after a transient fault is `retry_delay_seconds`, five times as long after the second failure and 25 times
    after every later one, plus or minus a fifth: the same for all of a batch, so that neighbours can share a run again.
    What failed `beside_others` gets another attempt by itself even if the fault looks permanent: then nobody else can
    have caused it, and Dagster shows the failure on this report and no other. An attempt that is not the current one
    changes nothing and returns the state as it is.
    """
    row = connection.execute(
        "update intake set state = 'FAILED', failures = failures + 1, last_error = %s, reason = %s, lease_until = null,"
        " alone = alone or %s where id = %s and attempt = %s and state = 'RUNNING' returning failures",
        (error, error.split(":", 1)[0], beside_others, lease.intake_id, lease.attempt),
    ).fetchone()
    if row is None:
        return status_of_request(connection, lease.intake_id)
    failures = int(row[0])
    if (transient or beside_others) and failures < max_attempts:
        pause = retry_delay_seconds * PAUSE_GROWTH ** min(failures - 1, MOST_GROWTHS) if transient else 0.0
        connection.execute(
            "update intake set state = 'PENDING', progress = 0, due_at = now() + make_interval(secs => %s)"
            " * (0.8 + 0.4 * (hashtext(coalesce(batch_id, id)::text) & 1023) / 1023.0) where id = %s",
            (pause, lease.intake_id),
        )
        return "PENDING"
    connection.execute("update intake set state = 'DEAD', finished_at = now() where id = %s", (lease.intake_id,))
    return "DEAD"


def cancel_requests(connection: psycopg.Connection, report_id: UUID, reason: str) -> list[str]:
    """Cancel pending or running requests; returns their states. A running one notices at its next heartbeat."""
    rows = connection.execute(
        "with open as (select id, state from intake where report_id = %s and state in ('PENDING', 'RUNNING', 'FAILED')"
        " for update)"
        " update intake set state = 'CANCELLED', reason = %s, lease_until = null, finished_at = now()"
        " from open where intake.id = open.id returning open.state",
        (report_id, reason),
    ).fetchall()
    return [str(row[0]) for row in rows]


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


def reopen(connection: psycopg.Connection, intake_id: UUID, reason: str = "replayed") -> bool:
    """Make a finished request due again, with all its attempts; False when it is not finished."""
    row = connection.execute(
        "update intake set state = 'PENDING', progress = 0, failures = 0, alone = false, reason = %s,"
        " due_at = now(), finished_at = null"
        " where id = %s and state in ('COMPLETED', 'DEAD', 'CANCELLED', 'FAILED') returning id",
        (reason, intake_id),
    ).fetchone()
    return row is not None


def statuses(connection: psycopg.Connection, report_id: UUID) -> list[IntakeStatus]:
    """All requests for a report, newest first."""
    with connection.cursor(row_factory=class_row(IntakeStatus)) as cursor:
        return cursor.execute(
            "select id, report_id, state, attempt, progress, reason, last_error, dagster_run_id, created_at, due_at,"
            " started_at, finished_at, kind, priority, array(select needed.report_id from intake_dependencies needed"
            " where needed.intake_id = intake.id order by needed.report_id) as depends_on"
            " from intake where report_id = %s order by created_at desc, id",
            (report_id,),
        ).fetchall()


def status_of_request(connection: psycopg.Connection, intake_id: UUID) -> str:
    row = connection.execute("select state from intake where id = %s", (intake_id,)).fetchone()
    return str(row[0]) if row else "DELETED"
