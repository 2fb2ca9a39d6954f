"""What is remembered of lines is what the pattern says of them."""

from __future__ import annotations

import polars as pl

from signal_pipeline.parsing.logs import continued_lines
from signal_pipeline.parsing.logs.continued_lines import continue_above
from signal_pipeline.stack_traces.continuation import CONTINUATION

LINES = ["\tat a.b(C.java:1)", "plain", None, "Caused by: x", "é\tat", "", "x" * 600, "\tat " + "y" * 600, "\x0bat x"]


def test_a_line_is_answered_the_same_the_second_time() -> None:
    lines = pl.Series("text", LINES, dtype=pl.String())
    expected = lines.str.contains(CONTINUATION)
    for column in (lines, lines, lines.reverse().reverse()):
        assert continue_above(column).equals(expected, check_names=True)
    assert continue_above(lines.head(0)).equals(expected.head(0), check_names=True)


def test_what_is_remembered_is_bounded() -> None:
    for start in range(0, 30_000, 1_000):
        continue_above(pl.Series([f"  line {number}" for number in range(start, start + 1_000)]))
    assert len(continued_lines._known) <= continued_lines._MAX_REMEMBERED
