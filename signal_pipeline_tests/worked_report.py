"""A report through all steps, stored as a run would store it, without Dagster: for tests of what reads reports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID, uuid4

import polars as pl

from signal_pipeline.causes.settings import CauseSettings
from signal_pipeline.correlation.settings import CorrelationSettings
from signal_pipeline.frames import spool
from signal_pipeline.intake.submission import submit_report
from signal_pipeline.pipeline.classify import classify_reports
from signal_pipeline.pipeline.cluster import ClusterOutcome, cluster_reports
from signal_pipeline.pipeline.cluster_settings import chosen_settings
from signal_pipeline.pipeline.embed import EmbeddedReport, embed_reports
from signal_pipeline.pipeline.incidents import ReportFrames, incident_rows, report_incidents
from signal_pipeline.pipeline.manifest import FetchingTools, collect_manifest, report_signals
from signal_pipeline.pipeline.parse import ParsingTools, parse_report
from signal_pipeline.pipeline.reader_version import READER_VERSION
from signal_pipeline.pipeline.report_events import record_events
from signal_pipeline.pipeline.timeline import StoredReport, report_timelines
from signal_pipeline.platform.platform import Platform
from signal_pipeline.reports.decisions import refresh_causes
from signal_pipeline.schemas import CLUSTERS, EMBEDDINGS, INCIDENTS, MANIFEST, TIMELINE
from signal_pipeline.storage.batches import Batch, assign, begin, complete
from signal_pipeline.storage.intake import accept, lease_due
from signal_pipeline.storage.outcomes import problem_summaries, replace_outcomes
from signal_pipeline.storage.reports import content_digest, signals_of


def submit_and_work(platform: Platform, paths: Sequence[Path], title: str | None = None) -> UUID:
    report_id = submit_report(platform, paths, title=title, source="test").report_id
    work(platform, report_id)
    return report_id


def work(platform: Platform, report_id: UUID) -> None:
    """From the object store to COMPLETED."""
    signals = report_signals(platform.database, report_id)
    manifest = collect_manifest(report_id, signals, FetchingTools.of(platform))
    _put(platform, report_id, "raw_signals", manifest, MANIFEST)
    keys = {signal.id: signal.object_key for signal in signals}
    parsed = parse_report(manifest, keys, ParsingTools.of(platform), platform.frames.spool_path())
    platform.frames.put("parsed_entries", report_id, parsed.entries)
    entries = platform.frames.scan("parsed_entries", report_id)
    record_events(platform, report_id, entries)
    classified = classify_reports({report_id: entries}, platform.frames.spool_path)[report_id]
    platform.frames.put("classified_errors", report_id, classified.errors)
    errors = platform.frames.scan("classified_errors", report_id)
    for _, made in report_timelines({report_id: StoredReport(entries, errors)}, CorrelationSettings()):
        _put(platform, report_id, "timeline", made.timeline.frame, TIMELINE)
    stored = ReportFrames(entries, errors, platform.frames.scan("timeline", report_id))
    incidents = report_incidents(platform, report_id, stored, CauseSettings())
    _put(platform, report_id, "incidents", incident_rows(report_id, incidents), INCIDENTS)
    embedded = embed_reports(platform, {report_id: errors})[report_id]
    assert isinstance(embedded, EmbeddedReport)
    _put(platform, report_id, "embeddings", embedded.frame, EMBEDDINGS)
    outcome = cluster_reports(platform, [report_id], chosen_settings(platform.settings), "run-1")[report_id]
    assert isinstance(outcome, ClusterOutcome)
    with platform.database.transaction() as connection:
        replace_outcomes(connection, report_id, parsed.outcomes, parsed.duplicates, READER_VERSION)
        accept(connection, report_id, content_digest(signals_of(connection, report_id)))
        batch = Batch(uuid4(), tuple(one for one in lease_due(connection, 1000, 60) if one.report_id == report_id))
        assign(connection, [batch])
        begin(connection, batch.id, "run-1", 60)
        complete(connection, batch.id, problem_summaries(connection, [report_id]))
    _put(platform, report_id, "clusters", outcome.clustered.frame, CLUSTERS)
    refresh_causes(platform.database, report_id)


def _put(platform: Platform, report_id: UUID, asset: str, frame: pl.DataFrame, schema: object) -> None:
    platform.frames.put(asset, report_id, spool([frame], schema, platform.frames.spool_path()))  # type: ignore[arg-type]
