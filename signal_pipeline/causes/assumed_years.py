"""Files whose times have no year stand beside files that have one: in one report they are of the same months."""

from __future__ import annotations

import polars as pl

from signal_pipeline.parsing.logs.timestamps import ASSUMED_YEAR, PLACEHOLDER_YEAR

_YEARS_AROUND = (-1, 0, 1)
_HALF_A_YEAR = 183 * 86_400
"""Seconds. What the timeline moved by more has its year."""


def with_likely_years(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` (`at` in seconds, `timestamp`, `timestamp_zone`) with `at` of times without a year in the year that brings
    them nearest to the middle of the others; unchanged where no other time is known.
    """
    assumed = rows["timestamp_zone"].str.ends_with(ASSUMED_YEAR).fill_null(False)
    unmoved = (rows["at"] - rows["timestamp"].dt.epoch("us") / 1e6).abs() < _HALF_A_YEAR
    lost = assumed & ((rows["timestamp"].dt.year() == PLACEHOLDER_YEAR) & unmoved).fill_null(False)
    middle = rows.filter(~lost)["timestamp"].drop_nulls().median()
    if not lost.any() or middle is None:
        return rows
    near = [pl.col("timestamp").dt.replace(year=middle.year + by).alias(str(by)) for by in _YEARS_AROUND]  # type: ignore[union-attr]
    moved = rows.select("timestamp", *near).with_columns(
        (pl.col(str(by)) - pl.lit(middle)).abs().alias(f"far{by}") for by in _YEARS_AROUND
    )
    nearest = pl.min_horizontal(f"far{by}" for by in _YEARS_AROUND)
    chosen = pl.coalesce(pl.when(pl.col(f"far{by}") == nearest).then(pl.col(str(by))) for by in _YEARS_AROUND)
    seconds = moved.select((chosen - pl.col("timestamp")).dt.total_seconds().fill_null(0)).to_series()
    return rows.with_columns(at=pl.col("at") + pl.when(lost).then(seconds).otherwise(0))
