"""Titles that look equal: their differing words are marked, and nothing else."""

from __future__ import annotations

import pytest

from signal_pipeline.pages.marking import marked, repeated

CASES = [
    (["volume a is gone", "volume b is gone"], ["volume [a] is gone", "volume [b] is gone"]),
    (["disk is full", "payment was declined"], ["disk is full", "payment was declined"]),
    (["a b", "a b"], ["a b", "a b"]),
    (["one two three", "one two"], ["one two three", "one two"]),
    (["x failed in read", "y failed in read", "x failed in write"],
     ["[x] failed in [read]", "[y] failed in read", "x failed in [write]"]),
    (["", "  spaced   out  "], ["", "spaced out"]),
]  # fmt: skip


@pytest.mark.parametrize(("titles", "wanted"), CASES)
def test_marked(titles: list[str], wanted: list[str]) -> None:
    shown = ["".join(f"[{text}]" if is_marked else text for text, is_marked in parts) for parts in marked(titles)]
    assert shown == wanted


def test_titles_that_are_the_same_are_told() -> None:
    assert repeated(["a  b", "a b", "c"]) == [True, True, False]
