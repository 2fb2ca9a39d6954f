"""Which lines belong to the record before them, and which begin a trace without a log header.

Two patterns for whole columns of lines. The rows are in line_patterns.py and
trace_start_lines.py; frames are read by parse.py.
"""

from __future__ import annotations

from signal_pipeline.stack_traces.line_patterns import CONTINUATION_LINES, LinePattern
from signal_pipeline.stack_traces.trace_start_lines import EXCEPTION_LINES, TRACE_START_LINES


def _alternation(rows: tuple[LinePattern, ...]) -> str:
    return "^(?:" + "|".join(row.pattern for row in rows) + ")"


CONTINUATION: str = _alternation(CONTINUATION_LINES)
"""Matches a line that belongs to the record before it. Blank lines do not match: they decide nothing."""

TRACE_START: str = _alternation(TRACE_START_LINES)
"""Matches a line that begins a trace without a log header. Some lines (`Traceback ...`, `goroutine 1`)
match both: they continue an open record, and begin one where none is open."""

EXCEPTION_LINE: str = _alternation(EXCEPTION_LINES)
"""`ValueError: bad` alone. Directly after indented Python frames it ends that trace; else it begins one."""
