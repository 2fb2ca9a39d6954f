from __future__ import annotations

import random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signal_pipeline.classification.classify import classify_entries
from signal_pipeline.classification.kept_codes import ANY_KEPT, KEPT_HEX, KEPT_NUMBERS
from signal_pipeline.classification.masks import MASKS
from signal_pipeline.classification.template import error_templates, plain_templates, reduced_lines
from signal_pipeline_tests.classification.frames import log_frame
from signal_pipeline_tests.classification.mask_cases import KNOWN_WRONG, MASK_CASES
from signal_pipeline_tests.text_shapes.other_digits import with_other_digits

AROUND = {
    "bare": ("", ""),
    "prefix": ("lost it: ", ""),
    "suffix": ("", " was gone"),
    "both": ("lost it: ", " was gone"),
}


def in_error(message: str) -> str:
    return error_templates(pl.Series([message])).item()


@pytest.fixture(scope="module")
def templates() -> dict[str, str]:
    """All cases at once: each call compiles all patterns."""
    lines = [before + case[1] + after for case in MASK_CASES for before, after in AROUND.values()]
    return dict(zip(lines, error_templates(pl.Series(lines)), strict=True))


@pytest.mark.parametrize(("name", "value", "expected"), MASK_CASES, ids=[case[0] for case in MASK_CASES])
def test_value_in_an_error(templates, name, value, expected):
    found = {where: templates[before + value + after] for where, (before, after) in AROUND.items()}
    assert found == {where: before + expected + after for where, (before, after) in AROUND.items()}


@pytest.mark.parametrize(("value", "right", "now"), KNOWN_WRONG, ids=[case[0] for case in KNOWN_WRONG])
def test_known_wrong_is_still_wrong(value, right, now):
    assert in_error(value) == now != right


@pytest.mark.parametrize("mask", MASKS, ids=lambda mask: mask.name)
def test_each_mask_changes_its_own_example(mask):
    assert pl.Series([mask.example]).str.contains(mask.pattern).all() or in_error(mask.example) != mask.example


@pytest.mark.parametrize("code", KEPT_NUMBERS + KEPT_HEX, ids=lambda code: code.name)
def test_codes_stay_in_errors(code):
    assert pl.Series([code.example]).str.contains(ANY_KEPT).all()
    digits = [part for part in code.example.replace("0x", " ").split() if part.isdigit()]
    assert all(number in in_error(code.example) for number in digits)


def test_masks_have_names_of_their_own():
    assert len({mask.name for mask in MASKS}) == len(MASKS)


VALUES = st.sampled_from([case[1] for case in MASK_CASES])
WORDS = st.sampled_from(
    ["failed", "Connection", "to", "for", "user", "=", ":", "(", ")", ",", "at", "error", "INFO", "\t"]
)
LINES = st.lists(st.one_of(VALUES, WORDS, st.text(max_size=8)), max_size=8).map(" ".join)


@settings(max_examples=10, deadline=None)
@given(st.lists(LINES, min_size=1, max_size=4))
def test_a_line_has_one_template_whatever_else_is_there(lines):
    together = classify_entries(log_frame(lines))
    alone = pl.concat(classify_entries(log_frame([line])) for line in lines)
    columns = ["is_error", "error_type", "severity", "exception_class", "template", "template_id", "signature_hash"]
    assert together.select(columns).equals(alone.select(columns))


@settings(max_examples=20, deadline=None)
@given(LINES)
def test_masking_a_template_again_finds_no_more_numbers(line):
    template = plain_templates(reduced_lines(pl.Series([line]))).item()
    assert not pl.Series([template]).str.contains(r"(?:^|\s)[0-9]+(?:\s|$)").any()


def test_lines_that_are_alike_have_the_templates_of_each_by_itself():
    rng = random.Random(5)
    lines = [
        with_other_digits(before + case[1] + after, rng)
        for case in MASK_CASES
        for before, after in AROUND.values()
        for _ in range(5)
    ]
    entries = classify_entries(log_frame(lines, level="info"))
    assert entries["template"].to_list() == plain_templates(reduced_lines(pl.Series(lines))).to_list()
    assert entries["template_id"].n_unique() == entries["template"].n_unique()
