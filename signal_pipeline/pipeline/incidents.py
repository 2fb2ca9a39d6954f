"""The incidents of a report: from its entries and its timeline to rows. How causes are found is in causes/."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import polars as pl

from signal_pipeline.causes.find import find_causes
from signal_pipeline.causes.link import Link
from signal_pipeline.causes.link_kinds import KIND
from signal_pipeline.causes.nodes import NEEDED
from signal_pipeline.causes.records import EntryRecord, IncidentRecord, records_of
from signal_pipeline.causes.settings import CauseSettings
from signal_pipeline.classification.template import plain_templates, reduced_lines
from signal_pipeline.correlation.evidence import CLIENT_FORMATS
from signal_pipeline.frame_schema import EVENT, EXCHANGE, FLOW
from signal_pipeline.pipeline.manifest import report_signals
from signal_pipeline.pipeline.timeline import ENTRY, LOUD
from signal_pipeline.platform.platform import Platform
from signal_pipeline.schemas import INCIDENTS
from signal_pipeline.storage.incidents import replace_incidents

_ABOUT_ERRORS = ("is_error", "error_type", "severity", "template", "signature_hash", "top_frames")
_PARSED = tuple(name for name in NEEDED if name not in _ABOUT_ERRORS)
_ERRORS = (*ENTRY, *_ABOUT_ERRORS)
_ERROR_EXCEPTION = pl.col("exception_class").alias("error_exception")
_TIMELINE = (*ENTRY, "at", "is_target", "request_signal_id", "request_ordinal", "link_confidence", "link_reason")
_BEHIND_RECORDS = 0.01
"""Of a record, a flow and an event about one request, the record is its own."""
MAX_QUIET_ENTRIES = 200_000
"""Entries that are no errors: their ids tell what a request worked on. Of more, only loud ones are read."""


@dataclass(frozen=True)
class ReportFrames:
    """The frames of parsed_entries, classified_errors and timeline of one report."""

    entries: pl.LazyFrame
    errors: pl.LazyFrame
    timeline: pl.LazyFrame


def report_incidents(
    platform: Platform, report_id: UUID, stored: ReportFrames, settings: CauseSettings
) -> list[IncidentRecord]:
    """Found and stored in place of what an earlier run found."""
    files = {str(signal.id): signal.name for signal in report_signals(platform.database, report_id)}
    entries = joined_entries(stored)
    found = records_of(find_causes(entries, settings, files, timeline_links(entries)))
    with platform.database.transaction() as connection:
        replace_incidents(connection, report_id, found)
    return found


def joined_entries(stored: ReportFrames) -> pl.DataFrame:
    """One row per entry with what is known of it as an error, and its time on the common axis in seconds."""
    errors = stored.errors.select(*_ERRORS, _ERROR_EXCEPTION).unique(ENTRY)
    placed = stored.timeline.select(_TIMELINE).with_columns(at=pl.col("at").dt.epoch("us") / 1e6).unique(ENTRY)
    chosen = stored.entries.select(_PARSED)
    if _height(stored.entries) > MAX_QUIET_ENTRIES:
        loud = pl.col("level").is_in(LOUD) | (pl.col("role") == EXCHANGE)
        known = stored.errors.select(ENTRY).unique()
        errors_known = chosen.join(known, on=ENTRY, how="semi", nulls_equal=True)
        chosen = pl.concat([chosen.filter(loud.fill_null(False)), errors_known]).unique(ENTRY)
    joined = chosen.join(errors, on=ENTRY, how="left", nulls_equal=True)
    joined = joined.join(placed, on=ENTRY, how="left", nulls_equal=True)
    frame = joined.with_columns(
        pl.col("is_error").fill_null(False),
        exception_class=pl.coalesce("error_exception", "exception_class"),
        at=pl.coalesce("at", pl.col("timestamp").dt.epoch("us") / 1e6),
    )
    return _with_templates(frame.sort(ENTRY).collect())


def _with_templates(entries: pl.DataFrame) -> pl.DataFrame:
    """With those of warnings as well: the same warning about another order is the same."""
    wanted = entries.with_row_index("row").filter(pl.col("level").is_in(LOUD) & pl.col("template").is_null())
    if wanted.is_empty():
        return entries
    found = plain_templates(reduced_lines(wanted["message"]))
    return entries.with_columns(template=entries["template"].scatter(wanted["row"], found))


def _height(frame: pl.LazyFrame) -> int:
    return int(frame.select(pl.len()).collect().item())


def timeline_links(entries: pl.DataFrame) -> dict[int, Sequence[Link]]:
    """The timeline's links as causes: a server's record causes the failed request, and that what a client wrote."""
    rows = entries.with_row_index("row")
    places = rows.select(request_signal_id="signal_id", request_ordinal="ordinal", request="row")
    linked = rows.drop_nulls("request_ordinal").join(places, on=["request_signal_id", "request_ordinal"])
    found: dict[int, list[Link]] = {}
    for row in linked.iter_rows(named=True):
        client = row["format"] in CLIENT_FORMATS
        symptom, cause = (row["row"], row["request"]) if client else (row["request"], row["row"])
        strength = min(KIND["timeline"].strength, row["link_confidence"])
        if row["role"] in (EVENT, FLOW):
            strength -= _BEHIND_RECORDS
        found.setdefault(symptom, []).append(Link(symptom, cause, "timeline", strength, row["link_reason"]))
    return dict[int, Sequence[Link]](found)


def incident_rows(report_id: UUID, found: Sequence[IncidentRecord]) -> pl.DataFrame:
    """The incidents as a frame of `schemas.INCIDENTS`."""
    rows = [row for incident in found for row in _rows(incident)]
    if not rows:
        return INCIDENTS.empty()
    frame = pl.DataFrame(rows, infer_schema_length=None).with_columns(
        report_id=pl.lit(str(report_id)),
        at=(pl.col("at").cast(pl.Float64()) * 1e6).cast(pl.Int64()).cast(pl.Datetime("us")).dt.replace_time_zone("UTC"),
    )
    return INCIDENTS.conform(frame)


def _rows(incident: IncidentRecord) -> Iterator[dict[str, Any]]:
    root = _row(incident, incident.root) | {"service": incident.root_service}
    yield root | {"part": "root", "count": incident.tries, "in_evidence": incident.in_evidence}
    for symptom in incident.symptoms:
        more = {"part": "symptom", "count": symptom.count, "strength": symptom.strength, "reason": symptom.reason}
        yield _row(incident, symptom.entry) | more


def _row(incident: IncidentRecord, entry: EntryRecord) -> dict[str, Any]:
    return {
        "incident": incident.number,
        "signature_hash": entry.signature,
        "at": entry.at,
        "service": entry.service,
        "error_type": entry.error_type,
        "severity": entry.severity,
        "message": entry.message,
        "is_felt": entry.is_felt,
        **entry.evidence,
    }
