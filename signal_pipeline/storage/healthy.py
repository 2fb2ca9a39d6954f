"""Reports that a person marked as healthy: without a fault, so that what they have is background of their source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg


@dataclass(frozen=True)
class Healthy:
    """Who marked the report, and when."""

    by: str
    at: datetime


def mark_healthy(connection: psycopg.Connection, report_id: UUID, *, by: str) -> Healthy | None:
    """The first mark stays. None when there is no such report."""
    row = connection.execute(
        "update reports set healthy_by = coalesce(healthy_by, %s), healthy_at = coalesce(healthy_at, clock_timestamp())"
        " where id = %s returning healthy_by, healthy_at",
        (by, report_id),
    ).fetchone()
    return None if row is None else Healthy(*row)


def unmark_healthy(connection: psycopg.Connection, report_id: UUID) -> bool:
    """Whether there is such a report."""
    return (
        connection.execute(
            "update reports set healthy_by = null, healthy_at = null where id = %s", (report_id,)
        ).rowcount
        > 0
    )


def healthy_of(connection: psycopg.Connection, report_id: UUID) -> Healthy | None:
    row = connection.execute(
        "select healthy_by, healthy_at from reports where id = %s and healthy_at is not null", (report_id,)
    ).fetchone()
    return None if row is None else Healthy(*row)
