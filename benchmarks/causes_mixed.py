"""One problem or five: reports made of several with one fault each, times shifted so that they follow each other or
overlap; ids are kept, files of the same name are one file. Are as many problems told as there are faults?
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import combinations

import polars as pl

from benchmarks.causes_data import Labelled
from benchmarks.causes_ranking import errors_of, solve
from benchmarks.result import Figure

MOST = 5
EACH = 20
"""Mixed reports of each number of faults; every second one with faults that overlap."""
BURST_SECONDS = 10.0
APART_SECONDS = (60.0, 600.0)
OVERLAP_SECONDS = (1.0, 20.0)
Group = tuple[str, str]


@dataclass
class Tally:
    """Over mixed reports: problems told and faults there, and pairs of error groups told together and belonging."""

    told: list[int]
    there: list[int]
    both: int = 0
    found: int = 0
    true: int = 0

    @property
    def exact(self) -> float:
        return sum(t == k for t, k in zip(self.told, self.there, strict=True)) / max(len(self.told), 1)

    @property
    def error(self) -> float:
        return statistics.mean(abs(t - k) for t, k in zip(self.told, self.there, strict=True))


def figures(part: str, reports: Sequence[Labelled], seed: int) -> dict[str, Figure]:
    tallies = {name: Tally([], []) for name in ("product", *PLAIN_RULES)}
    for chosen, overlap in _choices(reports, random.Random(seed)):
        entries = mixed(chosen, random.Random(len(chosen)), overlap=overlap)
        errors = errors_of(entries)
        solved = solve(entries)
        _count(tallies["product"], len(chosen), len(solved.problems), errors, solved.problems_of_row)
        for name, rule in PLAIN_RULES.items():
            groups = rule(errors)
            belongs = {row: {group} for row, group in zip(errors["row"], groups, strict=True)}
            _count(tallies[name], len(chosen), len(set(groups)), errors, belongs)
    mine = tallies.pop("product")
    name, best = max(((name, tally.exact) for name, tally in tallies.items()), key=lambda pair: pair[1])
    _, least = min(((name, tally.error) for name, tally in tallies.items()), key=lambda pair: pair[1])
    return {
        f"mixed_{part}_exact": Figure(round(mine.exact, 4), 0.8, "higher", "share", name, round(best, 4)),
        f"mixed_{part}_error": Figure(round(mine.error, 3), 0.4, "lower", "problems", "best rule", round(least, 3)),
        f"mixed_{part}_precision": Figure(round(mine.both / max(mine.found, 1), 4), 0.95, "higher", "share of pairs"),
        f"mixed_{part}_recall": Figure(round(mine.both / max(mine.true, 1), 4), 0.9, "higher", "share of pairs"),
        f"mixed_{part}_reports": Figure(len(mine.told), None, "higher", "reports"),
    }


def _choices(reports: Sequence[Labelled], rng: random.Random) -> Iterable[tuple[list[Labelled], bool]]:
    """Reports with faults in different functions."""
    for number in range(1, MOST + 1):
        for turn in range(EACH):
            shuffled = rng.sample(list(reports), len(reports))
            different = {report.truth["function"]: report for report in shuffled}
            yield list(different.values())[:number], bool(turn % 2)


def mixed(chosen: Sequence[Labelled], rng: random.Random, *, overlap: bool) -> pl.DataFrame:
    """One report of all of them; `source` says where each entry is from."""
    at, frames = 0.0, []
    for report in chosen:
        times = report.entries["timestamp"].dt.epoch("us")
        begin, end = int(times.min() or 0), int(times.max() or 0)  # type: ignore[call-overload]
        by = pl.duration(microseconds=int(at * 1e6) - begin)
        frames.append(report.entries.with_columns(pl.col("timestamp") + by, source=pl.lit(report.name)))
        at += rng.uniform(*OVERLAP_SECONDS) if overlap else (end - begin) / 1e6 + rng.uniform(*APART_SECONDS)
    every = pl.concat(frames).with_row_index("turn")
    near = pl.col("timestamp").forward_fill().over("source", "signal_id", "member")
    every = every.with_columns(near=near.fill_null(pl.col("timestamp").min())).sort("signal_id", "near", "turn")
    place = pl.int_range(pl.len()).over("signal_id", "member").cast(every.schema["ordinal"])
    return every.with_columns(ordinal=place, line_number=place + 1).drop("turn", "near")


def _count(
    tally: Tally,
    there: int,
    told: int,
    errors: pl.DataFrame,
    belongs: Mapping[int, AbstractSet[Hashable]],
) -> None:
    tally.told.append(told)
    tally.there.append(there)
    groups: dict[Group, set[Hashable]] = {}
    for row, source, signature in errors.select("row", "source", "signature_hash").iter_rows():
        groups.setdefault((source, signature), set()).update(belongs.get(row, set()))
    for one, other in combinations(groups, 2):
        together, same = bool(groups[one] & groups[other]), one[0] == other[0]
        tally.both += together and same
        tally.found += together
        tally.true += same


def by_request(errors: pl.DataFrame) -> list[Hashable]:
    return errors.select(pl.coalesce("request_id", "trace_id", "signature_hash")).to_series().to_list()


def by_burst(errors: pl.DataFrame) -> list[Hashable]:
    gap = (pl.col("timestamp").diff().dt.total_milliseconds() / 1000).fill_null(0.0)
    return errors.select((gap > BURST_SECONDS).cum_sum()).to_series().to_list()


def by_exception(errors: pl.DataFrame) -> list[Hashable]:
    return errors.select(pl.coalesce("exception_class", "signature_hash")).to_series().to_list()


PLAIN_RULES: Mapping[str, Callable[[pl.DataFrame], list[Hashable]]] = {
    "one per request id": by_request,
    "one per burst": by_burst,
    "one per exception": by_exception,
}
