"""Which rows of the format table the lines of a file match. Decided on a sample; no fields are taken out
here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import polars as pl

from signal_pipeline.parsing.logs.formats.catalog import LEADING_STAMPS, STAMPS, TEXT_FORMATS, stamps_of
from signal_pipeline.parsing.logs.formats.log_format import ANY_STAMP, LogFormat
from signal_pipeline.parsing.logs.formats.stamps import Stamp
from signal_pipeline.stack_traces.linear_pattern import PatternSet

SAMPLE_LINES = 1_000


@dataclass(frozen=True)
class Matcher:
    """A row of the format table with one of its timestamp styles, and the regex of both."""

    format: LogFormat
    stamp: Stamp | None
    pattern: str


@cache
def matchers_of(row: LogFormat) -> tuple[Matcher, ...]:
    """One matcher per timestamp style of `row`."""
    stamps = stamps_of(row) or (None,)
    return tuple(Matcher(row, stamp, row.pattern(stamp.pattern if stamp else "")) for stamp in stamps)


@dataclass(frozen=True)
class _Group:
    """Matchers that come into question together, each with its rank in the table. Their patterns are one set: a
    line against all 1,154 of the table costs some microseconds so, and a group is compiled when it is first needed."""

    ranks: tuple[int, ...]
    patterns: PatternSet


@cache
def _matchers() -> tuple[Matcher, ...]:
    """The matchers of all rows in the order of the table."""
    return tuple(matcher for row in TEXT_FORMATS for matcher in matchers_of(row))


@cache
def _group(stamp: str | None, leading: bool) -> _Group:
    """The matchers with the style `stamp`: those of rows for any leading style, or those of rows that name theirs."""
    ranks = tuple(
        rank
        for rank, matcher in enumerate(_matchers())
        if (matcher.stamp and matcher.stamp.name) == stamp and (matcher.format.stamps == ANY_STAMP) == leading
    )
    return _Group(ranks, PatternSet((_matchers()[rank].pattern for rank in ranks), anchored=False))


@cache
def _anywhere() -> PatternSet:
    return PatternSet((stamp.pattern for stamp in STAMPS.values()), anchored=False)


@cache
def _at_start() -> PatternSet:
    return PatternSet((rf"^[\[(<]?{stamp.pattern}" for stamp in LEADING_STAMPS), anchored=False)


def compile_matchers() -> None:
    """Compile the whole table now, and let it meet a line of each of its formats: RE2 does both at the first use."""
    for row in TEXT_FORMATS:
        for group in _groups_for(list(row.examples)):
            for line in row.examples:
                group.patterns.matching(line)


def spread(lines: pl.Series, count: int = SAMPLE_LINES) -> pl.Series:
    """At most `count` lines, from all over the series."""
    if lines.len() <= count:
        return lines
    return lines.gather_every(-(-lines.len() // count))


def recognise(lines: pl.Series) -> list[tuple[Matcher, int]]:
    """The matchers that fit lines of a sample of `lines`, in the order of the table, each with its count.

    A line counts for the first row that it matches only.
    """
    sample = spread(lines.filter(lines.str.len_bytes() > 0)).to_list()
    groups = _groups_for(sample)
    counts: Counter[int] = Counter()
    for line in sample:
        ranks = [group.ranks[number] for group in groups for number in group.patterns.matching(line)]
        if ranks:
            counts[min(ranks)] += 1
    return [(_matchers()[rank], counts[rank]) for rank in sorted(counts)]


def _groups_for(sample: list[str]) -> list[_Group]:
    """The groups whose timestamps occur in `sample`, and that of the rows without one."""
    if not sample:
        return []
    names, leading = list(STAMPS), [stamp.name for stamp in LEADING_STAMPS]
    groups = [_group(None, False)]
    groups += [_group(names[number], False) for number in _found(_anywhere(), sample)]
    groups += [_group(leading[number], True) for number in _found(_at_start(), sample)]
    return [group for group in groups if group.ranks]


def _found(patterns: PatternSet, sample: Iterable[str]) -> list[int]:
    """The numbers of the patterns that match at least one line."""
    return sorted({number for line in sample for number in patterns.matching(line)})
