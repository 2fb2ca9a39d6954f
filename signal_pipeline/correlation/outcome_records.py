"""Records that say how a request ended (access logs, a browser's console): at most one of each file for a request.

Which record belongs to which request is decided for all of them at once: a record that fits two requests goes to the
one that no other record fits better. A log may hold the traffic of others as well, so the odds of each pair are weighed
against how often such a record is in the file anyway.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from signal_pipeline.correlation.clock import Clock, span_of
from signal_pipeline.correlation.evidence import LEAST_SCALE_SECONDS, weight, words
from signal_pipeline.correlation.links import Link

LONGEST_GAP_SECONDS = 3.0
# The share of answers that stand anywhere within the gap: a busy server, a client that was slow to say so.
STRAY_SHARE = 0.03
ROUNDS = 12
MAX_PAIRS = 1_000_000
# Of records that nobody accounts for there is always a fraction more than was counted.
UNSEEN = 0.3


@dataclass(frozen=True)
class OutcomeLinks:
    """The links of one file, and the rows of records that tell of a request which is not in the report."""

    links: list[Link]
    foreign_rows: list[int]


def outcome_links(requests: pl.DataFrame, records: pl.DataFrame, clock: Clock, anchor: str) -> OutcomeLinks:
    """What the records of one file that state an outcome belong to. Both frames have the columns of timeline.py."""
    outcomes = _outcomes(records)
    if outcomes.is_empty():
        return OutcomeLinks([], [])
    pairs = _pairs(requests, outcomes, anchor)
    if pairs.is_empty():
        return OutcomeLinks([], outcomes["row"].to_list())
    scale = max(2.0 * clock.spread, LEAST_SCALE_SECONDS)
    pairs = pairs.join(_others_per_second(requests, outcomes), on=["tail", "m_status"], how="left", nulls_equal=True)
    pairs = pairs.with_columns(score=_score(scale, _coverage(requests, pairs)))
    chances = _marginals(pairs["row"].to_numpy(), pairs["request"].to_numpy(), pairs["score"].to_numpy())
    chosen = (
        pairs.with_columns(chance=pl.Series(chances))
        .sort(["chance", "gap", "row"], descending=[True, False, False])
        .unique("row", keep="first", maintain_order=True)
        .unique("request", keep="first", maintain_order=True)
    )
    links = [_link(row, clock) for row in chosen.iter_rows(named=True)]
    linked = {link.record for link in links if link.confidence >= 0.5}
    return OutcomeLinks(links, [row for row in outcomes["row"].to_list() if row not in linked])


def _outcomes(records: pl.DataFrame) -> pl.DataFrame:
    return records.with_columns(tail=_tail()).filter(
        pl.col("m_path").is_not_null()
        & pl.col("at").is_not_null()
        & (pl.col("m_status").is_not_null() | pl.col("net_error").is_not_null())
    )


def _tail() -> pl.Expr:
    """The last part of the path: proxies put other parts before it, consoles leave all others out."""
    return pl.col("m_path").str.extract(r"([^/]*)$", 1)


def _pairs(requests: pl.DataFrame, outcomes: pl.DataFrame, anchor: str) -> pl.DataFrame:
    """Records and requests that may be the same: the last part of the path is equal and they are not far apart."""
    kept = ["row", "tail", "at", "m_method", "m_host", "m_path", "m_status", "m_ms", "net_error"]
    moment = pl.col("at") + (pl.col("seconds").fill_null(0.0) if anchor == "end" else 0.0)
    right = requests.with_columns(tail=_tail(), moment=moment).filter(pl.col("moment").is_not_null())
    right = right.select(
        "tail", "moment", "failed", "seconds",
        request="row", r_method="m_method", r_host="m_host", r_path="m_path", r_status="m_status", r_net="net_error",
    )  # fmt: skip
    # Joined by time first, so that a path of which there are thousands does not meet itself thousands of times.
    left = outcomes.select(kept).with_columns(bin=(pl.col("at") / LONGEST_GAP_SECONDS).floor().cast(pl.Int64()))
    near = pl.concat(
        right.with_columns(bin=(pl.col("moment") / LONGEST_GAP_SECONDS).floor().cast(pl.Int64()) + step)
        for step in (-1, 0, 1)
    )
    pairs = left.join(near, on=["tail", "bin"]).with_columns(gap=(pl.col("at") - pl.col("moment")).abs())
    return pairs.filter(pl.col("gap") <= LONGEST_GAP_SECONDS).sort("gap").head(MAX_PAIRS).sort("row", "request")


def _others_per_second(requests: pl.DataFrame, outcomes: pl.DataFrame) -> pl.DataFrame:
    """How often a record of this path and status is in the file beyond the requests of the report."""
    seconds = span_of(outcomes["at"])
    ours = requests.with_columns(tail=_tail()).group_by("tail", "m_status").agg(pl.len().alias("ours"))
    counted = outcomes.group_by("tail", "m_status").agg(pl.len().alias("stated"))
    counted = counted.join(ours, on=["tail", "m_status"], how="left", nulls_equal=True)
    foreign = (pl.col("stated").cast(pl.Float64()) - pl.col("ours").fill_null(0)).clip(lower_bound=0.0) + UNSEEN
    return counted.select("tail", "m_status", per_second=foreign / seconds)


def _coverage(requests: pl.DataFrame, pairs: pl.DataFrame) -> float:
    """The share of the report's requests that this file tells of at all; a console tells of failures alone."""
    met = pairs.filter((pl.col("gap") < 0.1) & (pl.col("r_status") == pl.col("m_status")).fill_null(True))
    failures_only = not (pairs["m_status"].fill_null(0) < 400).any()
    expected = requests.filter("failed").height if failures_only else requests.height
    return min(max(met["request"].n_unique() / max(expected, 1), 0.05), 0.98)


def _score(scale: float, coverage: float) -> pl.Expr:
    """Log-odds against the record being somebody else's; nulls say nothing."""

    def differs(same: pl.Expr, name: str) -> pl.Expr:
        return pl.when(~same).then(weight(name)).otherwise(0.0)

    answered = pl.when((pl.col("r_status") > 0) & (pl.col("m_status") > 0))
    part = pl.col("r_path").str.ends_with(pl.col("m_path")) | pl.col("m_path").str.ends_with(pl.col("r_path"))
    same = pl.col("r_path") == pl.col("m_path")
    route = pl.when(same).then(0.0).when(part).then(weight("part_of_the_path")).otherwise(weight("other_path"))
    longer = pl.col("m_ms") > pl.col("seconds") * 1200 + 50
    alike = (pl.col("m_ms") - pl.col("seconds") * 1000).abs() < pl.max_horizontal(20.0, pl.col("seconds") * 50)
    duration = pl.when(longer).then(weight("longer_than_the_request")).when(alike).then(weight("same_duration"))
    near = (1 - STRAY_SHARE) * (-pl.col("gap") / scale).exp() / (2 * scale)
    density = near + STRAY_SHARE / (2 * LONGEST_GAP_SECONDS)
    return (
        (density / pl.col("per_second")).log()
        + float(np.log(coverage / (1 - coverage)))
        + differs(pl.col("r_method") == pl.col("m_method"), "other_method")
        + differs(pl.col("r_host") == pl.col("m_host"), "other_host")
        + differs(answered.then(pl.col("r_status") == pl.col("m_status")), "other_status")
        + differs(pl.col("r_net") == pl.col("net_error"), "other_net_error")
        + route
        + duration.otherwise(0.0)
    )


def _marginals(rows: np.ndarray, requests: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """The probability of each pair when a record has one request or nobody, and a request at most one record: the
    alternating normalisation of Sinkhorn, where a request may stay without a record.
    """
    _, row = np.unique(rows, return_inverse=True)
    _, request = np.unique(requests, return_inverse=True)
    mass = np.exp(np.clip(scores, -50.0, 50.0))
    row_factor, request_factor = np.ones(row.max() + 1), np.ones(request.max() + 1)
    for _ in range(ROUNDS):
        row_factor = 1.0 / (1.0 + np.bincount(row, mass * request_factor[request]))
        request_factor = 1.0 / np.maximum(np.bincount(request, mass * row_factor[row]), 1.0)
    chance: np.ndarray = np.minimum(mass * row_factor[row] * request_factor[request], 1.0)
    return chance


_SAMENESS = (
    ("same_method", "r_method", "m_method"),
    ("same_path", "r_path", "m_path"),
    ("same_status", "r_status", "m_status"),
    ("same_net_error", "r_net", "net_error"),
)


def _link(pair: dict[str, Any], clock: Clock) -> Link:
    same = [words(name) for name, one, other in _SAMENESS if pair[one] is not None and pair[one] == pair[other]]
    apart = "in the same order" if clock.basis == "order" else f"{pair['gap'] * 1000:.0f} ms apart"
    return Link(
        record=pair["row"],
        request=pair["request"],
        confidence=round(float(pair["chance"]), 4),
        reason=", ".join([*same, apart]),
        is_answer=True,
    )
