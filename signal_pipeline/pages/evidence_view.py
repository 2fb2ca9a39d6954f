"""An occurrence as the page shows it: its lines with what stands around them, or its request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from signal_pipeline.evidence import Place
from signal_pipeline.frame_schema import EXCHANGE
from signal_pipeline.reports.evidence_context import Context

MAX_STACK_LINES = 60


def evidence(item: Mapping[str, Any], context: Context | None) -> dict[str, Any]:
    """`item` has `file` and the columns of a place."""
    lines = [] if context is None else [_line(row, is_focus=n == context.focus) for n, row in enumerate(context.rows)]
    focus = None if context is None else context.rows[context.focus]
    place = Place.of(item if focus is None else {**item, "role": focus["role"]})
    return {
        "name": place.name,
        "where": place.position,
        "at": item.get("timestamp"),
        "lines": lines,
        "request": focus if focus is not None and focus["role"] == EXCHANGE else None,
    }


def _line(row: Mapping[str, Any], *, is_focus: bool) -> dict[str, Any]:
    """One entry as text lines with their numbers; the stack trace only where the reader looks."""
    stack = (row["stack_trace"] or "").splitlines() if is_focus else []
    return {
        "number": Place.of(row, "").first,
        "is_focus": is_focus,
        "at": row["timestamp"],
        "clock": row["clock_time"],
        "level": row["level"],
        "component": row["component"],
        "message": row["message"],
        "stack": stack[:MAX_STACK_LINES],
        "hidden_stack": max(len(stack) - MAX_STACK_LINES, 0),
    }
