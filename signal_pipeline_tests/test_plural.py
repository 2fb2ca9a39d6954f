"""Numbers with their nouns."""

from __future__ import annotations

import pytest

from signal_pipeline.plural import counted, plural


@pytest.mark.parametrize(
    ("number", "noun", "shown"),
    [
        (0, "file", "0 files"),
        (1, "file", "1 file"),
        (2, "file", "2 files"),
        (1, "entry", "1 entry"),
        (1_024, "entry", "1,024 entries"),
        (3, "dead letter", "3 dead letters"),
        (2, "more entry", "2 more entries"),
    ],
)
def test_a_number_with_its_noun(number: int, noun: str, shown: str) -> None:
    assert counted(number, noun) == shown


def test_a_noun_alone() -> None:
    assert (plural(1, "report"), plural(5, "report")) == ("report", "reports")
