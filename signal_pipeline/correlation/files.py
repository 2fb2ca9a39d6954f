"""All files of a report on one axis: each file's clock is set against those that are set already.

The axis is the clock of the HAR with the most requests, since that is where the person sat; without one, of the log
with the most times.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from signal_pipeline.correlation.clock import ASSUMED, ENOUGH, SAME, Clock, Floats, shift_between, unrolled
from signal_pipeline.correlation.order import times_by_order

LEAST_CONFIDENCE = 0.5
_ORDER = "order"
_IDS = "ids"
# How events are matched, the most telling way first: the name that a reader sees, and the key.
_KEYS: tuple[tuple[str, pl.Expr], ...] = (
    (
        "method, path and status",
        pl.concat_str("m_method", "m_path", pl.col("m_status").cast(pl.String()), separator=" "),
    ),
    ("path and status", pl.concat_str(pl.col("m_path").str.extract(r"([^/]*)$", 1), pl.col("m_status"), separator=" ")),
    ("method and route", pl.concat_str("m_method", "m_route", separator=" ")),
)


class Axis:
    """The files of one report (column `file`) while their clocks are set. Columns needed: see timeline.py."""

    def __init__(self, entries: pl.DataFrame) -> None:
        self._parts = {int(key[0]): part for key, part in entries.partition_by("file", as_dict=True).items()}
        self._has = {number: bool(part["is_request"].any()) for number, part in self._parts.items()}
        self._keys = {number: _keys_of(part) for number, part in self._parts.items()}
        self.clocks: dict[int, Clock] = {}
        self.anchors: dict[int, str] = {}
        self._times: dict[int, Floats] = {}

    def set_clocks(self) -> pl.DataFrame:
        """`row` and `at` (s on the axis, null where nothing is known) of every entry."""
        self._set_reference()
        while self._settle_best():
            pass
        for number in set(self._parts) - set(self.clocks):
            self._assume(number)
        rows = [
            part.select("row").with_columns(at=pl.Series(self._times[number], dtype=pl.Float64).fill_nan(None))
            for number, part in sorted(self._parts.items())
        ]
        return pl.concat(rows)

    def _set_reference(self) -> None:
        def rank(number: int) -> tuple[bool, int, int]:
            return self._has[number], int(self._parts[number]["t"].count()), -number

        first = max(self._parts, key=rank)
        self.clocks[first], self.anchors[first] = SAME, "end"
        self._times[first] = self._written(first)

    def _written(self, number: int) -> Floats:
        """The times as the file says them; times of day on the day of what is set already."""
        part = self._parts[number]
        written = part["t"].fill_null(np.nan).to_numpy().astype(np.float64)
        if np.isfinite(written).any() or not part["clock"].count():
            return written
        times = np.full(part.height, np.nan)
        stated = part["clock"].is_not_null().to_numpy()
        times[stated] = unrolled(part["clock"].drop_nulls().to_numpy())
        known = [t[np.isfinite(t)] for t in self._times.values()]
        middle = float(np.median(np.concatenate(known))) if known and sum(map(len, known)) else 0.0
        return times + middle // 86_400 * 86_400

    def _settle_best(self) -> bool:
        """Set the clock of the file that is surest; False when no file is sure enough."""
        found = {
            number: estimate
            for number in self._parts
            if number not in self.clocks and (estimate := self._estimate(number)) is not None
        }
        sure = {n: e for n, e in found.items() if e[0].confidence >= LEAST_CONFIDENCE}
        if not sure:
            return False
        number = max(sure, key=lambda n: (sure[n][0].confidence, sure[n][0].events, -n))
        self.clocks[number], self.anchors[number], self._times[number] = sure[number]
        return True

    def _estimate(self, number: int) -> tuple[Clock, str, Floats] | None:
        for others in self._axes(number):
            shared = self._shared(number, others)
            if not shared:
                continue
            written = self._written(number)
            axis = pl.concat(self._with_times(other) for other in others)
            if np.isfinite(written).any():
                best = self._by_time(axis, number, written, shared)
                if best is not None and best[0].confidence >= LEAST_CONFIDENCE:
                    return best[0], best[1], written - best[0].offset
            else:
                placed = self._by_order(axis, number, shared)
                if placed is not None:
                    return placed
        return None

    def _axes(self, number: int) -> Iterator[list[int]]:
        """The files that are set already, to compare with: requests first, then logs."""
        wanted = (True, False) if not self._has[number] else (False, True)
        for requests in wanted:
            if others := [n for n in self.clocks if self._has[n] is requests]:
                yield others

    def _shared(self, number: int, others: Sequence[int]) -> set[str]:
        """The ways in which an event of the file can be one of the others': most files of most reports have none."""
        return {
            basis
            for basis, keys in self._keys[number].items()
            if any(not keys.isdisjoint(self._keys[other][basis]) for other in others)
        }

    def _with_times(self, number: int) -> pl.DataFrame:
        return self._parts[number].with_columns(at=pl.Series(self._times[number], dtype=pl.Float64))

    def _by_time(
        self, axis: pl.DataFrame, number: int, written: Floats, shared: Collection[str]
    ) -> tuple[Clock, str] | None:
        part = self._parts[number].with_columns(at=pl.Series(written, dtype=pl.Float64).fill_nan(None))
        both_requests = self._has[number] and bool(axis["is_request"].any())
        best: tuple[Clock, str] | None = None
        for basis, left, right in _events(axis, part, {_IDS} & set(shared) if both_requests else shared):
            for anchor in ("end", "start"):
                clock = shift_between(_moments(left, anchor), _moments(right, anchor), basis)
                if clock is not None and (best is None or _rank(clock) > _rank(best[0])):
                    best = clock, anchor
            if best is not None and best[0].confidence >= ENOUGH:
                break
        return best

    def _by_order(self, axis: pl.DataFrame, number: int, shared: Collection[str]) -> tuple[Clock, str, Floats] | None:
        part = self._parts[number].with_columns(place=pl.int_range(pl.len(), dtype=pl.Int64()))
        best: tuple[Clock, str, Floats] | None = None
        for basis, key in _KEYS:
            if basis not in shared:
                continue
            events = axis.with_columns(key=key).select("key", at=_end())
            found = times_by_order(events, part.select("place", key=key), part.height)
            if found is not None and (best is None or found[1] > best[0].confidence):
                best = replace(ASSUMED, confidence=found[1], events=found[2], basis=_ORDER), "end", found[0]
        return best

    def _assume(self, number: int) -> None:
        """Nothing tells this file's clock: it is assumed to be correct, and entries without a time have none."""
        self.clocks[number], self.anchors[number] = ASSUMED, "end"
        self._times[number] = self._written(number)


def _rank(clock: Clock) -> tuple[float, int, float]:
    return round(clock.confidence, 2), clock.events, -clock.spread


def _events(
    axis: pl.DataFrame, part: pl.DataFrame, shared: Collection[str]
) -> Iterator[tuple[str, pl.DataFrame, pl.DataFrame]]:
    """Both sides with a `key`, way after way."""
    if _IDS in shared:
        yield _IDS, axis.explode("ids").with_columns(key="ids"), part.explode("ids").with_columns(key="ids")
    for basis, key in _KEYS:
        if basis in shared:
            yield basis, axis.with_columns(key=key), part.with_columns(key=key)


def _keys_of(part: pl.DataFrame) -> dict[str, set[str]]:
    """The keys of a file's events, for each way of matching."""
    keys = part.select(key.alias(basis) for basis, key in _KEYS)
    keys_by_basis = {basis: set(keys[basis].drop_nulls().to_list()) for basis in keys.columns}
    return {_IDS: set(part["ids"].explode().drop_nulls().to_list()), **keys_by_basis}


def _end() -> pl.Expr:
    return pl.col("at") + pl.when("is_request").then(pl.col("seconds").fill_null(0.0)).otherwise(0.0)


def _moments(events: pl.DataFrame, anchor: str) -> pl.DataFrame:
    """`key` and `at`: requests at their end or start; records when they were written."""
    return events.select("key", at=_end() if anchor == "end" else pl.col("at"))
