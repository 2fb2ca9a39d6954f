"""Files that say no time at all: their records are put in place by their order, along the requests they speak of."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import polars as pl

from signal_pipeline.correlation.clock import SURENESS_PER_EVENT, Floats

MAX_PAIRS = 200_000


def times_by_order(axis: pl.DataFrame, other: pl.DataFrame, count: int) -> tuple[Floats, float, int] | None:
    """A time for each of the `count` records of a file, how sure that is, and how many records spoke of a request.

    `axis` has `key` and `at` (s); `other` has `key` and `place`, the position of the record in its file. Records in
    between are at the time of the one before them. None when nothing matches.
    """
    events = axis.drop_nulls().sort("at").with_row_index("event")
    pairs = _pairs(events, other.drop_nulls().sort("place"))
    if pairs.is_empty():
        return None
    chosen = _heaviest_chain(pairs["event"].to_numpy(), pairs["weight"].to_numpy())
    kept = pairs[chosen]
    times = np.full(count, np.nan)
    times[kept["place"].to_numpy()] = events["at"].to_numpy()[kept["event"].to_numpy()]
    filled = pl.Series(times).fill_nan(None).fill_null(strategy="forward").fill_null(strategy="backward")
    spoken = other.drop_nulls()["place"].n_unique()
    share = kept.height / max(spoken, 1)
    return filled.to_numpy(), share * (1.0 - math.exp(-SURENESS_PER_EVENT * kept.height)), kept.height


def _pairs(events: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    """Every pair with the same key, in the order in which a chain may take them: one partner each."""
    counts = events.group_by("key").agg(pl.len().alias("axis"))
    counts = counts.join(other.group_by("key").agg(pl.len().alias("other")), on="key")
    counts = counts.with_columns(pairs=pl.col("axis").cast(pl.Int64()) * pl.col("other")).sort("pairs")
    counts = counts.filter(pl.col("pairs").cum_sum() <= MAX_PAIRS)
    return (
        other.join(counts, on="key")
        .join(events.select("key", "event"), on="key")
        .select("place", pl.col("event").cast(pl.Int64()), weight=1.0 / pl.max_horizontal("axis", "other"))
        # Of one record's pairs the later event comes first, so that a rising chain takes no more than one of them.
        .sort(["place", "event"], descending=[False, True])
    )


def _heaviest_chain(events: npt.NDArray[np.int64], weights: Floats) -> list[int]:
    """The positions of a strictly rising subsequence with the greatest weight."""
    best = _RunningMaximum(int(events.max()) + 2)
    previous = np.full(len(events), -1)
    totals = np.zeros(len(events))
    for place, (event, weight) in enumerate(zip(events.tolist(), weights.tolist(), strict=True)):
        total, before = best.up_to(event)
        totals[place], previous[place] = total + weight, before
        best.put(event + 1, totals[place], place)
    at = int(totals.argmax())
    chain = []
    while at >= 0:
        chain.append(at)
        at = int(previous[at])
    return chain[::-1]


class _RunningMaximum:
    """The greatest value at positions up to n, as a Fenwick tree."""

    def __init__(self, size: int) -> None:
        self._value = [0.0] * (size + 1)
        self._owner = [-1] * (size + 1)

    def put(self, position: int, value: float, owner: int) -> None:
        while position < len(self._value):
            if value > self._value[position]:
                self._value[position], self._owner[position] = value, owner
            position += position & -position

    def up_to(self, position: int) -> tuple[float, int]:
        value, owner = 0.0, -1
        while position > 0:
            if self._value[position] > value:
                value, owner = self._value[position], self._owner[position]
            position -= position & -position
        return value, owner
