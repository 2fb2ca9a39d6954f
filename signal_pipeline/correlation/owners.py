"""Requests as the records of one file see them: those of the report, and those of others that the file tells of."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from signal_pipeline.correlation.answers import Answers
from signal_pipeline.correlation.wording import words_of


@dataclass(frozen=True)
class Owner:
    """From when to when a request was processed, in seconds on the axis. One that is not `is_ours` stands in no HAR."""

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
    is_ours: bool = True


def owners_of(requests: pl.DataFrame, answers: Answers, records: pl.DataFrame, anchor: str) -> list[Owner]:
    """In order of their begin. Where the file tells of a request's answer, its own time and duration count."""
    needed = [*(link.record for link in answers.links), *answers.of_others]
    by_row = {row["row"]: row for row in records.filter(pl.col("row").is_in(needed)).iter_rows(named=True)}
    told = {link.request: by_row[link.record] for link in answers.links}
    ours = [_of_report(row, told.get(row["row"]), anchor) for row in requests.iter_rows(named=True)]
    others = [_of_somebody(by_row[row], anchor) for row in answers.of_others]
    return sorted((o for o in (*ours, *others) if math.isfinite(o.begin)), key=lambda owner: (owner.begin, owner.row))


def _of_report(request: Mapping[str, Any], answer: Mapping[str, Any] | None, anchor: str) -> Owner:
    at = math.nan if request["at"] is None else float(request["at"])
    begin, end = at, at + (request["seconds"] or 0.0)
    if answer is not None:
        begin, end = _interval(answer, anchor, usual=end - begin)
    return Owner(
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
        thread=None if answer is None else answer["thread"],
    )


def _of_somebody(answer: Mapping[str, Any], anchor: str) -> Owner:
    begin, end = _interval(answer, anchor, usual=0.0)
    return Owner(
        row=answer["row"],
        begin=begin,
        end=end,
        failed=(answer["m_status"] or 0) >= 400,
        method=answer["m_method"],
        path=answer["m_path"],
        route=answer["m_route"],
        status=answer["m_status"],
        net_error=None,
        words=frozenset(),
        thread=answer["thread"],
        is_ours=False,
    )


def _interval(answer: Mapping[str, Any], anchor: str, *, usual: float) -> tuple[float, float]:
    at = float(answer["at"])
    took = usual if answer["m_ms"] is None else answer["m_ms"] / 1000
    return (at - took, at) if anchor == "end" else (at, at + took)
