from __future__ import annotations

import pytest

from signal_pipeline.classification.texts import MAX_TEXT_CHARS, embedding_text


def test_class_in_words_then_head():
    text = embedding_text("TypeError", "java.lang.NullPointerException", "cannot add <NUM> to cart", [])
    assert text == "Null Pointer Exception: cannot add number to cart"


@pytest.mark.parametrize(
    "template",
    [
        "save failed | caused by: connection refused",
        "save failed; nested exception is java.io.IOException: connection refused",
        "save failed\n\tat a.B.c(B.java:1)\nCaused by: connection refused",
    ],
)
def test_chain_and_stack_are_left_out(template):
    assert embedding_text("GenericError", None, template, []) == "Generic Error: save failed"


@pytest.mark.parametrize("template", ["", " ", "\n", "<*>", "🙂", "x" * 100_000, "\x00"])
def test_never_empty_and_bounded(template):
    text = embedding_text("GenericError", None, template, None)
    assert 0 < len(text) <= MAX_TEXT_CHARS
    assert "\n" not in text


def test_frames_stand_in_for_a_missing_message():
    assert embedding_text("GenericError", "panic", "", ["main:add"]) == "panic in main:add"
