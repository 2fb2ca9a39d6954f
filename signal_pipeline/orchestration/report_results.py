"""For each asset: do the step for one report, store what belongs in Postgres, and say what the UI shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from uuid import UUID

import polars as pl

from signal_pipeline.crashpoints import crashpoint
from signal_pipeline.errors import PartialReason, SignalPipelineError
from signal_pipeline.frame_schema import FrameSchema
from signal_pipeline.frames import SpooledFrame, spool
from signal_pipeline.orchestration import asset_metadata as show
from signal_pipeline.orchestration import checks
from signal_pipeline.orchestration.report_result import ReportResult
from signal_pipeline.orchestration.traffic_results import traffic_results
from signal_pipeline.pipeline.classify import ClassifiedReport, classify_reports
from signal_pipeline.pipeline.earlier_reading import EarlierReading
from signal_pipeline.pipeline.embed import EmbeddedReport, embed_reports
from signal_pipeline.pipeline.manifest import FetchingTools, collect_manifest, report_signals
from signal_pipeline.pipeline.parse import ParsingTools, parse_report
from signal_pipeline.pipeline.reader_version import READER_VERSION
from signal_pipeline.pipeline.report_events import record_events
from signal_pipeline.platform.platform import Platform
from signal_pipeline.schemas import EMBEDDING_DIMENSION, EMBEDDINGS, ERRORS, MANIFEST, PARSED
from signal_pipeline.storage.outcomes import add_reason, replace_outcomes
from signal_pipeline.storage.traffic import forget_traffic

TOP = 10


def manifest_result(platform: Platform, report_id: UUID) -> ReportResult:
    signals = report_signals(platform.database, report_id)
    manifest = collect_manifest(report_id, signals, FetchingTools.of(platform))
    listed = manifest.select("name", "kind", "container", "size_bytes", "outcome", "reason", "duplicate_of")
    frame = _spooled(platform, manifest, MANIFEST)
    return ReportResult(
        frame=frame,
        metadata={
            "dagster/row_count": manifest.height,
            "bytes": int(manifest["size_bytes"].sum() or 0),
            "duplicates": manifest["duplicate_of"].count(),
            "not_fetched": int((manifest["outcome"] == "failed").sum()),
            "files": show.table([{k: "" if v is None else v for k, v in row.items()} for row in listed.to_dicts()]),
        },
        problems={checks.SCHEMA: checks.schema_problems(MANIFEST, frame)},
    )


def parsed_result(platform: Platform, report_id: UUID, manifest: pl.LazyFrame, *, isolated: bool) -> ReportResult:
    """`isolated`: files are read in a process of their own."""
    rows = manifest.collect()
    keys = {signal.id: signal.object_key for signal in report_signals(platform.database, report_id)}
    earlier = EarlierReading(platform.database, platform.frames, report_id)
    parsed = parse_report(
        rows, keys, ParsingTools.of(platform, isolated=isolated), platform.frames.spool_path(), earlier
    )
    known = {signal_id: outcome for signal_id, outcome in parsed.outcomes.items() if signal_id in keys}
    with platform.database.transaction() as connection:
        replace_outcomes(connection, report_id, known, parsed.duplicates, READER_VERSION)
        forget_traffic(connection, report_id)
    events = record_events(platform, report_id, parsed.entries.scan())
    names = {row["signal_id"]: row["name"] for row in rows.iter_rows(named=True)}
    redactions: Counter[str] = Counter()
    for outcome in parsed.outcomes.values():
        redactions.update(outcome.redactions)
    return ReportResult(
        frame=parsed.entries,
        metadata={
            "dagster/row_count": parsed.entries.rows,
            "lines": sum(outcome.lines for outcome in parsed.outcomes.values()),
            "files": show.table(show.outcome_rows(names, parsed.outcomes)),
            "events": events.accepted,
            "redacted": show.count_table("rule", dict(redactions.most_common())),
        },
        problems={
            checks.SCHEMA: checks.schema_problems(PARSED, parsed.entries),
            checks.COVERAGE: checks.coverage_problems(parsed.outcomes),
        },
        beside=traffic_results(platform, report_id, parsed.entries.scan(), parsed.outcomes.values()),
    )


def errors_results(platform: Platform, entries: Mapping[UUID, pl.LazyFrame]) -> dict[UUID, ReportResult]:
    """Small reports are classified together."""
    found = classify_reports(entries, platform.frames.spool_path)
    if any(one.faulty for one in found.values()):
        with platform.database.transaction() as connection:
            for report_id, one in found.items():
                add_reason(connection, report_id, one.faulty, PartialReason.INTERNAL_ERROR)
    return {report_id: _errors_result(one) for report_id, one in found.items()}


def _errors_result(classified: ClassifiedReport) -> ReportResult:
    errors, summary = classified.errors, classified.summary
    templates = show.counts(summary["template"])
    by_type = show.counts(summary["error_type"])
    return ReportResult(
        frame=errors,
        metadata={
            "dagster/row_count": errors.rows,
            "signatures": summary["signature_hash"].n_unique(),
            "by_type": show.count_table("error_type", by_type),
            "by_severity": show.count_table("severity", show.counts(summary["severity"])),
            "top_templates": show.count_table("template", dict(list(templates.items())[:TOP])),
            "plot": show.bar_plot(by_type, "errors by type"),
        },
        problems={checks.SCHEMA: checks.schema_problems(ERRORS, errors)},
    )


def embeddings_results(
    platform: Platform, errors: Mapping[UUID, pl.LazyFrame]
) -> dict[UUID, ReportResult | SignalPipelineError]:
    """Texts of all these reports are looked up and embedded together."""
    found = embed_reports(platform, errors)
    crashpoint("after_signatures")
    return {
        report_id: one if isinstance(one, SignalPipelineError) else _embeddings_result(platform, one)
        for report_id, one in found.items()
    }


def _embeddings_result(platform: Platform, embedded: EmbeddedReport) -> ReportResult:
    frame = _spooled(platform, embedded.frame, EMBEDDINGS)
    return ReportResult(
        frame=frame,
        metadata={
            "dagster/row_count": embedded.frame.height,
            "occurrences": int(embedded.frame["frequency"].sum()),
            "signatures_over_the_cap": embedded.dropped,
            "texts_known": embedded.known,
            "texts_embedded": embedded.computed,
            "model_version": embedded.model_version,
            "dimension": EMBEDDING_DIMENSION,
        },
        problems={
            checks.SCHEMA: checks.schema_problems(EMBEDDINGS, frame),
            checks.VECTORS: checks.vector_problems(embedded.frame),
        },
    )


def _spooled(platform: Platform, frame: pl.DataFrame, schema: FrameSchema) -> SpooledFrame:
    return spool([frame], schema, platform.frames.spool_path())
