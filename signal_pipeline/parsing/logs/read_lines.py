"""From the lines of a block to record heads: each line is read by the first way that fits it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from signal_pipeline.parsing.few_rows import contains
from signal_pipeline.parsing.logs.formats.wrappers import Wrapper
from signal_pipeline.parsing.logs.heads import matched_heads, text_heads
from signal_pipeline.parsing.logs.inner_records import with_inner_records
from signal_pipeline.parsing.logs.joining import opening_lines
from signal_pipeline.parsing.logs.journal_export import export_heads, is_export
from signal_pipeline.parsing.logs.json_lines import json_heads
from signal_pipeline.parsing.logs.logfmt import logfmt_heads
from signal_pipeline.parsing.logs.recognise import Matcher, recognise, spread
from signal_pipeline.parsing.logs.unwrapping import unwrap, with_outer, wrapper_of
from signal_pipeline.parsing.logs.w3c_fields import w3c_matchers
from signal_pipeline.stack_traces.continuation import CONTINUATION

_NO_LINES = pl.Series([], dtype=pl.Int64())
_NO_TEXT = pl.Series([], dtype=pl.String())


@dataclass(frozen=True)
class Plan:
    """The rows of the format table that the beginning of a file matches, in the order of the table."""

    matchers: tuple[Matcher, ...] = ()
    wrapper: Wrapper | None = None


def plan_for(text: pl.Series) -> Plan:
    """What to expect of a file whose first lines are `text`."""
    wrapper = wrapper_of(text)
    inside = unwrap(spread(text), wrapper).text if wrapper else text
    head_like = inside.filter(~(contains(inside, CONTINUATION) | inside.str.starts_with("{")))
    return Plan((*w3c_matchers(inside), *(matcher for matcher, _ in recognise(head_like))), wrapper)


def read_heads(text: pl.Series, plan: Plan) -> tuple[pl.DataFrame, pl.Series]:
    """The record heads among the lines `text`, sorted by line (columns: heads.HEAD), and the lines as they read without
    a runtime's prefix. The lines that are no heads continue the one before them.
    """
    if is_export(text):
        return export_heads(text)
    if plan.wrapper is None:
        return _heads(text, plan), text
    unwrapped = unwrap(text, plan.wrapper)
    return with_outer(_heads(unwrapped.text, plan), unwrapped), unwrapped.text


def _heads(text: pl.Series, plan: Plan) -> pl.DataFrame:
    rest = pl.DataFrame({"line": pl.int_range(text.len(), eager=True), "text": text})
    blank = text.str.strip_chars() == ""
    if blank.any():
        rest = _only(rest, ~blank)
    parts: list[pl.DataFrame] = []
    rest = _read_by(json_heads, rest, parts)
    rest = _read_matched(rest, plan.matchers, parts)
    rest = _read_by(logfmt_heads, rest, parts)
    rest = _read_unexpected(rest, plan, parts)
    parts = [with_inner_records(part) for part in parts]
    heads = _sorted(parts) if parts else text_heads(_NO_LINES, _NO_TEXT)
    if rest.is_empty():
        return heads
    opens = opening_lines(heads, rest)
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
    head_like = rest["text"].filter(~contains(rest["text"], CONTINUATION))
    known = set(plan.matchers)
    fresh = [matcher for matcher, _ in recognise(head_like) if matcher not in known]
    return _read_matched(rest, fresh, parts) if fresh else rest
