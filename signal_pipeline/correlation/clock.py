"""How far the clock of one file is ahead of another's, from events that both tell of. Robust against events that do
not belong together: every pair of events with the same key votes for its difference, and the most voted wins.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]

# The scale on which agreement is looked for: network and logging delays lie below it, think times above.
WINDOW_SECONDS = 0.25
COARSE_WINDOW_SECONDS = 1.25
"""For clocks that write whole seconds."""
LONGEST_SHIFT_SECONDS = 36 * 3600.0
MAX_PAIRS = 2_000_000
MAX_PAIRS_PER_KEY = 200_000
# Each event by which the best shift beats the second best makes the second less probable by this factor's exponent.
SURENESS_PER_EVENT = 0.7
ENOUGH = 0.9


@dataclass(frozen=True)
class Clock:
    """Subtract `offset` seconds from the file's times to stand on the axis. `spread` is the median deviation of the
    matching events in seconds; `basis` says what they were matched by.
    """

    offset: float
    confidence: float
    events: int
    spread: float
    basis: str


ASSUMED = Clock(offset=0.0, confidence=0.0, events=0, spread=0.0, basis="assumed")
SAME = Clock(offset=0.0, confidence=1.0, events=0, spread=0.0, basis="reference")


def shift_between(axis: pl.DataFrame, other: pl.DataFrame, basis: str) -> Clock | None:
    """The shift of `other` against `axis`; both have columns `key` and `at` (s). None when no key is in both.

    An event without a partner costs nothing; a key that occurs often weighs little.
    """
    axis, other = axis.drop_nulls(), other.drop_nulls()
    differences, weights = _pairs(axis, other)
    if not len(differences):
        return None
    window = _window(other["at"])
    best, second = _peaks(differences, weights, window)
    offset = _refined(differences, best, window)
    near = np.abs(differences - offset) <= window
    events = _partners(axis, other, offset, window)
    rivals = _partners(axis, other, second, window) if second is not None else 0
    lead = max(events - rivals, 0)
    return Clock(
        offset=offset,
        confidence=1.0 - math.exp(-SURENESS_PER_EVENT * lead),
        events=events,
        spread=float(np.median(np.abs(differences[near] - offset))) if near.any() else 0.0,
        basis=basis,
    )


def _pairs(axis: pl.DataFrame, other: pl.DataFrame) -> tuple[Floats, Floats]:
    """The difference of every pair with the same key, and its weight; the rarest keys first while there is room."""
    counts = _count(axis, "axis").join(_count(other, "other"), on="key")
    if counts.is_empty():
        return np.empty(0), np.empty(0)
    counts = counts.with_columns(pairs=pl.col("axis") * pl.col("other")).sort("pairs")
    counts = counts.with_columns(
        kept=(MAX_PAIRS_PER_KEY / pl.col("other")).floor().clip(1, pl.col("axis")).cast(pl.Int64())
    )
    counts = counts.filter((pl.col("kept") * pl.col("other")).cum_sum() <= MAX_PAIRS)
    thinned = (
        axis.join(counts, on="key")
        .with_columns(place=pl.int_range(pl.len()).over("key"), step=(pl.col("axis") / pl.col("kept")).ceil())
        .filter(pl.col("place") % pl.col("step") == 0)
    )
    pairs = thinned.rename({"at": "at_axis"}).join(other.rename({"at": "at_other"}), on="key")
    pairs = pairs.select(
        difference=pl.col("at_other") - pl.col("at_axis"),
        weight=1.0 / pl.max_horizontal("axis", "other"),
    ).filter(pl.col("difference").abs() <= LONGEST_SHIFT_SECONDS)
    pairs = pairs.sort("difference")
    return pairs["difference"].to_numpy(), pairs["weight"].to_numpy()


def _count(events: pl.DataFrame, name: str) -> pl.DataFrame:
    return events.group_by("key").agg(pl.len().cast(pl.Int64()).alias(name))


def _window(times: pl.Series) -> float:
    whole = times.drop_nulls()
    return COARSE_WINDOW_SECONDS if ((whole % 1.0).abs() < 1e-6).all() else WINDOW_SECONDS


def _peaks(differences: Floats, weights: Floats, window: float) -> tuple[float, float | None]:
    """The middle of the window with most weight, and of the best one that does not touch it."""
    summed = np.concatenate([[0.0], np.cumsum(weights)])
    ends = np.searchsorted(differences, differences + window, "right")
    votes = summed[ends] - summed[:-1]
    best = int(votes.argmax())
    middle = _middle(differences[best : ends[best]])
    apart = np.abs(differences - middle) > 2 * window
    if not apart.any():
        return middle, None
    second = int(np.where(apart, votes, -1.0).argmax())
    return middle, _middle(differences[second : ends[second]])


def _middle(values: Floats) -> float:
    return float(np.median(values))


def _refined(differences: Floats, start: float, window: float) -> float:
    """The median of what lies close, closer each time: single outliers inside the window lose their pull."""
    offset, reach = start, window
    for _ in range(3):
        near = differences[np.abs(differences - offset) <= reach]
        if len(near) < 3:
            break
        offset = float(np.median(near))
        reach = max(3.0 * float(np.median(np.abs(near - offset))), window / 10)
    return offset


def _partners(axis: pl.DataFrame, other: pl.DataFrame, offset: float, window: float) -> int:
    """How many events of `axis` have one of `other` for themselves under this shift."""
    moved = other.with_columns(pl.col("at") - offset).sort("at")
    found = (
        axis.sort("at")
        .with_row_index("event")
        .join_asof(
            moved.with_row_index("partner"),
            on="at",
            by="key",
            strategy="nearest",
            tolerance=window,
            check_sortedness=False,
        )
        .drop_nulls("partner")
    )
    return int(found["partner"].n_unique())


def unrolled(clock: Floats) -> Floats:
    """Times of day in file order as seconds that pass midnight instead of starting again."""
    steps = np.diff(clock, prepend=clock[:1])
    passed = np.where(steps < -43_200, 86_400.0, np.where(steps > 43_200, -86_400.0, 0.0))
    whole: Floats = clock + np.cumsum(passed)
    return whole


def span_of(times: pl.Series) -> float:
    """Seconds from the first to the last time, at least one."""
    known = times.drop_nulls().to_numpy()
    return max(float(known.max() - known.min()), 1.0) if len(known) else 1.0


def as_row(clock: Clock) -> dict[str, Any]:
    return {
        "clock_offset_ms": round(clock.offset * 1000, 3),
        "clock_confidence": round(clock.confidence, 4),
        "clock_events": clock.events,
        "clock_basis": clock.basis,
    }
