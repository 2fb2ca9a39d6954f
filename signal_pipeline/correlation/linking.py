"""All links of a report: by id where there are ids, by evidence where there are none."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from signal_pipeline.correlation.clock import Clock
from signal_pipeline.correlation.links import Link
from signal_pipeline.correlation.outcome_records import OutcomeLinks, outcome_links
from signal_pipeline.correlation.related_records import related_links
from signal_pipeline.correlation.request_windows import request_windows
from signal_pipeline.correlation.settings import CorrelationSettings
from signal_pipeline.correlation.shared_ids import foreign_ids, id_links, links_by_neighbour_id

_LOUD = ("warning", "error", "critical")
_REQUEST_COLUMNS = (
    "row", "at", "seconds", "failed", "m_method", "m_host", "m_path", "m_route", "m_status", "net_error", "error_text",
    "ids",
)  # fmt: skip


def links_of(
    rows: pl.DataFrame, clocks: Mapping[int, Clock], anchors: Mapping[int, str], settings: CorrelationSettings
) -> list[Link]:
    """One link for each record that belongs to a failed or slow request. `rows` are those of timeline.py with `at`."""
    targets = set(rows.filter("is_target")["row"].to_list())
    if not targets:
        return []
    requests = rows.filter("is_request").with_columns(failed=pl.col("is_target")).select(_REQUEST_COLUMNS)
    found = id_links(rows)
    taken = {link.record for link in found}
    for key, records in rows.filter(~pl.col("is_request")).partition_by("file", as_dict=True).items():
        number = int(key[0])
        for some, free in _by_ids(requests, records, taken):
            found += _links_by_evidence(some, records, free, clocks[number], anchors[number], settings)
    return [link for link in found if link.request in targets]


def _by_ids(requests: pl.DataFrame, records: pl.DataFrame, taken: set[int]) -> list[tuple[pl.DataFrame, pl.DataFrame]]:
    """Requests and the records among which theirs may be. Where a file shares ids with requests, a record with another
    id belongs to none that has one.
    """
    free = records.filter(~pl.col("row").is_in(list(taken)))
    if free.height == records.height:
        return [(requests, free)]
    has_id = pl.col("ids").list.len() > 0
    return [(requests, free.filter(~has_id)), (requests.filter(~has_id), free.filter(has_id))]


def _links_by_evidence(
    requests: pl.DataFrame,
    records: pl.DataFrame,
    free: pl.DataFrame,
    clock: Clock,
    anchor: str,
    settings: CorrelationSettings,
) -> list[Link]:
    found = outcome_links(requests, free, clock, anchor)
    sure = [link for link in found.links if link.confidence >= settings.least_confidence]
    spread = links_by_neighbour_id(free, sure)
    known = {link.record for link in (*sure, *spread)} | foreign_ids(free, found.foreign_rows)
    loud = free.filter(
        ~pl.col("row").is_in(list(known))
        & (pl.col("is_error") | pl.col("level").is_in(_LOUD))
        & pl.col("at").is_not_null()
    )
    windows = request_windows(requests, OutcomeLinks(sure, found.foreign_rows), records, anchor)
    others = related_links(windows, loud, clock, is_client=bool(records["is_client"].any()))
    return [*sure, *spread, *(link for link in others if link.confidence >= settings.least_confidence)]
