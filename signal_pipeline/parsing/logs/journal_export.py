"""The export format of systemd's journal (`journalctl -o export`): a record is a block of KEY=value lines.

A record's head is its MESSAGE line, which is where a reader of the file looks; the other fields are read from
around it and their lines left blank. Fields not named here are dropped.
"""

from __future__ import annotations

import polars as pl

from signal_pipeline.parsing.logs.formats.catalog import STAMPS
from signal_pipeline.parsing.logs.heads import head_frame
from signal_pipeline.parsing.logs.levels import levels_of
from signal_pipeline.parsing.logs.timestamps import read_times

FORMAT = "journald-export"
_START = "__CURSOR="
_FIELDS = {
    "timestamp": ("__REALTIME_TIMESTAMP",),
    "message": ("MESSAGE",),
    "level": ("PRIORITY",),
    "component": ("SYSLOG_IDENTIFIER", "_COMM", "_SYSTEMD_UNIT"),
    "thread": ("_PID", "SYSLOG_PID"),
}


def is_export(text: pl.Series) -> bool:
    """Whether the lines of `text` are of this format."""
    return bool(text.str.starts_with(_START).any() and text.str.starts_with("__REALTIME_TIMESTAMP=").any())


def export_heads(text: pl.Series) -> tuple[pl.DataFrame, pl.Series]:
    """The records among the lines `text` (columns: heads.HEAD), and the lines without those that they took."""
    lines = pl.DataFrame({"line": pl.int_range(text.len(), eager=True), "text": text})
    parts = pl.col("text").str.extract_groups(r"^(?P<key>[A-Z_][A-Z0-9_]*)(?:=(?P<value>.*))?$").struct
    lines = lines.with_columns(
        parts.field("key"), parts.field("value"), pl.col("text").str.starts_with(_START).cum_sum().alias("record")
    ).filter(pl.col("record") > 0)
    fields = lines.filter(pl.col("key").is_not_null() & pl.col("value").is_not_null())
    records = lines.group_by("record", maintain_order=True).agg(pl.col("line").first().alias("first"))
    for name, keys in _FIELDS.items():
        for key in keys:
            found = fields.filter(pl.col("key") == key).unique("record", keep="first", maintain_order=True)
            found = found.select("record", pl.col("value").alias(f"{name}.{key}"), pl.col("line").alias(f"at.{key}"))
            records = records.join(found, on="record", how="left", maintain_order="left")
    columns = {
        name: records.select(pl.coalesce(f"{name}.{key}" for key in keys)).to_series() for name, keys in _FIELDS.items()
    }
    at = records.select(pl.coalesce("at.MESSAGE", "first")).to_series()
    times = read_times(columns.pop("timestamp"), None, STAMPS["epoch-us"])
    heads = head_frame(
        records.height,
        {
            "line": at,
            "format": FORMAT,
            "bare": False,
            "timed": True,
            "yearless": False,
            "timestamp": times.utc,
            "timestamp_zone": times.zone,
            **columns,
            "level": levels_of(columns["level"], "syslog"),
            "message": columns["message"].fill_null(""),
        },
    ).sort("line")
    taken = fields.join(pl.DataFrame({"line": at}), on="line", how="anti")["line"]
    return heads, text.clone().scatter(taken, "")
