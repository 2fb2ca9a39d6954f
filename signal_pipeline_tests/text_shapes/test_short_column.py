"""Short columns and long ones get the same answers, whatever the text."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signal_pipeline.classification import compiled_patterns, template
from signal_pipeline.classification.error_rules import ERROR_RULES
from signal_pipeline.classification.exception_class import TEXT_PATTERNS
from signal_pipeline.classification.masks import MASKS
from signal_pipeline.classification.outcome_words import OUTCOMES
from signal_pipeline.parsing.logs import context, folding, joining
from signal_pipeline.parsing.logs.formats.context_keys import SPOKEN_ID
from signal_pipeline.parsing.logs.formats.wrappers import WRAPPERS
from signal_pipeline.stack_traces.continuation import CONTINUATION, EXCEPTION_LINE, TRACE_START
from signal_pipeline.text_shapes.short_column import SHORT_COLUMN_ROWS, ShortColumn, contains, replace_all

PATTERNS = (
    *(CONTINUATION, EXCEPTION_LINE, TRACE_START, SPOKEN_ID, context._GATE, context._IDS_AS_NAME),
    *(folding.OPENS, folding.FRAME, folding._RUBY, joining._TRACEBACK, joining._PYTHON_END, joining._ERROR_WORD),
    *(wrapper.pattern for wrapper in WRAPPERS),
    *compiled_patterns.PATTERNS,
)
REPLACEMENTS = (template._LINE_REPLACEMENTS, template._DISTINCT_REPLACEMENTS, template._CODED_REPLACEMENTS)
EXAMPLES = [row.example for table in (MASKS, ERROR_RULES, TEXT_PATTERNS, OUTCOMES) for row in table]
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
TEXTS = st.lists(st.one_of(PIECES, st.sampled_from(EXAMPLES), st.text(max_size=5)), max_size=5).map("".join)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.none(), TEXTS), max_size=6))
def test_a_short_column_is_answered_as_a_long_one(texts: list[str | None]) -> None:
    clean = [None if text is None else text.encode("utf-8", "replace").decode() for text in texts]
    values = pl.Series("text", clean, dtype=pl.String())
    for pattern in PATTERNS:
        expected = values.str.contains(pattern)
        assert contains(values, pattern).equals(expected, check_names=True), pattern
        assert ShortColumn(values).may_contain(pattern) or not expected.any(), pattern
    for replacements in REPLACEMENTS:
        expected = values
        for pattern, replacement in replacements:
            expected = expected.str.replace_all(pattern, replacement)
        assert replace_all(values, replacements).equals(expected, check_names=True)


def test_a_pattern_is_found_in_each_of_its_examples() -> None:
    """One by one: a false "no" would leave a name unfound or a number unmasked."""
    values = pl.Series("text", EXAMPLES)
    columns = [ShortColumn(values.slice(n, 1)) for n in range(len(values))]
    for pattern in PATTERNS:
        holding = values.str.contains(pattern).arg_true()
        missed = [EXAMPLES[row] for row in holding if not columns[row].may_contain(pattern)]
        assert not missed, pattern


@pytest.mark.parametrize("length", [0, SHORT_COLUMN_ROWS, SHORT_COLUMN_ROWS + 1])
def test_every_row_is_answered(length: int) -> None:
    values = pl.Series("text", ["an error" if n % 3 else None for n in range(length)], dtype=pl.String())
    assert contains(values, "err").to_list() == [True if n % 3 else None for n in range(length)]
