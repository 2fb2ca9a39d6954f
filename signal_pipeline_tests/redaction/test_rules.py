"""Each row of the redaction table, by its own examples: bare, with prefix, with suffix, with both."""

from __future__ import annotations

import polars as pl
import pytest
import re2

from signal_pipeline.redaction.columns import FEW_VALUES
from signal_pipeline.redaction.gate import SHAPE, WORDS, for_polars
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline.redaction.rules.rule import Rule
from signal_pipeline.redaction.table import RULES
from signal_pipeline.redaction.tokens import TOKEN_PATTERN

REDACTOR = Redactor(b"a key for tests")
AROUND = (("", ""), ("see ", ""), ("", " end"), ("see ", " end"))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_positive_examples_are_masked(rule: Rule) -> None:
    redacted = [REDACTOR.text(text) for example in rule.positives for text in _surrounded(example)]
    assert [text for text in redacted if not re2.search(TOKEN_PATTERN, text)] == []


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.negatives], ids=lambda rule: rule.name)
def test_negative_examples_stay(rule: Rule) -> None:
    assert [REDACTOR.text(example) for example in rule.negatives] == list(rule.negatives)


def test_columns_of_examples_equal_text_on_each() -> None:
    """Each text thrice: a column of texts without their like is scanned one by one."""
    texts = [text for rule in RULES for example in rule.positives for text in _surrounded(example)]
    texts += [example for rule in RULES for example in rule.negatives]
    assert len(texts) > FEW_VALUES
    for part in (texts, [text for rule in RULES for text in rule.negatives]):
        assert REDACTOR.column(pl.Series(part * 3)).to_list() == [REDACTOR.text(text) for text in part] * 3


def _surrounded(example: str) -> list[str]:
    return [before + example + after for before, after in AROUND]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_triggers_and_gate_admit_every_positive_example(rule: Rule) -> None:
    for example in rule.positives:
        if re2.search(rule.pattern, example) is None:
            continue  # an earlier row masks it first
        assert not rule.triggers or any(trigger in example.lower() for trigger in rule.triggers), example
        assert rule.gate is None or re2.search(rule.gate, example), example


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.columnar], ids=lambda rule: rule.name)
def test_columnar_rows_match_alike_in_both_engines(rule: Rule) -> None:
    examples = [*rule.positives, *rule.negatives]
    in_polars = pl.Series(examples).str.contains(for_polars(rule.pattern)).to_list()
    assert in_polars == [re2.search(rule.pattern, example) is not None for example in examples]
    assert rule.kept is None and rule.not_after is None


@pytest.mark.parametrize("pattern", [SHAPE, WORDS], ids=["shape", "words"])
def test_gates_match_alike_in_both_engines(pattern: str) -> None:
    examples = [text for rule in RULES for text in (*rule.positives, *rule.negatives)]
    in_polars = pl.Series(examples).str.contains(for_polars(pattern)).to_list()
    assert in_polars == [re2.search(pattern, example) is not None for example in examples]


def test_names_are_unique_and_triggers_lower_case() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(trigger == trigger.lower() for rule in RULES for trigger in rule.triggers)
    assert all(rule.positives for rule in RULES)
