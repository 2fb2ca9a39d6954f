"""When each request was in progress, by one file: those of the report, and others that the file records."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from signal_pipeline.correlation.outcome_records import OutcomeLinks
from signal_pipeline.correlation.wording import words_of


@dataclass(frozen=True)
class RequestWindow:
    """From when to when a request was processed, in seconds on the axis. `in_report`: one of the report's exchanges."""

    row: int
    begin: float
    end: float
    failed: bool
    method: str | None
    path: str | None
    route: str | None
    status: int | None
    net_error: str | None
    words: frozenset[str]
    thread: str | None
    in_report: bool = True


def request_windows(
    requests: pl.DataFrame, outcomes: OutcomeLinks, records: pl.DataFrame, anchor: str
) -> list[RequestWindow]:
    """Sorted by begin. Where a record of the file says how a request ended, its time and duration are taken."""
    needed = [*(link.record for link in outcomes.links), *outcomes.foreign_rows]
    by_row = {row["row"]: row for row in records.filter(pl.col("row").is_in(needed)).iter_rows(named=True)}
    outcome_of = {link.request: by_row[link.record] for link in outcomes.links}
    ours = [_from_request(row, outcome_of.get(row["row"]), anchor) for row in requests.iter_rows(named=True)]
    others = [_from_record(by_row[row], anchor) for row in outcomes.foreign_rows]
    return sorted(
        (o for o in (*ours, *others) if math.isfinite(o.begin)), key=lambda window: (window.begin, window.row)
    )


def _from_request(request: Mapping[str, Any], outcome: Mapping[str, Any] | None, anchor: str) -> RequestWindow:
    at = math.nan if request["at"] is None else float(request["at"])
    begin, end = at, at + (request["seconds"] or 0.0)
    if outcome is not None:
        begin, end = _interval(outcome, anchor, usual=end - begin)
    return RequestWindow(
        row=request["row"],
        begin=begin,
        end=end,
        failed=request["failed"],
        method=request["m_method"],
        path=request["m_path"],
        route=request["m_route"],
        status=request["m_status"] or None,
        net_error=request["net_error"],
        words=words_of(request["error_text"]),
        thread=None if outcome is None else outcome["thread"],
    )


def _from_record(outcome: Mapping[str, Any], anchor: str) -> RequestWindow:
    begin, end = _interval(outcome, anchor, usual=0.0)
    return RequestWindow(
        row=outcome["row"],
        begin=begin,
        end=end,
        failed=(outcome["m_status"] or 0) >= 400,
        method=outcome["m_method"],
        path=outcome["m_path"],
        route=outcome["m_route"],
        status=outcome["m_status"],
        net_error=None,
        words=frozenset(),
        thread=outcome["thread"],
        in_report=False,
    )


def _interval(outcome: Mapping[str, Any], anchor: str, *, usual: float) -> tuple[float, float]:
    at = float(outcome["at"])
    took = usual if outcome["m_ms"] is None else outcome["m_ms"] / 1000
    return (at - took, at) if anchor == "end" else (at, at + took)
