"""For the clusters asset: do the step for many reports, and say what the UI shows of each.

A finding of `no_giant_cluster` or `golden_precision` keeps a re-clustering from being published; the others only warn.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import dagster as dg
import polars as pl
import psycopg

from signal_pipeline.catalog.golden_set import golden_findings, golden_warnings
from signal_pipeline.clustering.quality import (
    churn_findings,
    giant_findings,
    radius_findings,
    singles_findings,
)
from signal_pipeline.crashpoints import crashpoint
from signal_pipeline.errors import SignalPipelineError
from signal_pipeline.frames import spool
from signal_pipeline.orchestration import asset_metadata as show
from signal_pipeline.orchestration import checks
from signal_pipeline.orchestration.cluster_config import ClusterConfig, cluster_settings
from signal_pipeline.orchestration.report_result import ReportResult
from signal_pipeline.pipeline.cluster import ClusterOutcome, cluster_reports
from signal_pipeline.pipeline.publish import current_frames
from signal_pipeline.platform.platform import Platform
from signal_pipeline.schemas import CLUSTERS
from signal_pipeline.storage.intake import settle_rerun
from signal_pipeline.storage.problems import SeenRow, known_counts, seen_before

TOP = 10


def clusters_results(
    platform: Platform, reports: Sequence[UUID], config: ClusterConfig, *, run_id: str, settles: bool
) -> dict[UUID, ReportResult | SignalPipelineError]:
    """Reads the vectors from Postgres, so a re-clustering fetches, parses and embeds nothing.

    A leased request is completed once Dagster has the materialization (completion.py); with `settles`, requests that
    had failed before are completed here.
    """

    def within(connection: psycopg.Connection, report_id: UUID) -> None:
        if settles:
            settle_rerun(connection, report_id, run_id)

    outcomes = cluster_reports(
        platform,
        reports,
        cluster_settings(config, platform.settings),
        run_id,
        hold=config.hold or platform.settings.hold_reclusterings,
        within=within,
    )
    crashpoint("after_publish")
    worked = [report_id for report_id, one in outcomes.items() if isinstance(one, ClusterOutcome)]
    held = [report_id for report_id in worked if not _of(outcomes[report_id]).is_published]
    with platform.database.transaction() as connection:
        seen = seen_before(connection, worked, TOP)
        counts = known_counts(connection, worked)
        # A held clustering leaves the Parquet copy as the current one has it.
        frames = current_frames(connection, held)
    return {
        report_id: one
        if isinstance(one, SignalPipelineError)
        else _result(platform, report_id, one, frames.get(report_id), seen[report_id], counts[report_id])
        for report_id, one in outcomes.items()
    }


def _of(outcome: ClusterOutcome | SignalPipelineError) -> ClusterOutcome:
    assert isinstance(outcome, ClusterOutcome)
    return outcome


def _result(
    platform: Platform,
    report_id: UUID,
    outcome: ClusterOutcome,
    held_frame: pl.DataFrame | None,
    seen: Sequence[SeenRow],
    known: tuple[int, int],
) -> ReportResult:
    if not outcome.head.signatures and outcome.before is None:
        # A report without errors has an empty frame; one that was never embedded has none, and says so.
        platform.frames.scan("embeddings", report_id)
    frame = outcome.clustered.frame if held_frame is None else held_frame
    spooled = spool([frame], CLUSTERS, platform.frames.spool_path())
    return ReportResult(
        frame=spooled,
        metadata=_summary(outcome) | _seen(seen, known) | _quality(outcome) | _changes(outcome),
        problems={
            checks.SCHEMA: checks.schema_problems(CLUSTERS, spooled),
            checks.PLACED_ONCE: checks.placement_problems(
                outcome.clustered.frame, {row.signature_hash for row in outcome.clustered.members}
            ),
            checks.NO_GIANT: giant_findings(outcome.quality),
            checks.RADIUS: radius_findings(outcome.quality, outcome.clustered.clustering.settings),
            checks.SINGLES: singles_findings(outcome.quality, outcome.quality_before),
            checks.CHURN: churn_findings(outcome.quality),
            checks.GOLDEN_PRECISION: golden_findings(outcome.golden, outcome.clustered.clustering.settings),
            checks.GOLDEN_RECALL: golden_warnings(outcome.golden),
        },
    )


def _summary(outcome: ClusterOutcome) -> dict[str, object]:
    clustered = outcome.clustered
    listed = sorted(clustered.clusters, key=lambda cluster: -cluster.frequency)[:TOP]
    return {
        "dagster/row_count": clustered.frame.height,
        "published": outcome.is_published,
        **({} if outcome.is_published else {"held_because": outcome.head.held_reason}),
        "clusters": clustered.head.clusters,
        "noise": clustered.head.noise,
        "algorithm": clustered.head.algorithm,
        "settings": clustered.head.settings,
        "warnings": "; ".join(clustered.warnings) or "none",
        "top_clusters": show.table(
            [
                {
                    "frequency": cluster.frequency,
                    "signatures": cluster.size,
                    "severity": cluster.severity,
                    "type": cluster.error_type,
                    "name": " · ".join(cluster.terms),
                    "template": cluster.title,
                }
                for cluster in listed
            ]
        ),
        "plot": show.bar_plot({cluster.title[:40]: cluster.frequency for cluster in listed}, "errors by cluster"),
    }


def _seen(rows: Sequence[SeenRow], known: tuple[int, int]) -> dict[str, object]:
    """Against all reports that were made before this one."""
    return {
        "known_problems": known[0],
        "new_problems": known[1],
        "seen_before": show.table(
            [
                {
                    "problem": row.title,
                    "seen_before": "yes" if row.is_known else "new",
                    "reports": row.reports,
                    "since": f"{row.first_reported_at:%Y-%m-%d}" if row.first_reported_at else "",
                    "nearest_known": "" if row.nearest_distance is None else round(row.nearest_distance, 3),
                }
                for row in rows
            ]
        ),
    }


def _quality(outcome: ClusterOutcome) -> dict[str, object]:
    """As numbers, which Dagster draws over time."""
    numbers = outcome.quality.as_dict() | outcome.golden.as_dict()
    return {
        name: dg.MetadataValue.float(float(value))
        for name, value in numbers.items()
        if value is not None and name not in ("signatures", "clusters")
    }


def _changes(outcome: ClusterOutcome) -> dict[str, object]:
    """Against the clustering that was current until now; noise counts as clusters of one."""
    if outcome.before is None:
        return {}
    counts = outcome.diff.counts
    samples = [
        {"change": one.change.value, "signatures": one.members, "sample": ", ".join(s[:12] for s in one.sample)}
        for one in outcome.diff.changes
        if one.change.value != "kept"
    ]
    return {
        "changes": show.count_table("change", counts),
        "changes_plot": show.bar_plot({name: count for name, count in counts.items() if count}, "clusters by change"),
        "changed_clusters": show.table(samples[:TOP]),
    }
