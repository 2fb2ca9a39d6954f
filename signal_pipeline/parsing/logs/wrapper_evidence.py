"""Which prefixes the lines of a file have. Taking them off is in unwrapping.py."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import polars as pl

from signal_pipeline.parsing.logs.continued_lines import continue_above
from signal_pipeline.parsing.logs.formats.block_kinds import BLOCK_KINDS
from signal_pipeline.parsing.logs.formats.wrappers import WRAPPERS, Wrapper
from signal_pipeline.parsing.logs.recognise import Matcher, recognise, spread
from signal_pipeline.stack_traces.linear_pattern import PatternSet
from signal_pipeline.text_shapes.short_column import contains

MOST_WRAPPERS = 2
"""A container's log inside that of a CI service, a program's stamps inside those of its runtime."""
TRACE_INSIDE = (
    r'^(?:Traceback \(most recent call last\):|\s+File ".*", line [0-9]|\s+at [^\s]+.*[\])]\s*$|\s+at [^\s]+ in '
    r"|Caused by: [^\s]|\s*\.\.\. [0-9]+ (?:more|common frames)|\s*---> [A-Z]|\s+from [^\s]+:[0-9]+:in "
    r"|goroutine [0-9]+ \[|\s*#[0-9]+ +[^\s]+.*[():/]|stack backtrace:$|\s+[0-9]+: +[^\s]+::"
    + "".join(f"|(?:{kind.opens})" for kind in BLOCK_KINDS if kind.is_telling)
    + r"|npm (?:ERR!|error) [a-z])"
)
"""A line of a trace, or the first of a report, which no logger writes right after a time."""
_LEVELLED = ("python-basic", "dotnet-console")
"""Formats without a time whose head nobody else writes."""
_EVIDENCE_LINES = 20_000
_FIRST_LOOK_LINES = 150
"""Among so many lines one has a prefix that at least a tenth of a file has."""
_INSIDE_LINES = 200
_INSIDE_SHARE = 0.3


@dataclass(frozen=True)
class Wrapping:
    """A wrapper that a file has, and the sources whose lines it is taken off; None stands for all."""

    wrapper: Wrapper
    sources: frozenset[str] | None = None


def wrapping_of(text: pl.Series) -> Wrapping | None:
    """The wrapper that the lines of `text` have; None when they have none."""
    sample = spread(_written(spread(text, _EVIDENCE_LINES)))
    if sample.is_empty():
        return None
    for wrapper in _seen_in(spread(sample, _FIRST_LOOK_LINES)):
        if int(sample.str.contains(wrapper.pattern).sum()) < wrapper.share * sample.len():
            continue
        if wrapper.needs == "prefix":
            return Wrapping(wrapper)
        if found := _judged(_written(text.head(_EVIDENCE_LINES)), wrapper):
            return found
    return None


def _written(text: pl.Series) -> pl.Series:
    return text.filter(text.str.strip_chars() != "")


def _seen_in(lines: pl.Series) -> list[Wrapper]:
    """The wrappers of which some line has the prefix, in the order of the table."""
    patterns = _patterns(tuple(wrapper.pattern for wrapper in WRAPPERS))
    return [WRAPPERS[number] for number in sorted({n for line in lines.to_list() for n in patterns.matching(line)})]


@cache
def _patterns(patterns: tuple[str, ...]) -> PatternSet:
    return PatternSet(patterns, anchored=False)


def source_of(groups: pl.DataFrame) -> pl.Series | None:
    """Whose output each line is, from the groups of a wrapper's pattern; None when the wrapper does not say."""
    return next((groups[name] for name in ("source", "component") if name in groups.columns), None)


def _judged(text: pl.Series, wrapper: Wrapper) -> Wrapping | None:
    groups = text.str.extract_groups(wrapper.pattern).struct.unnest()
    wrapped = groups["prefix"].is_not_null()
    text, groups = text.filter(wrapped), groups.filter(wrapped)
    inside = pl.DataFrame({"text": text, "prefix": groups["prefix"]}).select(
        pl.col("text").str.strip_prefix(pl.col("prefix"))
    )["text"]
    if wrapper.needs == "source":
        return _of_sources(inside, groups, wrapper)
    if contains(inside, TRACE_INSIDE).any():
        return Wrapping(wrapper)
    if _rich(spread(inside, _INSIDE_LINES)) > _INSIDE_SHARE > _rich(spread(text, _INSIDE_LINES)):
        return Wrapping(wrapper)
    return None


def _rich(lines: pl.Series) -> float:
    """The share of lines that are heads with more than a time."""
    found = sum(count for matcher, count in recognise(lines) if _is_head(matcher))
    return found / lines.len() if lines.len() else 0.0


def _is_head(matcher: Matcher) -> bool:
    row = matcher.format
    return row.kind == "record" and (matcher.stamp is not None or row.name in _LEVELLED)


def _of_sources(inside: pl.Series, groups: pl.DataFrame, wrapper: Wrapper) -> Wrapping | None:
    """The sources many of whose lines, but for those that continue others, are records with a head of their own."""
    source = source_of(groups)
    if source is None:
        return None
    heads = pl.repeat(False, inside.len(), dtype=pl.Boolean(), eager=True)
    for matcher, _ in recognise(spread(inside, _INSIDE_LINES)):
        if _is_head(matcher):
            heads = heads | inside.str.contains(matcher.pattern)
    if not heads.any():
        return None
    own = ~continue_above(inside)
    lines = pl.DataFrame({"source": source, "head": heads}).filter(own | heads)
    shares = lines.group_by("source").agg(pl.col("head").mean())
    found = shares.filter(pl.col("head") > _INSIDE_SHARE)["source"].drop_nulls().to_list()
    return Wrapping(wrapper, frozenset(found)) if found else None
