"""Windows of time: what went over the network in each, and how unlike the others it is.

The score says unusual and no more: it is learned from the same capture and earlier ones of its source, and no attack
traffic has been labelled for it.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from signal_pipeline.traffic.flows import FLOWS

WINDOW_SECONDS = 60
MAX_WINDOWS = 1_000
LEAST_WINDOWS = 8
"""Of fewer, none is unusual."""
FEATURES: dict[str, pl.Expr] = {
    "flows": pl.len(),
    "sources": pl.col("source").n_unique(),
    "targets": pl.col("target").n_unique(),
    "target_ports": pl.col("target_port").n_unique(),
    "packets": (pl.col("packets_out") + pl.col("packets_in")).sum(),
    "bytes_out": pl.col("bytes_out").sum(),
    "bytes_in": pl.col("bytes_in").sum(),
    "failed": (pl.col("failures").list.len() > 0).sum(),
    "unanswered": pl.col("state").is_in(["S0", "REJ"]).sum(),
    "retransmitted": pl.col("retransmitted").sum(),
    "resets": pl.col("resets").sum(),
    "mean_duration_ms": (pl.col("ended_at") - pl.col("started_at")).dt.total_milliseconds().mean(),
    "mean_handshake_ms": pl.col("handshake_ms").mean(),
}
"""Of the flows that began in a window."""


def windows_of(flows: pl.DataFrame, seconds: int = WINDOW_SECONDS, earlier: pl.DataFrame | None = None) -> pl.DataFrame:
    """A row for each window in which a flow began: `started_at`, FEATURES, and `isolation`, 0 to 1, where 0.5 is usual.

    `earlier` are windows of earlier captures of the same source. Of very many windows the last MAX_WINDOWS are kept.
    """
    timed = FLOWS.conform(flows).drop_nulls("started_at").sort("started_at")
    windows = (
        timed.group_by_dynamic("started_at", every=f"{seconds}s").agg(**FEATURES).sort("started_at").tail(MAX_WINDOWS)
    )
    return windows.with_columns(isolation=_isolation(windows, earlier))


def _isolation(windows: pl.DataFrame, earlier: pl.DataFrame | None) -> pl.Series:
    known = windows if earlier is None or earlier.is_empty() else pl.concat([earlier.select(windows.columns), windows])
    if known.height < LEAST_WINDOWS:
        return pl.Series("isolation", [None] * windows.height, pl.Float64())
    from sklearn.ensemble import IsolationForest

    forest = IsolationForest(n_estimators=100, random_state=0).fit(_values(known))
    return pl.Series("isolation", -forest.score_samples(_values(windows)), pl.Float64())


def _values(windows: pl.DataFrame) -> np.ndarray:
    values: np.ndarray = np.log1p(windows.select(*FEATURES).fill_null(0).cast(pl.Float64()).to_numpy())
    return values
