"""Windows of time: what went over the network in each, and how unlike the others it is.

The score says unusual and no more: it is learned from the same capture and earlier ones of its source, and no attack
traffic has been labelled for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from signal_pipeline.traffic.columns import HAS_FAILED, MEASURES, TRAFFIC_WINDOWS

if TYPE_CHECKING:
    import numpy as np

LEAST_WINDOWS = 8
"""Of fewer, none is unusual."""
MEASURED: dict[str, pl.Expr] = {
    "flows": pl.len(),
    "sources": pl.col("source").n_unique(),
    "targets": pl.col("target").n_unique(),
    "target_ports": pl.col("target_port").n_unique(),
    "packets": (pl.col("packets_out") + pl.col("packets_in")).sum(),
    "bytes_out": pl.col("bytes_out").sum(),
    "bytes_in": pl.col("bytes_in").sum(),
    "failed": HAS_FAILED.sum(),
    "unanswered": pl.col("state").is_in(["S0", "REJ"]).sum(),
    "retransmitted": pl.col("retransmitted").sum(),
    "resets": pl.col("resets").sum(),
    "mean_duration_ms": (pl.col("ended_at") - pl.col("started_at")).dt.total_milliseconds().mean(),
    "mean_handshake_ms": pl.col("handshake_ms").mean(),
}
_NAMES = [column.name for column in MEASURES]
_TREES = 100
_MOST_TOLD = 3
_TIMES_USUAL = 5
# Wording, and how much it must be at least: twice of next to nothing is nothing.
_WORDS: dict[str, tuple[str, int]] = {
    "flows": ("{} flows", 20),
    "targets": ("{} hosts", 10),
    "target_ports": ("{} ports", 10),
    "unanswered": ("{} unanswered", 10),
    "failed": ("{} failed", 10),
    "packets": ("{} packets", 1_000),
    "bytes_out": ("{} bytes out", 1_000_000),
    "bytes_in": ("{} bytes in", 1_000_000),
    "retransmitted": ("{} segments sent again", 50),
}


@dataclass(frozen=True)
class WindowSettings:
    """How long a window is, and how many of a report are kept; of more, the newest."""

    seconds: int = 60
    kept: int = 1_000


def measured_windows(flows: pl.DataFrame, settings: WindowSettings) -> pl.DataFrame:
    """A row with `started_at` and MEASURES for each window in which a flow began. Windows begin at whole multiples of
    their length, so that those of two captures can be compared.
    """
    timed = flows.drop_nulls("started_at").sort("started_at")
    every = f"{settings.seconds}s"
    return timed.group_by_dynamic("started_at", every=every).agg(**MEASURED).sort("started_at").tail(settings.kept)


def compared_windows(
    windows: pl.DataFrame, settings: WindowSettings, earlier: pl.DataFrame | None = None
) -> pl.DataFrame:
    """TRAFFIC_WINDOWS: measured windows with how unlike they are to each other and to `earlier` ones (MEASURES) of the
    same source. Of fewer than LEAST_WINDOWS in all none has a score.
    """
    known = pl.concat([_plain(one) for one in (earlier, windows) if one is not None])
    scored = windows.with_columns(
        seconds=pl.lit(settings.seconds, pl.Int32()),
        isolation=_isolation(windows, known),
        compared_with=pl.lit(max(known.height - 1, 0), pl.Int32()),
        differs=pl.Series(_differences(windows, known), dtype=pl.String()),
    )
    return TRAFFIC_WINDOWS.conform(scored)


def _isolation(windows: pl.DataFrame, known: pl.DataFrame) -> pl.Series:
    if known.height < LEAST_WINDOWS or windows.is_empty():
        return pl.Series("isolation", [None] * windows.height, pl.Float64())
    from sklearn.ensemble import IsolationForest

    forest = IsolationForest(n_estimators=_TREES, random_state=0).fit(_values(known))
    return pl.Series("isolation", -forest.score_samples(_values(_plain(windows))), pl.Float64())


def _differences(windows: pl.DataFrame, known: pl.DataFrame) -> list[str | None]:
    """For each window the measures that are the most times above the median; None where none is far above it."""
    usual = {name: float(known[name].median() or 0) for name in _WORDS}  # type: ignore[arg-type]

    def in_words(window: dict[str, Any]) -> str | None:
        times = {
            name: window[name] / max(usual[name], 1)
            for name, (_, least) in _WORDS.items()
            if (window[name] or 0) >= max(least, _TIMES_USUAL * usual[name])
        }
        apart = sorted(times, key=lambda name: times[name], reverse=True)[:_MOST_TOLD]
        parts = [f"{_WORDS[name][0].format(f'{window[name]:,}')} (usually {usual[name]:,.0f})" for name in apart]
        return ", ".join(parts) or None

    return [in_words(row) for row in windows.iter_rows(named=True)]


def _plain(windows: pl.DataFrame) -> pl.DataFrame:
    return windows.select(pl.col(name).cast(pl.Float64()) for name in _NAMES)


def _values(windows: pl.DataFrame) -> np.ndarray:
    """As logarithms: traffic spreads over orders of magnitude."""
    values: np.ndarray = windows.fill_null(0).select(pl.all().log1p()).to_numpy()
    return values
