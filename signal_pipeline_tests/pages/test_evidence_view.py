"""Which lines of an occurrence its page shows."""

from __future__ import annotations

from typing import Any

import pytest

from signal_pipeline.pages.evidence_view import FIRST_STACK_LINES, LAST_STACK_LINES, evidence
from signal_pipeline.reports.evidence_context import Context

ALL = FIRST_STACK_LINES + LAST_STACK_LINES


def shown(stack: list[str]) -> dict[str, Any]:
    row = dict.fromkeys(("timestamp", "clock_time", "level", "component", "entry_index", "member"))
    row |= {"role": "record", "line_number": 1, "line_count": len(stack) + 1, "message": "Cannot save"}
    row["stack_trace"] = "\n".join(stack)
    (line,) = evidence({**row, "file": "a.log"}, Context([row], 0))["lines"]
    return dict(line)


@pytest.mark.parametrize(("length", "hidden"), [(3, 0), (ALL, 0), (ALL + 1, 1), (500, 500 - ALL)])
def test_a_long_trace_keeps_both_ends_since_a_language_raises_at_one_of_them(length: int, hidden: int) -> None:
    stack = ["Traceback (most recent call last):", *(f"frame {number}" for number in range(1, length))]
    line = shown(stack)
    assert line["hidden_stack"] == hidden
    kept = [*line["stack"], *line["stack_end"]]
    assert kept == (stack if not hidden else [*stack[:FIRST_STACK_LINES], *stack[-LAST_STACK_LINES:]])
