"""Widened patterns match wherever their originals do, and cannot tell lone digits apart."""

from __future__ import annotations

import random
from itertools import accumulate, chain

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signal_pipeline.classification import frames, root_cause
from signal_pipeline.classification.ascii_pattern import ascii_pattern
from signal_pipeline.classification.error_words import HARMLESS, SAYS_ERROR
from signal_pipeline.classification.kept_codes import KEPT_HEX, KEPT_NUMBERS, alternation
from signal_pipeline.classification.masks import MASKS
from signal_pipeline.parsing.logs.formats.catalog import STAMPS, TEXT_FORMATS
from signal_pipeline.parsing.logs.recognise import matchers_of
from signal_pipeline.redaction.gate import for_polars
from signal_pipeline.redaction.table import RULES
from signal_pipeline.stack_traces.continuation import CONTINUATION, EXCEPTION_LINE, TRACE_START
from signal_pipeline.text_shapes.digit_blind_patterns import is_blind, widened
from signal_pipeline_tests.text_shapes.other_digits import with_other_digits

CASES = (
    ("abc", "abc"),
    ("debug(?:1|2)?", "debug(?:1|2)?"),
    ("g(?:1|-)*", "g(?:[0-9]|-)*"),
    ("g1?", "g[0-9]?"),
    ("[1-5][0-9]{2}", "[0-91-5][0-9]{2}"),
    ("a[1-5]", "a[1-5]"),
    ("a[1-5]+", "a[0-91-5]+"),
    ("s1", "s[0-9]"),
    ("0x[0-9a-f]+", "0x[0-9a-f]+"),
    ("_0", "_0"),
    ("a?5", "a?[0-9]"),
    ("a{2,15}", "a{2,15}"),
    ("[^1a]", "(?:[^1a]|[0-9])"),
    ("[^7]", "(?:[^7]|[0-9])"),
    ("[]1]", r"[0-9\]1]"),
    ("[-1]", r"[0-9\-1]"),
    ("[%-4]", "[0-9%-4]"),
    (r"\x31", "[0-9]"),
    (r"(?-u:\b)(?P<level>[0-9]+)", r"(?-u:\b)(?P<level>[0-9]+)"),
    ("(?i:25[0-5]|a1b2)", "(?i:[0-9][0-9][0-90-5]|a1b2)"),
)


@pytest.mark.parametrize(("pattern", "expected"), CASES)
def test_only_what_tells_lone_digits_apart_is_widened(pattern: str, expected: str) -> None:
    assert widened(pattern) == expected
    assert is_blind(pattern) is (pattern == expected)


def _tables() -> dict[str, tuple[str, str]]:
    """Each kind of pattern in the tables with a text that it is about."""
    found = {mask.name: (mask.pattern, mask.example) for mask in MASKS}
    found |= {wording.name: (f"(?i){wording.pattern}", wording.example) for wording in (*HARMLESS, *SAYS_ERROR)}
    found |= {code.name: (alternation((code,)), code.example) for code in (*KEPT_NUMBERS, *KEPT_HEX)}
    found |= {stamp.name: (stamp.pattern, stamp.example) for stamp in STAMPS.values()}
    found |= {rule.name: (for_polars(rule.pattern), rule.positives[0]) for rule in RULES}
    found |= {f"{rule.name} gate": (for_polars(rule.gate), rule.positives[0]) for rule in RULES if rule.gate}
    for row in TEXT_FORMATS:
        for matcher in matchers_of(row)[:1]:
            found[f"{row.name} {row.header[:20]}"] = (matcher.pattern, row.examples[0])
    found |= {str(n): (p, "") for n, p in enumerate((CONTINUATION, EXCEPTION_LINE, TRACE_START))}
    return {
        name: (ascii_pattern(pattern) if name in WORDED else pattern, text) for name, (pattern, text) in found.items()
    }


WORDED = {wording.name for wording in (*HARMLESS, *SAYS_ERROR)}
TABLES = _tables()


def texts(alone: int) -> tuple[pl.Series, list[int]]:
    """All examples of all tables, each `alone` times with other numbers, and some glued together; where each begins."""
    rng = random.Random(7)
    examples = [text for _, text in TABLES.values()] + [p for rule in RULES for p in (*rule.positives, *rule.negatives)]
    glued = [rng.choice(("", " ", "=", "_")).join(rng.sample(examples, 2)) for _ in range(500)]
    variants = [
        sorted({with_other_digits(text, rng) for _ in range(count)})
        for base, count in ((examples, alone), (glued, 5))
        for text in base
    ]
    starts = [0, *accumulate(map(len, variants[:-1]))]
    return pl.Series(list(chain.from_iterable(variants))), starts


@pytest.mark.parametrize("variants", [6, pytest.param(20, marks=pytest.mark.slow)])
def test_rows_of_the_tables_keep_the_promise(variants: int) -> None:
    values, starts = texts(variants)
    broken = {}
    for name, (pattern, _) in TABLES.items():
        wide = values.str.contains(widened(pattern))
        missed = [] if is_blind(pattern) else values.filter(~wide).str.contains(pattern).arg_true().to_list()
        matches = wide.to_numpy()
        parted = np.logical_and.reduceat(matches, starts) != np.logical_or.reduceat(matches, starts)
        if missed or parted.any():
            broken[name] = (missed, [values[starts[n]] for n in parted.nonzero()[0]])
    assert broken == {}


BLIND = {
    **{mask.name: mask.pattern for mask in MASKS if mask.stage in ("line", "reduce")},
    "head of trace": frames.MESSAGE_OF_HEAD,
    "line number": frames.LINE_NUMBER,
    "line word": frames.LINE_WORD,
    "address": frames.ADDRESS,
    **{pattern: pattern for pattern in root_cause.LINE_PATTERNS},
}


@pytest.mark.parametrize("pattern", BLIND.values(), ids=BLIND.keys())
def test_patterns_asked_of_representatives_are_blind(pattern: str) -> None:
    assert is_blind(ascii_pattern(pattern))


def test_masks_on_representatives_come_before_all_others_and_end_with_the_digits() -> None:
    stages = [mask.stage for mask in MASKS]
    assert stages == sorted(stages, key=["line", "reduce", "unique"].index)
    assert [mask.pattern for mask in MASKS if mask.stage == "reduce"] == [r"(?-u:\b)[0-9]+"]


@settings(max_examples=200, deadline=None)
@given(
    st.from_regex(r"(?:[a-c1-3_x]|\[[\^]?[a-c0-9]{1,3}\]|\((?:[a1x]|[b2]\|)[a3]\)[?*]?|[0-9][?+]){1,6}", fullmatch=True)
)
def test_any_pattern_keeps_the_promise(pattern: str) -> None:
    rng = random.Random(pattern)
    bases = ["".join(rng.choice("abc123_x -") for _ in range(8)) for _ in range(40)]
    texts = pl.Series([with_other_digits(base, rng) for base in bases for _ in range(10)])
    wide = texts.str.contains(widened(pattern))
    assert not (texts.str.contains(pattern) & ~wide).any()
    groups = wide.cast(pl.Int8()).to_numpy().reshape(-1, 10)
    assert (groups == groups[:, :1]).all()
