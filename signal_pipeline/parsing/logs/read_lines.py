"""From the lines of a block to record heads: each line is read by the first way that fits it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from signal_pipeline.parsing.logs.blocks_of_lines import with_blocks
from signal_pipeline.parsing.logs.continued_lines import continue_above
from signal_pipeline.parsing.logs.documents import is_document
from signal_pipeline.parsing.logs.heads import matched_heads, text_heads
from signal_pipeline.parsing.logs.inner_records import with_inner_lines, with_inner_records
from signal_pipeline.parsing.logs.joining import opening_lines, without_stray_levels
from signal_pipeline.parsing.logs.json_lines import json_heads
from signal_pipeline.parsing.logs.logfmt import logfmt_heads
from signal_pipeline.parsing.logs.recognise import Matcher, recognise, spread
from signal_pipeline.parsing.logs.unwrapping import Unwrapped, unwrap, with_outer
from signal_pipeline.parsing.logs.w3c_fields import w3c_matchers
from signal_pipeline.parsing.logs.wrapper_evidence import MOST_WRAPPERS, Wrapping, wrapping_of
from signal_pipeline.text_shapes.short_column import contains

_PLAN_LINES = 20_000
_NO_LINES = pl.Series([], dtype=pl.Int64())
_INDENTED_HEAD = r"^ +(?:Normal|Warning) +[A-Z][A-Za-z]+ +[0-9<]"
"""Rows of a table that a tool prints below a heading; all else that is indented continues what is above."""
_NO_TEXT = pl.Series([], dtype=pl.String())


@dataclass(frozen=True)
class Plan:
    """What the beginning of a file shows: the prefixes that its lines have, the outermost first, the rows of the
    format table that match their inside, in the order of the table, and whether it is written text and no log."""

    matchers: tuple[Matcher, ...] = ()
    wrappings: tuple[Wrapping, ...] = ()
    document: bool = False


def plan_for(text: pl.Series) -> Plan:
    """What to expect of a file whose first lines are `text`."""
    wrappings: list[Wrapping] = []
    inside = text
    while len(wrappings) < MOST_WRAPPERS and (wrapping := wrapping_of(inside)):
        wrappings.append(wrapping)
        inside = unwrap(inside, (wrapping,)).text
    inside = spread(inside) if wrappings else inside
    some = spread(inside, _PLAN_LINES)
    head_like = some.filter(_may_be_head(some) & ~some.str.starts_with("{"))
    found = recognise(head_like)
    fields = w3c_matchers(inside)
    document = not wrappings and not fields and is_document(text, sum(count for _, count in found))
    return Plan((*fields, *(matcher for matcher, _ in found)), tuple(wrappings), document)


def _may_be_head(text: pl.Series) -> pl.Series:
    continues = continue_above(text)
    rows = continues.arg_true()
    if rows.is_empty():
        return ~continues
    rows = rows.filter(~contains(text.gather(rows), _INDENTED_HEAD))
    return pl.repeat(True, text.len(), dtype=pl.Boolean(), eager=True).scatter(rows, False)


def read_heads(lines: Unwrapped, plan: Plan) -> pl.DataFrame:
    """The record heads among the lines, sorted by line (columns: heads.HEAD). The lines that are no heads continue the
    one before them."""
    return with_outer(_heads(lines, plan), lines)


def _heads(lines: Unwrapped, plan: Plan) -> pl.DataFrame:
    text = lines.text
    rest = pl.DataFrame({"line": pl.int_range(text.len(), eager=True), "text": text})
    blank = text.str.strip_chars() == ""
    if blank.any():
        rest = _only(rest, ~blank)
    parts: list[pl.DataFrame] = []
    rest = _read_by(json_heads, rest, parts)
    parts = [with_inner_lines(part) for part in parts]
    rest = _read_matched(rest, plan.matchers, parts)
    rest = _read_by(logfmt_heads, rest, parts)
    rest = _read_unexpected(rest, plan, parts)
    parts = [with_inner_records(part) for part in parts]
    heads = _sorted(parts) if parts else text_heads(_NO_LINES, _NO_TEXT)
    kept = without_stray_levels(heads)
    if kept.height < heads.height:
        stray = heads.join(kept.select("line"), on="line", how="anti")["line"]
        rest = pl.concat([rest, pl.DataFrame({"line": stray, "text": text.gather(stray)})]).sort("line")
        heads = kept
    heads, rest = with_blocks(heads, rest, text)
    if rest.is_empty():
        return heads
    source = None if lines.source is None else lines.source.to_numpy()
    opens = opening_lines(heads, rest, source, apart=lines.apart)
    if opens.is_empty():
        return heads
    return _sorted([heads, text_heads(opens, text.gather(opens))])


def _sorted(parts: list[pl.DataFrame]) -> pl.DataFrame:
    heads = parts[0] if len(parts) == 1 else pl.concat(parts)
    return heads if (np.diff(heads["line"].to_numpy()) > 0).all() else heads.sort("line")


def _read_by(
    read: Callable[[pl.Series, pl.Series], pl.DataFrame], rest: pl.DataFrame, parts: list[pl.DataFrame]
) -> pl.DataFrame:
    """Adds to `parts` the heads that `read` finds; the lines that are left come back."""
    if rest.is_empty():
        return rest
    heads = read(rest["line"], rest["text"])
    if heads.is_empty():
        return rest
    parts.append(heads)
    return rest.join(heads.select("line"), on="line", how="anti", maintain_order="left")


def _read_matched(rest: pl.DataFrame, matchers: Sequence[Matcher], parts: list[pl.DataFrame]) -> pl.DataFrame:
    """Adds to `parts` the heads of the lines in `rest` that `matchers` fit; what is left comes back."""
    for matcher in matchers:
        if rest.is_empty():
            break
        groups = rest["text"].str.extract_groups(matcher.pattern).struct.unnest()
        fits = groups["header"].is_not_null()
        if not fits.any():
            continue
        if fits.all():
            parts.append(matched_heads(rest["line"], rest["text"], groups, matcher))
            return rest.clear()
        fitting = _only(rest, fits)
        parts.append(matched_heads(fitting["line"], fitting["text"], _only(groups, fits), matcher))
        rest = _only(rest, ~fits)
    return rest


def _only(frame: pl.DataFrame, rows: pl.Series) -> pl.DataFrame:
    """Column by column: a query costs several times as much on few rows."""
    return pl.DataFrame([column.filter(rows) for column in frame])


def _read_unexpected(rest: pl.DataFrame, plan: Plan, parts: list[pl.DataFrame]) -> pl.DataFrame:
    """A file may change its format, or hold several: the lines left over are looked up in the whole table."""
    if rest.height < 1:
        return rest
    head_like = rest["text"].filter(_may_be_head(rest["text"]))
    known = set(plan.matchers)
    fresh = [matcher for matcher, _ in recognise(head_like) if matcher not in known]
    return _read_matched(rest, fresh, parts) if fresh else rest
