"""Takes the prefix of a runtime or CI service off each line, so that the inside is read as what it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
import polars as pl

from signal_pipeline.parsing.logs.control_characters import strip_controls
from signal_pipeline.parsing.logs.formats.catalog import STAMPS
from signal_pipeline.parsing.logs.formats.stamps import CLOCK
from signal_pipeline.parsing.logs.formats.wrappers import Wrapper
from signal_pipeline.parsing.logs.levels import levels_of
from signal_pipeline.parsing.logs.lines import Ints
from signal_pipeline.parsing.logs.timestamps import clock_times, no_times, read_times
from signal_pipeline.parsing.logs.wrapper_evidence import Wrapping, source_of

_STRINGS = msgspec.json.Decoder(list[str])
_STRING = msgspec.json.Decoder(str)
_CUT_BY_DOCKER = 16_000
"""Docker cuts lines at 16 KiB and then leaves out the line end; escapes make them longer here, never shorter."""
TIMES = ("timestamp", "timestamp_zone", "yearless")
OUTER = (*TIMES, "component", "level", "clock_time", "wrapped")


@dataclass(frozen=True)
class Unwrapped:
    """Lines without their prefixes. `outer` (columns of OUTER) is what the prefixes said, `source` whose output each
    line is, as a number, where a prefix says so. `name` is the innermost wrapper's. `apart` says that each line was a
    message of its own on its way, so that only what continues a trace or is indented belongs to the line before."""

    text: pl.Series
    outer: pl.DataFrame | None = None
    source: pl.Series | None = None
    name: str | None = None
    apart: bool = False

    def taken(self, order: Ints) -> Unwrapped:
        """The lines in another order."""
        return Unwrapped(
            self.text[order],
            None if self.outer is None else self.outer[order],
            None if self.source is None else self.source[order],
            self.name,
            self.apart,
        )


def unwrap(text: pl.Series, wrappings: Sequence[Wrapping]) -> Unwrapped:
    """The inside of the lines of `text`, the outermost of `wrappings` first; lines without a prefix stay."""
    found = Unwrapped(text)
    for wrapping in wrappings:
        inner = _unwrapped(found.text, wrapping)
        found = Unwrapped(
            inner.text,
            _over(inner.outer, found.outer),
            _both(found.source, inner.source),
            inner.name,
            found.apart or wrapping.wrapper.needs == "source",
        )
    return found


def by_source(source: pl.Series | None) -> Ints | None:
    """The order in which lines of one source stand beside each other; None when they do already."""
    if source is None:
        return None
    numbers = source.to_numpy()
    changes = int((numbers[1:] != numbers[:-1]).sum())
    if changes < len(np.unique(numbers)):
        return None
    order: Ints = np.argsort(numbers, kind="stable")
    return order


def _over(inner: pl.DataFrame | None, outer: pl.DataFrame | None) -> pl.DataFrame | None:
    """What the inner prefix said, and the outer where the inner says nothing."""
    if inner is None or outer is None:
        return inner if outer is None else outer
    timed = inner["timestamp"].is_not_null()
    return pl.DataFrame(
        inner[name].zip_with(timed if name in TIMES else inner[name].is_not_null(), outer[name])
        for name in inner.columns
    )


def _both(first: pl.Series | None, second: pl.Series | None) -> pl.Series | None:
    if first is None or second is None:
        return second if first is None else first
    pairs = pl.DataFrame({"first": first, "second": second})
    return pairs.select(pl.struct(pl.all()).rank("dense")).to_series().cast(pl.Int64())


def _unwrapped(text: pl.Series, wrapping: Wrapping) -> Unwrapped:
    wrapper = wrapping.wrapper
    groups = text.str.extract_groups(wrapper.pattern).struct.unnest()
    source = source_of(groups)
    if wrapping.sources is not None and source is not None:
        meant = source.is_in(list(wrapping.sources)).fill_null(False)
        groups = pl.DataFrame([column.set(~meant, None) for column in groups])
        source = source.set(~meant, None)
    wrapped = groups["prefix"].is_not_null()
    if wrapper.escaped:
        inside = _unescaped(groups["inside"].fill_null(""))
    else:
        inside = (
            pl.DataFrame({"text": text, "prefix": groups["prefix"]})
            .select(pl.col("text").str.strip_prefix(pl.col("prefix")))
            .to_series()
        )
    plain = pl.select(pl.when(pl.lit(wrapped)).then(pl.lit(inside)).otherwise(pl.lit(text)).alias("text")).to_series()
    if "partial" in groups.columns and groups["partial"].null_count() < groups.height:
        plain = _with_rests(plain, groups["partial"].is_not_null())
    elif wrapper.escaped and (groups["inside"].str.len_bytes() >= _CUT_BY_DOCKER).any():
        inside = groups["inside"]
        cut = (inside.str.len_bytes() >= _CUT_BY_DOCKER) & ~inside.str.ends_with("\\n")
        plain = _with_rests(plain, cut.fill_null(False))
    number = None if source is None else source.fill_null("").rank("dense").cast(pl.Int64())
    return Unwrapped(plain, _outer(groups, wrapper), number, wrapper.name)


def _with_rests(text: pl.Series, goes_on: pl.Series) -> pl.Series:
    """Lines that the runtime cut (at 16 KiB, mostly) with their rest; the lines of the rest become blank."""
    opens = ~goes_on.shift(1, fill_value=False)
    whole = (
        pl.DataFrame({"text": text, "group": opens.cum_sum()})
        .group_by("group", maintain_order=True)
        .agg(pl.col("text").str.join(""))["text"]
    )
    blank: pl.Series = pl.Series([""]).new_from_index(0, text.len())
    return blank.scatter(opens.arg_true(), whole).alias(text.name)


def _outer(groups: pl.DataFrame, wrapper: Wrapper) -> pl.DataFrame:
    """What the prefix says (columns of OUTER)."""
    nothing = pl.repeat(None, groups.height, dtype=pl.String(), eager=True)
    columns = {name: groups[name] if name in groups.columns else nothing for name in ("component", "level")}
    columns["level"] = levels_of(columns["level"], wrapper.levels)
    clock = wrapper.stamp == CLOCK
    times, clocks = no_times(groups.height), pl.repeat(None, groups.height, dtype=pl.Time(), eager=True)
    if wrapper.stamp and "time" in groups.columns:
        times = read_times(groups["time"], groups["zone"] if "zone" in groups.columns else None, STAMPS[wrapper.stamp])
        clocks = clock_times(groups["time"]) if clock else clocks
    columns |= {"timestamp": times.utc, "timestamp_zone": times.zone, "clock_time": clocks}
    columns["wrapped"] = groups["prefix"].is_not_null()
    columns["yearless"] = pl.repeat(times.yearless, groups.height, dtype=pl.Boolean(), eager=True)
    return pl.DataFrame([columns[name].alias(name) for name in OUTER])


def _unescaped(inside: pl.Series) -> pl.Series:
    """The texts that JSON strings stand for, each as one line."""
    escaped = inside.str.contains("\\", literal=True)
    if not escaped.any():
        return inside
    written = inside.filter(escaped).to_list()
    try:
        plain = _STRINGS.decode('["' + '","'.join(written) + '"]')
    except msgspec.DecodeError:
        plain = [_one(text) for text in written]
    column = pl.Series(plain, dtype=pl.String()).str.strip_chars_end("\r\n").str.replace_all(r"[\r\n]", " ")
    return inside.clone().scatter(escaped.arg_true(), strip_controls(column))


def _one(written: str) -> str:
    try:
        return _STRING.decode(f'"{written}"')
    except msgspec.DecodeError:
        return written


def with_outer(heads: pl.DataFrame, unwrapped: Unwrapped) -> pl.DataFrame:
    """Record heads with what the prefixes of their line said, where their inside did not say it."""
    outer = unwrapped.outer
    if outer is None:
        return heads
    outer = outer[heads["line"]]
    timed = (heads["timestamp"].is_not_null() | outer["timestamp"].is_null()).fill_null(True)
    filled = [heads[name].zip_with(timed, outer[name]) for name in TIMES]
    filled += [
        heads[name].zip_with(heads[name].is_not_null(), outer[name]) for name in ("component", "level", "clock_time")
    ]
    return heads.with_columns(filled).with_columns(
        pl.when((pl.col("format") == "text") & pl.lit(outer["wrapped"]))
        .then(pl.lit(unwrapped.name))
        .otherwise(pl.col("format"))
        .alias("format")
    )
