"""An occurrence as the page shows it: its lines with what stands around them, or its request."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from signal_pipeline.evidence import Place
from signal_pipeline.frame_schema import EXCHANGE
from signal_pipeline.reports.evidence_context import Context

# A Python trace has the raising frame last, a Java trace first; what lies between is folded.
FIRST_STACK_LINES, LAST_STACK_LINES = 30, 30
MAX_LINES_BEFORE_TRACE = 4
MAX_LINE_CHARS = 400
_TRACE = re.compile(r"^\s*(?:Traceback \(most recent call last\)|at \S+[.(]|Caused by: |Stack ?trace:|goroutine \d+)")


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
    begin = _begin_of_trace(stack)
    before = stack[: min(begin, MAX_LINES_BEFORE_TRACE)]
    trace = stack[begin:]
    hidden = max(len(trace) - FIRST_STACK_LINES - LAST_STACK_LINES, 0)
    shown, end = (trace[:FIRST_STACK_LINES], trace[-LAST_STACK_LINES:]) if hidden else (trace, [])
    return {
        "number": Place.of(row, "").first,
        "is_focus": is_focus,
        "at": row["timestamp"],
        "clock": row["clock_time"],
        "level": row["level"],
        "component": row["component"],
        "message": _cut(row["message"]),
        "before": [_cut(line) for line in before],
        "hidden_before": begin - len(before),
        "stack": [_cut(text) for text in shown],
        "hidden_stack": hidden,
        "stack_end": [_cut(text) for text in end],
    }


def _begin_of_trace(lines: Sequence[str]) -> int:
    """Where the trace begins; what comes before it is often a dump of the state."""
    begins = [number for number, line in enumerate(lines) if _TRACE.match(line)]
    firsts = [number for number in begins if number == 0 or number - 1 not in begins]
    tracebacks = [number for number in firsts if "Traceback" in lines[number]]
    return (tracebacks or firsts or [0])[0]


def _cut(text: str | None) -> str | None:
    """What is longer is in the file, and as far as it is kept on the timeline."""
    if text is None or len(text) <= MAX_LINE_CHARS:
        return text
    return f"{text[:MAX_LINE_CHARS]}… ({len(text) - MAX_LINE_CHARS:,} more characters)"
