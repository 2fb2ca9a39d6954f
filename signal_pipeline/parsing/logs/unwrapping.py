"""Takes the prefix of a runtime or CI service off each line, so that the inside is read as what it is."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import polars as pl

from signal_pipeline.parsing.few_rows import Rows
from signal_pipeline.parsing.logs.control_characters import strip_controls
from signal_pipeline.parsing.logs.formats.catalog import STAMPS
from signal_pipeline.parsing.logs.formats.wrappers import WRAPPERS, Wrapper
from signal_pipeline.parsing.logs.recognise import spread
from signal_pipeline.parsing.logs.timestamps import read_times

_STRINGS = msgspec.json.Decoder(list[str])
_STRING = msgspec.json.Decoder(str)
_CUT_BY_DOCKER = 16_000
"""Docker cuts lines at 16 KiB and then leaves out the line end; escapes make them longer here, never shorter."""


@dataclass(frozen=True)
class Unwrapped:
    """Lines without their prefix; `outer` (columns timestamp, timestamp_zone, component) is what the prefix said."""

    wrapper: Wrapper
    text: pl.Series
    outer: pl.DataFrame


def wrapper_of(text: pl.Series) -> Wrapper | None:
    """The wrapper that the lines of `text` have; None when they have none."""
    sample = spread(text.filter(text.str.strip_chars() != ""))
    if sample.is_empty():
        return None
    rows = Rows(sample)
    for wrapper in WRAPPERS:
        if int(rows.contain(wrapper.pattern).sum()) >= wrapper.share * sample.len():
            return wrapper
    return None


def unwrap(text: pl.Series, wrapper: Wrapper) -> Unwrapped:
    """The inside of the lines of `text`; lines without the prefix stay as they are."""
    groups = text.str.extract_groups(wrapper.pattern).struct.unnest()
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
    return Unwrapped(wrapper, plain, _outer(groups, wrapper))


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
    columns = [
        (
            groups["component"]
            if "component" in groups.columns
            else pl.repeat(None, groups.height, dtype=pl.String(), eager=True)
        ).alias("component")
    ]
    if wrapper.stamp and "time" in groups.columns:
        times = read_times(groups["time"], groups["zone"], STAMPS[wrapper.stamp])
        columns += [times.utc.alias("timestamp"), times.zone.alias("timestamp_zone")]
    return pl.DataFrame(columns)


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
    """Record heads with what the prefix of their line said, where their inside did not say it."""
    at = heads["line"]
    filled = [
        pl.coalesce([pl.col(name), pl.lit(unwrapped.outer[name].gather(at))]).alias(name)
        for name in unwrapped.outer.columns
    ]
    return heads.with_columns(filled).with_columns(
        pl.when(pl.col("format") == "text")
        .then(pl.lit(unwrapped.wrapper.name))
        .otherwise(pl.col("format"))
        .alias("format")
    )
