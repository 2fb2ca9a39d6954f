"""The timeline of a report: which of its entries are on it, and how they hang together.

What belongs here: keeping within bounds, whatever the size of the files. How entries are joined is in correlation/.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

import polars as pl

from signal_pipeline.correlation.mentions import with_mentions
from signal_pipeline.correlation.settings import CorrelationSettings
from signal_pipeline.correlation.timeline import Timeline, build_timelines
from signal_pipeline.frame_schema import EXCHANGE
from signal_pipeline.pipeline.batching import batches, row_counts

LOUD = ("warning", "error", "critical")
ENTRY = ("signal_id", "member", "ordinal")
ERROR_COLUMNS = ("error_type", "severity", "signature_hash")
MAX_TIES = 100_000
"""Ids and paths of requests by which records are recognised as tied to them."""


@dataclass(frozen=True)
class ReportTimeline:
    """`left_out` counts entries for which there was no room."""

    timeline: Timeline
    left_out: int


@dataclass(frozen=True)
class StoredReport:
    """The frames of parsed_entries and classified_errors of one report."""

    entries: pl.LazyFrame
    errors: pl.LazyFrame


def report_timelines(
    reports: Mapping[UUID, StoredReport], settings: CorrelationSettings
) -> Iterator[tuple[UUID, ReportTimeline]]:
    """In no certain order; small reports are processed together."""
    rows = row_counts({report_id: stored.entries for report_id, stored in reports.items()})
    for some in batches(rows):
        joined = pl.collect_all([_joined_errors(reports[one], rows[one], settings) for one in some])
        for report_id, entries, timeline in zip(some, joined, build_timelines(joined, settings), strict=True):
            yield report_id, ReportTimeline(timeline, left_out=rows[report_id] - entries.height)


def _joined_errors(stored: StoredReport, total: int, settings: CorrelationSettings) -> pl.LazyFrame:
    """The entries for which there is room, with what is known of them as errors."""
    chosen = stored.entries
    if total > settings.max_entries:
        chosen = _most_telling(chosen, settings.max_entries).lazy()
    known = stored.errors.select(*ENTRY, *ERROR_COLUMNS, is_error=pl.lit(True)).unique(ENTRY)
    return chosen.join(known, on=ENTRY, how="left", nulls_equal=True).with_columns(pl.col("is_error").fill_null(False))


def _most_telling(entries: pl.LazyFrame, room: int) -> pl.DataFrame:
    """Requests first, then records tied to one, then what is loud, then the rest, each in the order of the files."""
    request = pl.col("role") == EXCHANGE
    tied, loud = _is_tied(entries), pl.col("level").is_in(LOUD).fill_null(False)
    taken: list[pl.DataFrame] = []
    for wanted in (request, ~request & tied, ~request & ~tied & loud, ~request & ~tied & ~loud):
        left = room - sum(part.height for part in taken)
        if left <= 0:
            break
        taken.append(entries.filter(wanted).head(left).collect(engine="streaming"))
    return pl.concat(taken)


def _is_tied(entries: pl.LazyFrame) -> pl.Expr:
    """Whether a record has the id of a request, or names the path of one that failed."""
    requests = entries.filter(pl.col("role") == EXCHANGE).select("trace_id", "request_id", "url", "status", "message")
    known = requests.collect(engine="streaming")
    ids = pl.concat([known["trace_id"], known["request_id"]]).drop_nulls().unique().head(MAX_TIES)
    failed = known.filter((pl.col("status") >= 400) | (pl.col("status") == 0))
    failed = failed.with_columns(method=pl.lit(None, pl.String()), duration_ms=pl.lit(None, pl.Float64()))
    paths = with_mentions(failed)["m_path"].drop_nulls().unique().head(MAX_TIES)
    by_id = pl.col("trace_id").is_in(ids.implode()) | pl.col("request_id").is_in(ids.implode())
    tied = by_id.fill_null(False)
    if paths.len():
        named = pl.coalesce(pl.col("url"), pl.col("message")).str.contains_any(paths.to_list())
        tied = tied | named.fill_null(False)
    return tied
