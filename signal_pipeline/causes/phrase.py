"""A row of a table of wordings, and one pattern for all rows of a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Phrase:
    """`pattern` is in the syntax of RE2; each table says what text it is for. `example` is matched in a test."""

    name: str
    pattern: str
    example: str


def any_of(rows: Iterable[Phrase]) -> str:
    """A pattern that matches where that of any row does."""
    return "|".join(f"(?:{row.pattern})" for row in rows)
