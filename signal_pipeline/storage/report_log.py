"""What happened to a report, line by line: its requests' changes of state, and what its run said."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg

MAX_TEXT_CHARS = 500
# Of the changes of state that are worth a person's attention.
_LEVELS = {"FAILED": "warning", "CANCELLED": "warning", "DEAD": "error"}


@dataclass(frozen=True)
class LogEntry:
    """`source` is intake or run; `level` is debug, info, warning, error or critical."""

    at: datetime
    source: str
    text: str
    level: str = "info"


def intake_log(connection: psycopg.Connection, report_id: UUID, limit: int) -> list[LogEntry]:
    """The newest changes of state, oldest of them first."""
    rows = connection.execute(
        "select h.at, h.attempt, h.from_state, h.to_state, h.reason from intake_history h"
        " join intake i on i.id = h.intake_id where i.report_id = %s order by h.id desc limit %s",
        (report_id, limit),
    ).fetchall()
    return [
        LogEntry(at, "intake", _change(attempt, before, after, reason), _LEVELS.get(after, "info"))
        for at, attempt, before, after, reason in reversed(rows)
    ]


def _change(attempt: int, before: str | None, after: str, reason: str | None) -> str:
    words = f"attempt {attempt}: {before} → {after}" if before else f"requested: {after}"
    return f"{words} ({reason})" if reason else words


def run_log(dagster_connection: psycopg.Connection, run_id: str, limit: int) -> list[LogEntry]:
    """The newest events of a run from Dagster's own table, oldest of them first; none when there is no such table."""
    try:
        rows = dagster_connection.execute(
            "select event from event_logs where run_id = %s order by id desc limit %s", (run_id, limit)
        ).fetchall()
    except psycopg.errors.UndefinedTable:
        return []
    return [entry for row in reversed(rows) if (entry := _event(row[0])) is not None]


def _event(text: str) -> LogEntry | None:
    try:
        event: dict[str, Any] = json.loads(text)
        inner = event.get("dagster_event") or {}
        step = f"{event['step_key']}: " if event.get("step_key") else ""
        said = str(event.get("user_message") or inner.get("message") or inner.get("event_type_value") or "")
        level = logging.getLevelName(int(event.get("level") or logging.INFO)).lower()
        at = datetime.fromtimestamp(event["timestamp"], UTC)
        return LogEntry(at, "run", f"{step}{said}"[:MAX_TEXT_CHARS], "error" if _is_failure(inner) else level)
    except (ValueError, KeyError, TypeError):
        return None


def _is_failure(dagster_event: dict[str, Any]) -> bool:
    """Dagster gives its own events the level debug, whatever they say."""
    return str(dagster_event.get("event_type_value", "")).endswith("_FAILURE")
