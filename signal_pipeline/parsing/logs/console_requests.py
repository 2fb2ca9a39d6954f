"""Requests as Firefox saves them from its console: the method, the URL and the outcome on three lines."""

from __future__ import annotations

import polars as pl

from signal_pipeline.parsing.logs.levels import levels_of
from signal_pipeline.text_shapes.short_column import contains

FORMAT = "firefox-console"
_HEAD = r"^(?:XHR ?)?(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)$"
_BELOW = r"^\s*(?P<url>[a-z][a-z0-9+.\-]*://[^\s]+)\s*\n\s*\[HTTP/[0-9.]+ (?P<status>[0-9]{3})[^\]\n]*\]\s*$"


def with_console_requests(records: pl.DataFrame) -> pl.DataFrame:
    """`records` with those of such requests as requests of an access log: method, URL, status, no message."""
    asked = contains(records["message"], _HEAD).fill_null(False)
    if not asked.any():
        return records
    rows = (asked & records["stack_trace"].is_not_null()).arg_true()
    if rows.is_empty():
        return records
    found = records["stack_trace"].gather(rows).str.extract_groups(_BELOW).struct.unnest()
    fits = found["url"].is_not_null()
    rows, found = rows.filter(fits), found.filter(fits)
    if rows.is_empty():
        return records
    nothing = pl.repeat(None, rows.len(), dtype=pl.String(), eager=True)
    columns = {
        "method": records["message"].gather(rows).str.extract(_HEAD, 1),
        "url": found["url"],
        "status": found["status"].cast(pl.Int32()),
        "level": levels_of(found["status"], "status"),
        "format": pl.Series([FORMAT]).new_from_index(0, rows.len()),
        "message": nothing,
        "stack_trace": nothing,
    }
    return records.with_columns(records[name].clone().scatter(rows, values) for name, values in columns.items())
