from __future__ import annotations

import polars as pl
import pytest

from signal_pipeline.classification.classify import classify_entries
from signal_pipeline.classification.error_rules import ERROR_RULES
from signal_pipeline.classification.exception_class import TEXT_PATTERNS, from_text
from signal_pipeline.schemas import ERROR_TYPES
from signal_pipeline_tests.classification.error_type_cases import ERROR_TYPE_CASES
from signal_pipeline_tests.classification.frames import log_frame


@pytest.fixture(scope="module")
def classified() -> dict[str, dict[str, object]]:
    out = classify_entries(log_frame([case[0] for case in ERROR_TYPE_CASES], level="error"))
    return {case[0]: row for case, row in zip(ERROR_TYPE_CASES, out.iter_rows(named=True), strict=True)}


@pytest.mark.parametrize(("message", "error_type", "name"), ERROR_TYPE_CASES, ids=lambda value: str(value)[:60])
def test_type_and_class(classified, message, error_type, name):
    row = classified[message]
    assert (row["error_type"], row["exception_class"]) == (error_type, name)


def test_the_table_covers_every_type():
    assert {case[1] for case in ERROR_TYPE_CASES} == set(ERROR_TYPES)
    assert len(ERROR_TYPE_CASES) == len({case[0] for case in ERROR_TYPE_CASES}) >= 150


@pytest.mark.parametrize("rule", ERROR_RULES, ids=lambda rule: rule.pattern[:40])
def test_each_rule_matches_its_own_example(rule):
    assert pl.Series([rule.example]).str.contains(rule.pattern).all()
    assert rule.error_type in ERROR_TYPES


@pytest.mark.parametrize("row", TEXT_PATTERNS, ids=lambda row: row.name)
def test_each_class_pattern_finds_the_name_of_its_example(row):
    assert pl.Series([row.example]).str.extract(row.pattern, 1).item()


def test_names_survive_the_reduction_of_numbers():
    """Errors without a kept code are named from their reduced line: no name may need a number that is reduced."""
    examples = [row.example for row in TEXT_PATTERNS] + [case[0] for case in ERROR_TYPE_CASES]
    whole = pl.DataFrame({"text": examples}).select(from_text(pl.col("text"))).to_series().to_list()
    assert classify_entries(log_frame(examples, level="error"))["exception_class"].to_list() == whole
