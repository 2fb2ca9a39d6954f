"""Records inside of records: JSON and logfmt after a header of another logger, and lines of text loggers in the
message of a JSON record (what a program wrote to syslog or its console, and a shipper passed on).

The outer record keeps its time and its program; level, message and all else come from the inside.
"""

from __future__ import annotations

import polars as pl

from signal_pipeline.parsing.logs.heads import matched_heads
from signal_pipeline.parsing.logs.json_lines import json_heads
from signal_pipeline.parsing.logs.logfmt import logfmt_heads
from signal_pipeline.parsing.logs.recognise import recognise
from signal_pipeline.text_shapes.short_column import contains

_JSON = r"^(?:@cee: ?)?\{.*\}\s*$"
_LOGFMT = (
    r"^(?:(?:time|ts|t|timestamp)=[^ ]+ )?(?:level|lvl|severity)=\S"
    r"|^date=[0-9-]+ time=[0-9:.]+ .*\b(?:level|severity)=\S"
)
_BEGINNINGS = r"^(?:\{|@cee:|(?:level|lvl|severity|time|ts|t|timestamp|date)=)"
_FROM_INSIDE = (
    "level",
    "message",
    "error_text",
    "exception_class",
    "stack_trace",
    "trace_id",
    "method",
    "url",
    "status",
)


_FROM_TEXT = ("level", "message", "component", "thread", "trace_id", "timestamp", "timestamp_zone")


def with_inner_lines(heads: pl.DataFrame) -> pl.DataFrame:
    """Heads of JSON records, those that have no level with the fields of the log line that their message is; further
    lines of the message become their stack trace."""
    rows = (heads["level"].is_null() & heads["message"].is_not_null() & heads["status"].is_null()).arg_true()
    if rows.is_empty():
        return heads
    messages = heads["message"].gather(rows)
    first = messages.str.extract(r"^([^\n]*)", 1)
    below = messages.str.extract(r"(?s)^[^\n]*\n(.*)$", 1)
    found: list[pl.DataFrame] = []
    for matcher, _ in recognise(first):
        if "<level>" not in matcher.pattern:
            continue
        groups = first.str.extract_groups(matcher.pattern).struct.unnest()
        fits = groups["header"].is_not_null().arg_true()
        found.append(matched_heads(fits.cast(pl.Int64()), first.gather(fits), groups[fits], matcher))
    inner = pl.concat(found).unique("line", keep="first", maintain_order=True) if found else heads.clear()
    inner = inner.filter(pl.col("level").is_not_null() & pl.col("message").is_not_null())
    if inner.is_empty():
        return heads
    at = rows.gather(inner["line"])
    stack = heads["stack_trace"].gather(at)
    columns = [
        _scattered(heads, name, at, inner[name] if name == "message" else _either(heads[name].gather(at), inner[name]))
        for name in _FROM_TEXT
    ]
    return heads.with_columns(
        *columns, _scattered(heads, "stack_trace", at, _either(stack, below.gather(inner["line"])))
    )


def _either(first: pl.Series, second: pl.Series) -> pl.Series:
    return first.zip_with(first.is_not_null(), second)


def _scattered(heads: pl.DataFrame, name: str, at: pl.Series, values: pl.Series) -> pl.Series:
    return heads[name].clone().scatter(at, values).alias(name)


def with_inner_records(heads: pl.DataFrame) -> pl.DataFrame:
    """`heads` with the fields of what their messages hold, where that is a record of its own."""
    if not contains(heads["message"], _BEGINNINGS).any():
        return heads
    headed = heads["format"] != "text"
    for pattern, read in ((_JSON, json_heads), (_LOGFMT, logfmt_heads)):
        rows = (heads["message"].str.contains(pattern) & headed).fill_null(False).arg_true()
        if rows.is_empty():
            continue
        messages = heads["message"].gather(rows).str.strip_prefix("@cee:").str.strip_chars_start()
        inner = read(rows.cast(pl.Int64()), messages).sort("line")
        inner = inner.filter(~((pl.col("message") == "") & pl.col("level").is_null()).fill_null(False))
        if inner.is_empty():
            continue
        places = inner["line"]
        outer = heads["timestamp"].gather(places)
        if outer.null_count():
            heads = heads.with_columns(
                heads[name].clone().scatter(places, _either(heads[name].gather(places), inner[name]))
                for name in ("timestamp", "timestamp_zone")
            )
        heads = heads.with_columns(
            heads[name]
            .clone()
            .scatter(places, inner.select(pl.coalesce(name, pl.lit(heads[name].gather(places)))).to_series())
            if name != "message"
            else heads[name].clone().scatter(places, inner[name])
            for name in _FROM_INSIDE
        )
    return heads
