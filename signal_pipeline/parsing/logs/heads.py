"""The frame of record heads that all ways of reading a line produce, and the one from a matched header."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from signal_pipeline.parsing.logs.formats.stamps import CLOCK
from signal_pipeline.parsing.logs.levels import levels_of
from signal_pipeline.parsing.logs.recognise import Matcher
from signal_pipeline.parsing.logs.timestamps import Times, clock_times, no_times, read_times
from signal_pipeline.schemas import UTC_TIME
from signal_pipeline.text_shapes.short_column import SHORT_COLUMN_ROWS, contains

HEAD: dict[str, pl.DataType] = {
    "line": pl.Int64(),
    "format": pl.String(),
    "bare": pl.Boolean(),
    "timed": pl.Boolean(),
    "timestamp": UTC_TIME,
    "timestamp_zone": pl.String(),
    "yearless": pl.Boolean(),
    "clock_time": pl.Time(),
    "level": pl.String(),
    "component": pl.String(),
    "thread": pl.String(),
    "message": pl.String(),
    "stack_trace": pl.String(),
    "trace_id": pl.String(),
    "request_id": pl.String(),
    "method": pl.String(),
    "url": pl.String(),
    "status": pl.Int32(),
    "duration_ms": pl.Float64(),
    "error_text": pl.String(),
    "exception_class": pl.String(),
    "block": pl.Int64(),
}
"""One row per record head. `line` is the 0-based line in the block; `bare` says that a line of a trace may hide
behind the header, `timed` that the header has a time, so that lines without one belong to the record before
them; `message` is null for access logs, whose message is made of the redacted URL; `block` is the line of the head
whose record this line is part of, null for a record of its own."""

_NULLS = pl.DataFrame({name: [None] * SHORT_COLUMN_ROWS for name in HEAD}, schema=HEAD)
TEXT_FORMAT = "text"
_TEXT_FIELDS = ("component", "thread", "trace_id", "request_id", "method", "url", "exception_class")
_ODD_REQUEST = "unreadable request"
_DURATIONS = {"duration_s": 1000.0, "duration_ms": 1.0, "duration_us": 0.001}


def head_frame(count: int, columns: Mapping[str, pl.Series | str | bool]) -> pl.DataFrame:
    """A frame of HEAD with `count` rows: the columns given, null where there is none."""
    # Nulls that are there already, and one step over them: columns made one by one cost some milliseconds a file.
    nulls = _NULLS.head(count) if count <= SHORT_COLUMN_ROWS else _NULLS[pl.Series(np.zeros(count, np.uint32))]
    return nulls.with_columns_seq(
        _typed(column, HEAD[name]).alias(name)
        if isinstance(column, pl.Series)
        else pl.lit(column, dtype=HEAD[name]).alias(name)
        for name, column in columns.items()
    )


def _typed(column: pl.Series, dtype: pl.DataType) -> pl.Series:
    return column if column.dtype == dtype else column.cast(dtype)


def text_heads(line: pl.Series, text: pl.Series) -> pl.DataFrame:
    """Heads of free text: the line is the message."""
    return head_frame(
        line.len(),
        {"line": line, "format": TEXT_FORMAT, "bare": True, "timed": False, "yearless": False, "message": text},
    )


def matched_heads(line: pl.Series, text: pl.Series, groups: pl.DataFrame, matcher: Matcher) -> pl.DataFrame:
    """Heads of lines that all match `matcher`, whose groups are given."""
    columns: dict[str, pl.Series | str | bool] = {
        "line": line,
        "format": matcher.format.name,
        "bare": matcher.format.kind == "bare",
        "timed": matcher.stamp is not None and matcher.format.kind != "access",
    }
    times = _times(groups, matcher)
    columns |= {"timestamp": times.utc, "timestamp_zone": times.zone, "yearless": times.yearless}
    if matcher.stamp is not None and matcher.stamp.name == CLOCK and "time" in groups.columns:
        columns["clock_time"] = clock_times(groups["time"])
    if "level" in groups.columns:
        columns["level"] = levels_of(groups["level"], matcher.format.levels)
    elif matcher.format.levels == "status" and "status" in groups.columns:
        columns["level"] = levels_of(groups["status"], "status")
    for name in _TEXT_FIELDS:
        found = [column for column in (name, f"{name}2") if column in groups.columns]
        if found:
            columns[name] = _trimmed(
                groups[found[0]] if len(found) == 1 else groups.select(pl.coalesce(found)).to_series()
            )
    if matcher.format.class_prefix and "exception_class" in groups.columns:
        columns["exception_class"] = matcher.format.class_prefix + groups["exception_class"]
    if "origin" in groups.columns:
        columns["thread"], columns["component"] = _of_origin(groups["origin"])
    if "status" in groups.columns:
        columns["status"] = groups["status"].cast(pl.Int32(), strict=False)
    durations = [
        pl.col(name).cast(pl.Float64(), strict=False) * factor
        for name, factor in _DURATIONS.items()
        if name in groups.columns
    ]
    if durations:
        columns["duration_ms"] = groups.select(pl.coalesce(durations)).to_series()
    columns["message"] = _message(text, groups, matcher)
    return head_frame(line.len(), columns)


def _trimmed(values: pl.Series) -> pl.Series:
    """`values` without the blanks that pad columns, null where nothing is left."""
    return values.str.strip_chars().replace("", None) if contains(values, "^ | $|^$").any() else values


def _of_origin(values: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Thread and class of `thread:class` as Zookeeper writes it; the thread may hold colons itself."""
    distinct = values.unique().drop_nulls()
    parts = distinct.str.extract_groups(r"^(?P<thread>.*?):?(?P<name>[^:]*)$").struct.unnest()
    return (
        values.replace_strict(distinct, parts["thread"], default=None, return_dtype=pl.String()),
        values.replace_strict(distinct, parts["name"], default=None, return_dtype=pl.String()),
    )


def _times(groups: pl.DataFrame, matcher: Matcher) -> Times:
    if matcher.stamp is None or "time" not in groups.columns:
        return no_times(groups.height)
    return read_times(groups["time"], groups["zone"] if "zone" in groups.columns else None, matcher.stamp)


def _message(text: pl.Series, groups: pl.DataFrame, matcher: Matcher) -> pl.Series:
    """What follows the header; null for requests of access logs."""
    if "message" in groups.columns:
        return groups["message"]
    if matcher.format.kind == "access":
        odd = pl.Series([_ODD_REQUEST]).new_from_index(0, groups.height)
        if "method" not in groups.columns or "url" not in groups.columns:
            return odd
        return odd.set(groups["method"].is_not_null() & groups["url"].is_not_null(), None)
    frame = pl.DataFrame({"text": text, "header": groups["header"]})
    return frame.select_seq(pl.col("text").str.strip_prefix(pl.col("header")).str.strip_chars_end()).to_series()
