"""Alerts about windows of time that are unlike the others of a capture and of earlier ones of its source.

Many windows must be known and something must be far above what is usual: of quiet captures some minute always has the
highest score.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl

MAX_EVIDENCE = 10
RULE = "unusual_window"
LEAST_KNOWN = 30
"""Windows that one must have been compared with."""
UNUSUAL = 0.7
MAX_ALERTS = 5
_SENTENCE = "the {seconds} s from {at} UTC are unlike the {known} other windows: {differs}"


def unusual_windows(flows: pl.DataFrame, windows: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows of TRAFFIC_ALERTS for the most unusual windows, in order of time."""
    is_known = pl.col("compared_with") >= LEAST_KNOWN
    chosen = windows.filter((pl.col("isolation") >= UNUSUAL) & is_known & pl.col("differs").is_not_null())
    most = chosen.sort("isolation", "started_at", descending=[True, False]).head(MAX_ALERTS).sort("started_at")
    return [_alert(row, flows) for row in most.iter_rows(named=True)]


def _alert(window: dict[str, Any], flows: pl.DataFrame) -> dict[str, Any]:
    begin = window["started_at"]
    within = flows.filter(pl.col("started_at").is_between(begin, begin + timedelta(seconds=window["seconds"]), "left"))
    return {
        "rule": RULE,
        "severity": "low",
        "sentence": _SENTENCE.format(
            seconds=window["seconds"], at=f"{begin:%H:%M:%S}", known=window["compared_with"], differs=window["differs"]
        ),
        "source": None,
        "target": None,
        "count": window["flows"],
        "first_at": begin,
        "last_at": within["ended_at"].max(),
        "flows": within.select("signal_id", "member", "number").head(MAX_EVIDENCE).to_dicts(),
    }
