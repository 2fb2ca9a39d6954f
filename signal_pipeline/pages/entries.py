"""A timeline as compact data for the page's script: columns of JSON, gzipped, base64. 100,000 entries are some 3 MB."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping
from typing import Any

import polars as pl

from signal_pipeline.frame_schema import EXCHANGE
from signal_pipeline.schemas import LEVELS

MAX_MESSAGE_CHARS = 300
ROLES = ("cause", "request", "follower", "context")


def packed(timeline: pl.DataFrame, names: Mapping[str, str], problem_of: Mapping[str, int]) -> str:
    """Only letters, digits, + / and =, so that it can stand in a script element as it is.

    `names` are file names by signal id, `problem_of` problem numbers by signature hash.
    """
    return base64.b64encode(gzip.compress(as_json(timeline, names, problem_of), 6, mtime=0)).decode()


def as_json(timeline: pl.DataFrame, names: Mapping[str, str], problem_of: Mapping[str, int]) -> bytes:
    frame = timeline.with_row_index("row")
    files = frame.select("signal_id", "member").unique(maintain_order=True).with_row_index("file")
    frame = frame.join(files, on=["signal_id", "member"], how="left", nulls_equal=True, maintain_order="left")
    places = frame.filter(pl.col("role") == EXCHANGE).select(
        request_signal_id="signal_id", request_ordinal="ordinal", request_row="row"
    )
    frame = frame.join(places, on=["request_signal_id", "request_ordinal"], how="left", maintain_order="left")
    begin = frame["at"].drop_nulls().min()
    base = None if begin is None else pl.Series([begin]).dt.epoch("ms").item()
    millis = pl.lit(None) if base is None else (pl.col("at").dt.epoch("us") / 1000 - base).round(1)
    reasons = frame["link_reason"].drop_nulls().unique(maintain_order=True)
    shown = frame.select(
        t=millis,
        d=pl.col("duration_ms").round(1),
        h=pl.col("role") == EXCHANGE,
        f="file",
        n=pl.coalesce("line_number", "entry_index"),
        l=_code(pl.col("level"), LEVELS),
        s="status",
        e="net_error",
        c="component",
        m=pl.col("message").str.slice(0, MAX_MESSAGE_CHARS),
        x="error_type",
        g="is_target",
        i="incident",
        r=_code(pl.col("incident_role"), ROLES),
        p=pl.col("signature_hash").replace_strict(dict(problem_of), default=None, return_dtype=pl.Int32()),
        q="request_row",
        k=pl.col("link_confidence").round(3),
        w=_code(pl.col("link_reason"), reasons.to_list()),
    )
    data: dict[str, Any] = {
        "base": base,
        "levels": LEVELS,
        "roles": ROLES,
        "reasons": reasons.to_list(),
        "files": [
            names.get(signal, signal) + (f"/{member}" if member else "")
            for signal, member in files.select("signal_id", "member").iter_rows()
        ],
        "rows": {name: shown[name].to_list() for name in shown.columns},
    }
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")


def _code(column: pl.Expr, words: tuple[str, ...] | list[str]) -> pl.Expr:
    return column.replace_strict({word: code for code, word in enumerate(words)}, default=None, return_dtype=pl.Int32())
