"""Who works on what now: attempts with their leases, and Dagster's runs as its own table has them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg
from psycopg.rows import class_row


@dataclass(frozen=True)
class Attempt:
    """An attempt in progress. `lease_seconds` is how long its lease still holds; below zero it is overdue."""

    report_id: UUID
    title: str | None
    attempt: int
    progress: int
    started_at: datetime | None
    lease_seconds: float
    dagster_run_id: str | None


@dataclass(frozen=True)
class Run:
    """A run that has not ended."""

    run_id: str
    job: str
    status: str
    created_at: datetime


def attempts(connection: psycopg.Connection, limit: int = 50) -> list[Attempt]:
    """The oldest first."""
    with connection.cursor(row_factory=class_row(Attempt)) as cursor:
        return cursor.execute(
            "select i.report_id, r.title, i.attempt, i.progress, i.started_at, i.dagster_run_id,"
            " extract(epoch from i.lease_until - now())::double precision as lease_seconds"
            " from intake i join reports r on r.id = i.report_id where i.state = 'RUNNING'"
            " order by i.started_at limit %s",
            (limit,),
        ).fetchall()


def open_runs(dagster_connection: psycopg.Connection, limit: int = 50) -> list[Run]:
    """The oldest first; none where Dagster never ran."""
    try:
        with dagster_connection.cursor(row_factory=class_row(Run)) as cursor:
            return cursor.execute(
                "select run_id, pipeline_name as job, status, create_timestamp as created_at from runs"
                " where status in ('QUEUED', 'NOT_STARTED', 'STARTING', 'STARTED', 'CANCELING')"
                " order by id limit %s",
                (limit,),
            ).fetchall()
    except psycopg.errors.UndefinedTable:
        return []
