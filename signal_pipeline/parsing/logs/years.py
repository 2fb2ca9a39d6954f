"""Years for times that were written without one, from the file alone: the result must not depend on the day
it is read.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from signal_pipeline.parsing.logs.timestamps import ASSUMED_YEAR, PLACEHOLDER_YEAR

_HALF_YEAR_DAYS = 183
_FIRST_LINES = 20_000
_YEAR_IN_TEXT = r"\b((?:19[89]|20[0-4])[0-9])[-/](?:0[1-9]|1[0-2])[-/][0-3][0-9]"


def year_in(text: pl.Series) -> int | None:
    """The earliest-mentioned most frequent year of the full dates in `text`; None when there is none."""
    years = text.str.extract(_YEAR_IN_TEXT, 1).drop_nulls()
    if years.is_empty():
        return None
    return int(years.value_counts(sort=True).sort(["count", years.name], descending=[True, False])[years.name][0])


class Calendar:
    """Follows the times of one file, block by block: from December to January the year goes up.

    `beginning` are the file's first lines, asked for a year when the first time without one comes.
    """

    def __init__(self, beginning: pl.Series) -> None:
        self._beginning = beginning.head(_FIRST_LINES)
        self._year: int | None = None
        self._last_day: int | None = None

    def date(self, records: pl.DataFrame) -> pl.DataFrame:
        """`records` with years for the rows that are marked yearless; the zone says that they are assumed."""
        yearless = records["yearless"].fill_null(False)
        if not yearless.any():
            return records
        rows = np.flatnonzero((yearless & records["timestamp"].is_not_null()).to_numpy())
        if not len(rows):
            return records
        if self._year is None:
            self._year = year_in(self._beginning) or PLACEHOLDER_YEAR
        times = records["timestamp"].gather(rows)
        days = times.dt.ordinal_day().to_numpy().astype(np.int64)
        previous = np.concatenate([[days[0] if self._last_day is None else self._last_day], days[:-1]])
        step = days - previous
        years = self._year + np.cumsum((step < -_HALF_YEAR_DAYS).astype(int) - (step > _HALF_YEAR_DAYS).astype(int))
        self._year, self._last_day = int(years[-1]), int(days[-1])
        dated = _with_years(times, years)
        zone = records["timestamp_zone"].gather(rows) + f",{ASSUMED_YEAR}"
        return records.with_columns(
            records["timestamp"].clone().scatter(rows, dated).alias("timestamp"),
            records["timestamp_zone"].clone().scatter(rows, zone).alias("timestamp_zone"),
        )


def _with_years(times: pl.Series, years: np.ndarray) -> pl.Series:
    """`times` moved into `years`; 29 February becomes 1 March where the year has none."""
    frame = pl.DataFrame({"time": times, "year": pl.Series(years, dtype=pl.Int32())})
    start = pl.datetime(pl.col("year"), 1, 1, time_zone="UTC")
    since_march = pl.datetime(pl.col("year"), 3, 1, time_zone="UTC") - pl.datetime(
        PLACEHOLDER_YEAR, 3, 1, time_zone="UTC"
    )
    since_january = start - pl.datetime(PLACEHOLDER_YEAR, 1, 1, time_zone="UTC")
    late = pl.col("time").dt.month() > 2
    return frame.select(pl.col("time") + pl.when(late).then(since_march).otherwise(since_january)).to_series()
