"""Rows of one shape, against the definition in prose."""

from __future__ import annotations

import re
from unittest.mock import patch

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signal_pipeline.text_shapes import shape_groups
from signal_pipeline.text_shapes.memo import Memoized
from signal_pipeline.text_shapes.shape_groups import ShapeGroups, lone_digits_zeroed

TEXTS = st.lists(
    st.one_of(
        st.text(max_size=10),
        st.text(alphabet="0123456789abxX_-. \n\u00e9", max_size=30),
        st.sampled_from(["a" + "1" * 200, "7" * 300 + "x", "\ufeffa1", "a\r", "\x1e1", ""]),
    ),
    max_size=5,
).map("".join)
PATTERNS = (r"[0-9]{3}-[0-9]{2}", r"1[0-9]", r"[a-b][1-3]", r"^\s*$", r"(?i:X5)|7")


def zeroed_by_definition(text: str) -> str:
    named = re.sub(r"(?<![0-9A-Za-z_])[0-9]+", lambda match: "0" * len(match.group()), text)
    return "".join(
        old
        if text[at + 1 : at + 2] in ("x", "X") and text[at + 1 : at + 2] and old.isdigit() and old.isascii()
        else new
        for at, (old, new) in enumerate(zip(text, named, strict=True))
    )


@settings(max_examples=100, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=12), st.sampled_from([0, 1 << 30]))
def test_shapes_are_what_the_definition_says(texts: list[str], large: int) -> None:
    clean = [text.encode("utf-8", "replace").decode() for text in texts]
    with patch.object(shape_groups, "_LARGE", large):
        found = lone_digits_zeroed(pl.Series(clean))
    if found is None:
        assert any("\r" in text or "\x1e" in text or text.startswith("\ufeff") for text in clean)
    else:
        assert found.to_list() == [zeroed_by_definition(text) for text in clean]


@settings(max_examples=100, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=6), st.integers(1, 40))
def test_grouped_answers_are_those_of_each_row(texts: list[str], times: int) -> None:
    values = pl.Series("m", [text.encode("utf-8", "replace").decode() for text in texts] * times)
    groups = ShapeGroups.of(values)
    assert len(groups.number) == len(values)
    for pattern in PATTERNS:
        assert groups.contains(pattern).to_list() == values.str.contains(pattern).to_list()
    representatives = groups.spread(groups.representatives).to_list()
    assert all(zeroed_by_definition(a) == zeroed_by_definition(b) for a, b in zip(representatives, values, strict=True))


def test_rows_of_equal_hash_and_other_text_stay_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    values = pl.Series(["harmless", "password=hunter2"] * 50)
    monkeypatch.setattr(pl.Series, "hash", lambda column: pl.repeat(1, len(column), dtype=pl.UInt64, eager=True))
    groups = ShapeGroups.of(values)
    assert groups.spread(groups.representatives).to_list() == values.to_list()


def test_the_cache_is_bounded_and_each_row_is_computed_once() -> None:
    asked: list[int] = []

    def twice(questions: pl.DataFrame) -> pl.DataFrame:
        asked.append(questions.height)
        return questions.select((pl.col("n").fill_null(-1) * 2).alias("twice"))

    memory = Memoized(twice, max_bytes=20_000)
    for start in range(0, 4_000, 400):
        questions = pl.DataFrame({"n": [*range(start, start + 800), None, start]})
        assert memory(questions)["twice"].to_list() == [*range(2 * start, 2 * start + 1_600, 2), -2, 2 * start]
    assert sum(asked) < 10 * 802
    assert memory._cache is None or sum(part.estimated_size() for part in memory._cache) <= 20_000
