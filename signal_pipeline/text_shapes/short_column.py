"""A pattern over a short column: polars forgets what it compiled after 32 others, and a small file asks a hundred.

Compiling such a pattern then costs a millisecond for each file. RE2 keeps what it compiled and searches all rows as one
text; only a row in which it finds something is searched on its own. Cheap where few rows match.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import Any

import polars as pl
import re2

SHORT_COLUMN_ROWS = 1_000
_MEMORY = 128 * 1024 * 1024
_ASCII_BORDER = r"(?-u:\b)"
"""As polars needs it said; RE2 has no other."""


def contains(values: pl.Series, pattern: str) -> pl.Series:
    """`values.str.contains(pattern)`. Only texts in ASCII without vertical tabs mean the same to both engines."""
    return ShortColumn(values).contain(pattern)


def replace_all(values: pl.Series, replacements: Iterable[tuple[str, str]]) -> pl.Series:
    """`values` after `str.replace_all` of each (pattern, replacement), in order."""
    column = ShortColumn(values)
    for pattern, replacement in replacements:
        if column.may_contain(pattern):
            values = values.str.replace_all(pattern, replacement)
            column = ShortColumn(values)
    return values


def compile_patterns(patterns: Iterable[str], example: str) -> None:
    """Compile now, and search an example: RE2 does both at the first use."""
    for pattern in patterns:
        _compiled_for_rows(pattern).search(example.encode())


class ShortColumn:
    """A column that is searched for several patterns; it is prepared for them once."""

    def __init__(self, values: pl.Series) -> None:
        self._values = values
        self._texts: list[str | None] = []
        self._whole: str | None = None
        if len(values) <= SHORT_COLUMN_ROWS:
            self._texts = values.to_list()
            whole = "\n".join(text or "" for text in self._texts)
            if whole.isascii() and "\v" not in whole:
                self._whole = whole

    def contain(self, pattern: str) -> pl.Series:
        """`values.str.contains(pattern)`."""
        if self._whole is None:
            return self._values.str.contains(pattern)
        alone, anywhere = _compiled(pattern), _compiled_for_rows(pattern)
        match = anywhere.search(self._lines)
        if match is None:
            return self._nowhere.clone()
        found = self._nowhere.to_list()
        at = 0
        # What is found may reach into the next rows, so the search goes on with the row after the one it began in.
        while found and match is not None:
            row = bisect_right(self._starts, match.start()) - 1
            text = self._texts[row]
            if text is not None:
                found[row] = alone.search(text.encode()) is not None
            at = self._starts[row + 1]
            match = anywhere.search(self._lines, at) if at <= len(self._lines) else None
        return pl.Series(self._values.name, found, dtype=pl.Boolean())

    def may_contain(self, pattern: str) -> bool:
        """False where no row can hold a match of `pattern`; true where one does, or where it would cost to know."""
        return self._whole is None or _compiled_for_rows(pattern).search(self._lines) is not None

    @cached_property
    def _nowhere(self) -> pl.Series:
        found = [None if text is None else False for text in self._texts]
        return pl.Series(self._values.name, found, dtype=pl.Boolean())

    @cached_property
    def _lines(self) -> bytes:
        return (self._whole or "").encode()

    @cached_property
    def _starts(self) -> list[int]:
        """Where each row begins among the lines, and where one after the last would."""
        return [0, *accumulate(len(text or "") + 1 for text in self._texts)]


@lru_cache(maxsize=500)
def _compiled(pattern: str) -> Any:
    options = re2.Options()
    # Where a match begins is all that is asked for: with groups, RE2 leaves its automaton for a slower engine.
    options.max_mem, options.never_capture = _MEMORY, True
    return re2.compile(pattern.replace(_ASCII_BORDER, r"\b").encode(), options)


@lru_cache(maxsize=500)
def _compiled_for_rows(pattern: str) -> Any:
    """For many rows at once: the borders of a line are those of a row, so it finds no less."""
    return _compiled(f"(?m){pattern}")
