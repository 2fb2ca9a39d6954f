"""The lines of a stretch of a file with their heads, as reports of several lines are searched: made ready page by page,
since few of them are asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from signal_pipeline.parsing.logs.lines import Ints
from signal_pipeline.stack_traces.linear_pattern import LinearPattern

SOURCE = ("format", "component", "thread")
"""The columns of heads that say whose line it is."""
_PAGE = 256


@dataclass(frozen=True)
class Line:
    """What a line says, all that is written in it, and the number of its head; -1 where it has none."""

    said: str
    head: int
    written: str = ""

    def matched(self, pattern: LinearPattern) -> re.Match[str] | None:
        """Level words may be the beginning of what is said: `ERROR: test_add`."""
        return pattern.match(self.said) or (pattern.match(self.written) if self.head >= 0 else None)


@dataclass(frozen=True)
class Head:
    """Whose head it is (SOURCE), how loud, whether it has a time, and that in seconds since 1970."""

    source: tuple[str | None, ...]
    level: str | None
    timed: bool
    second: int | None


class HeadedLines:
    """`heads` are those of the lines of `text`, by their column `line`."""

    def __init__(self, heads: pl.DataFrame, text: pl.Series) -> None:
        self._heads, self._text = heads, text
        self._pages: dict[int, list[Line]] = {}
        self._known: dict[int, Head] = {}
        self.count = text.len()

    @cached_property
    def _head_at(self) -> Ints:
        at = np.full(self.count, -1)
        at[self._heads["line"].to_numpy()] = np.arange(self._heads.height)
        return at

    def line(self, number: int) -> Line:
        page = number // _PAGE
        if page not in self._pages:
            start = page * _PAGE
            texts = self._text.slice(start, _PAGE).to_list()
            head = self._head_at[start : start + _PAGE]
            said = self._heads["message"].gather(head[head >= 0]).to_list()
            written = list(texts)
            for place, message in zip(np.flatnonzero(head >= 0).tolist(), said, strict=True):
                texts[place] = message
            self._pages[page] = [
                Line(text or "", at, whole) for text, at, whole in zip(texts, head.tolist(), written, strict=True)
            ]
        return self._pages[page][number % _PAGE]

    def head(self, number: int) -> Head:
        if number not in self._known:
            *source, level, timed, second = self._described.row(number)
            self._known[number] = Head(
                tuple(source), level, bool(timed), None if second is None else int(second.timestamp())
            )
        return self._known[number]

    @cached_property
    def _described(self) -> pl.DataFrame:
        return self._heads.select(*SOURCE, "level", "timed", "timestamp")

    @cached_property
    def _sources(self) -> npt.NDArray[np.uint64]:
        return self._heads.select(SOURCE).hash_rows().to_numpy()

    def is_of_another(self, number: int, head: int) -> bool:
        """Whether a line has a head of another source than `head` has."""
        own = self._head_at[number]
        return own >= 0 and bool(self._sources[own] != self._sources[head])
