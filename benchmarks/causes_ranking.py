"""What the product puts first in a report, and what plain rules put first: rows of entries in order of reading."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from signal_pipeline.causes.find import Causes, find_causes
from signal_pipeline.causes.problems import Problem, problems_of
from signal_pipeline.causes.records import IncidentRecord, records_of
from signal_pipeline.causes.services import service_of
from signal_pipeline.causes.settings import CauseSettings

SEVERITIES = ("critical", "high", "medium", "low")
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Solved:
    """A report with its incidents and problems, as the product finds them without a catalog."""

    entries: pl.DataFrame
    found: Causes
    incidents: Sequence[IncidentRecord]
    problems: Sequence[Problem]

    def row(self, problem: Problem) -> Row:
        """The root of the problem's first incident."""
        return self.entries.row(self.found.incidents[problem.first.number - 1].root, named=True)

    @cached_property
    def problems_of_row(self) -> dict[int, set[int]]:
        """The numbers of the problems that an entry belongs to, from 0 in their order; by row."""
        at = {incident.number: number for number, one in enumerate(self.problems) for incident in one.incidents}
        belongs: dict[int, set[int]] = {}
        for number, incident in enumerate(self.found.incidents, 1):
            if number in at:
                for row in incident.rows:
                    belongs.setdefault(row, set()).add(at[number])
        return belongs


def solve(entries: pl.DataFrame) -> Solved:
    found = find_causes(entries, CauseSettings())
    incidents = records_of(found)
    return Solved(entries, found, incidents, problems_of(incidents, {}))


def beside(solved: Solved, usual: Iterable[str]) -> Sequence[Problem]:
    """The problems in the foreground where these places are known for errors."""
    problems = problems_of(solved.incidents, {}, usual=frozenset(usual))
    return [problem for problem in problems if not problem.is_background]


def places_of(solved: Solved) -> frozenset[str]:
    """The places of all errors of a report."""
    entries = [entry for one in solved.incidents for entry in (one.root, *(s.entry for s in one.symptoms))]
    return frozenset(entry.place for entry in entries)


def errors_of(entries: pl.DataFrame) -> pl.DataFrame:
    """The errors in order of time, with `row` and the service that a file's name tells."""
    found = entries.with_row_index("row").filter(pl.col("is_error") & pl.col("signature_hash").is_not_null())
    names = [service_of(row, row["signal_id"]) for row in found.select("signal_id", "member", "component").to_dicts()]
    return found.with_columns(service=pl.Series(names, dtype=pl.String())).sort("timestamp", "row", nulls_last=True)


def _firsts(entries: pl.DataFrame) -> pl.DataFrame:
    """The first entry of each signature, with how often it is there, in order of time."""
    errors = errors_of(entries)
    return errors.with_columns(often=pl.len().over("signature_hash").cast(pl.Int64())).unique(
        "signature_hash", keep="first", maintain_order=True
    )


def by_severity(entries: pl.DataFrame) -> Sequence[Row]:
    rank = pl.col("severity").replace_strict({name: at for at, name in enumerate(SEVERITIES)}, default=9)
    return _firsts(entries).sort(rank, -pl.col("often"), maintain_order=True).to_dicts()


def earliest(entries: pl.DataFrame) -> Sequence[Row]:
    return _firsts(entries).to_dicts()


def earliest_with_trace(entries: pl.DataFrame) -> Sequence[Row]:
    return _firsts(entries).filter(pl.col("top_frames").list.len() > 0).to_dicts()


def most_frequent(entries: pl.DataFrame) -> Sequence[Row]:
    return _firsts(entries).sort(-pl.col("often"), maintain_order=True).to_dicts()


PLAIN_RULES: Mapping[str, Callable[[pl.DataFrame], Sequence[Row]]] = {
    "by severity": by_severity,
    "earliest": earliest,
    "earliest with a trace": earliest_with_trace,
    "most frequent": most_frequent,
}


def first_place(rows: Iterable[Row], holds: Callable[[Row], bool]) -> int | None:
    """The place, from 1, of the first row that `holds`; None where there is none."""
    return next((at for at, row in enumerate(rows, 1) if holds(row)), None)
