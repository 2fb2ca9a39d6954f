"""Short columns and long ones get the same answers, whatever the text."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signal_pipeline.parsing.logs import context, folding, joining
from signal_pipeline.parsing.logs.formats.context_keys import SPOKEN_ID
from signal_pipeline.parsing.logs.formats.wrappers import WRAPPERS
from signal_pipeline.parsing.short_column import SHORT_COLUMN_ROWS, contains
from signal_pipeline.stack_traces.continuation import CONTINUATION, EXCEPTION_LINE, TRACE_START

PATTERNS = (
    *(CONTINUATION, EXCEPTION_LINE, TRACE_START, SPOKEN_ID, context._GATE, context._IDS_AS_NAME),
    *(folding.OPENS, folding.FRAME, folding._RUBY, joining._TRACEBACK, joining._PYTHON_END, joining._ERROR_WORD),
    *(wrapper.pattern for wrapper in WRAPPERS),
)
PIECES = st.sampled_from(
    [
        *("\tat a.b(C.java:1)", "Caused by: ", "Traceback (most recent call last):", "ValueError: x", "panic: "),
        *(
            '  File "x", line 3',
            "error",
            "2026-03-01T10:00:00Z stdout F ",
            "[trace_id=9f]",
            "request_id=",
            "goroutine 7 [",
        ),
        *("\x0b", "\x1c", "\x85", "\u00a0", "\u2028", "\n", "\r", " ", "\u017f", "\u212a", "\u00e9"),
        *("x.rb:3:in `y'", "[req-0a1b2c3d]", '{"log":"'),
    ]
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=5).map("".join)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.none(), TEXTS), max_size=6))
def test_a_short_column_is_answered_as_a_long_one(texts: list[str | None]) -> None:
    clean = [None if text is None else text.encode("utf-8", "replace").decode() for text in texts]
    values = pl.Series("text", clean, dtype=pl.String())
    for pattern in PATTERNS:
        assert contains(values, pattern).equals(values.str.contains(pattern), check_names=True), pattern


@pytest.mark.parametrize("length", [0, SHORT_COLUMN_ROWS, SHORT_COLUMN_ROWS + 1])
def test_every_row_is_answered(length: int) -> None:
    values = pl.Series("text", ["an error" if n % 3 else None for n in range(length)], dtype=pl.String())
    assert contains(values, "err").to_list() == [True if n % 3 else None for n in range(length)]
