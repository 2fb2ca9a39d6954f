"""JSON and logfmt behind a header of another logger: what a program wrote to syslog or its console.

The outer header keeps its time and its program; level, message and all else come from the inside.
"""

from __future__ import annotations

import polars as pl

from signal_pipeline.parsing.few_rows import contains
from signal_pipeline.parsing.logs.json_lines import json_heads
from signal_pipeline.parsing.logs.logfmt import logfmt_heads

_JSON = r"^(?:@cee: ?)?\{.*\}\s*$"
_LOGFMT = r"^(?:(?:time|ts|t|timestamp)=[^ ]+ )?(?:level|lvl|severity)=\S"
_BEGINNINGS = r"^(?:\{|@cee:|(?:level|lvl|severity|time|ts|t|timestamp)=)"
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
        heads = heads.with_columns(
            heads[name]
            .clone()
            .scatter(places, inner.select(pl.coalesce(name, pl.lit(heads[name].gather(places)))).to_series())
            if name != "message"
            else heads[name].clone().scatter(places, inner[name])
            for name in _FROM_INSIDE
        )
    return heads
