"""One statement of the program is one template; different statements stay apart."""

from __future__ import annotations

import polars as pl
import pytest

from signal_pipeline.classification.atoms import tokens
from signal_pipeline.classification.classify import classify_entries
from signal_pipeline.classification.generalise import generalise_templates, template_map
from signal_pipeline_tests.classification.frames import log_frame
from signal_pipeline_tests.classification.statement_cases import (
    DIFFERENT_STATEMENTS,
    ONE_STATEMENT,
    Statement,
    Statements,
)


def templates(lines: tuple[str, ...]) -> pl.Series:
    return generalise_templates(classify_entries(log_frame(list(lines))))["template"]


@pytest.mark.parametrize("case", ONE_STATEMENT, ids=lambda case: case.name)
def test_lines_of_one_statement_become_one_template(case: Statement):
    assert set(templates(case.lines)) == {case.template}


@pytest.mark.parametrize("case", DIFFERENT_STATEMENTS, ids=lambda case: case.name)
def test_different_statements_stay_apart(case: Statements):
    assert templates(case.lines).n_unique() == len(case.lines)


@pytest.mark.parametrize("case", ONE_STATEMENT, ids=lambda case: case.name)
def test_pieces_are_the_text_again(case: Statement):
    for line in case.lines:
        assert "".join(tokens(line)) == line


@pytest.mark.parametrize(
    "text", ['"' * 8000, "'a" * 4000, "(" * 8000, r"\"" * 4000, "<a" * 4000, "a=b, " * 1600, "({[" * 2666]
)
def test_hostile_texts_are_taken_apart(text: str):
    assert "".join(tokens(text)) == text
    assert template_map([text, text + " x", text + " y"]) is not None
