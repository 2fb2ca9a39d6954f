"""Requests that can be processed now, and what has become of them; for whoever asks to process what is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import psycopg
from psycopg.rows import class_row

MOST = 1_000


@dataclass(frozen=True)
class RequestState:
    """One request as it is now. `state` is as in the table."""

    id: UUID
    report_id: UUID
    state: str
    reason: str | None


def hasten(connection: psycopg.Connection, report_id: UUID | None) -> list[UUID]:
    """The open requests that are due, oldest first, at most MOST. Before that, those that pause after a failure are
    made due; the one of `report_id` also when its earliest start is still to come."""
    connection.execute(
        "update intake set due_at = now() where state = 'PENDING' and due_at > now() and"
        " (report_id = %(report)s or (%(report)s::uuid is null and attempt > 0))",
        {"report": report_id},
    )
    rows = connection.execute(
        "select id from intake where state in ('PENDING', 'RUNNING', 'FAILED') and due_at <= now()"
        " and (report_id = %(report)s or %(report)s::uuid is null) order by created_at, id limit %(most)s",
        {"report": report_id, "most": MOST},
    ).fetchall()
    return [row[0] for row in rows]


def states_of(connection: psycopg.Connection, requests: Sequence[UUID]) -> list[RequestState]:
    """Oldest first; a request of a report that was deleted is missing."""
    with connection.cursor(row_factory=class_row(RequestState)) as cursor:
        return cursor.execute(
            "select id, report_id, state, reason from intake where id = any(%s) order by created_at, id",
            (list(requests),),
        ).fetchall()
