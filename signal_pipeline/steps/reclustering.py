"""Clustering reports again with other settings, from their stored vectors: what would change, and making it so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from signal_pipeline.clustering.diff import ClusteringDiff, diff_clusterings
from signal_pipeline.clustering.settings import ClusterSettings
from signal_pipeline.errors import ReportUnknown
from signal_pipeline.frames import spool
from signal_pipeline.schemas import CLUSTERS
from signal_pipeline.steps.clusters import cluster_report
from signal_pipeline.steps.platform import Platform
from signal_pipeline.storage.clusterings import clustered_reports, current_members, publish_clustering
from signal_pipeline.storage.report_signatures import signatures_of_one
from signal_pipeline.storage.reports import report_exists


@dataclass(frozen=True)
class Reclustered:
    """One report's new clustering against its current one."""

    report_id: UUID
    signatures: int
    clusters: int
    noise: int
    diff: ClusteringDiff
    warnings: tuple[str, ...]


def reports_to_recluster(platform: Platform, reports: Sequence[UUID] | None) -> list[UUID]:
    """These reports, or all that have a clustering; ReportUnknown names the first that is not there."""
    with platform.database.transaction() as connection:
        if reports is None:
            return clustered_reports(connection)
        for report_id in reports:
            if not report_exists(connection, report_id):
                raise ReportUnknown(f"report {report_id} is not in the database")
    return list(dict.fromkeys(reports))


def recluster(
    platform: Platform, reports: Sequence[UUID], settings: ClusterSettings, *, publish: bool, run_id: str
) -> Iterator[Reclustered]:
    """Cluster each report in a transaction of its own. Without `publish` nothing is written."""
    for report_id in reports:
        with platform.database.transaction() as connection:
            before = current_members(connection, report_id)
            clustered = cluster_report(report_id, signatures_of_one(connection, report_id), settings, run_id)
            if publish:
                publish_clustering(connection, clustered.head, clustered.clusters, clustered.members)
        if publish:
            # The Parquet copy follows the rows, which are the record.
            frame = spool([clustered.frame], CLUSTERS, platform.frames.spool_path())
            platform.frames.put("clusters", report_id, frame)
        yield Reclustered(
            report_id=report_id,
            signatures=clustered.head.signatures,
            clusters=clustered.head.clusters,
            noise=clustered.head.noise,
            diff=diff_clusterings(before, {member.signature_hash: member.label for member in clustered.members}),
            warnings=clustered.warnings,
        )
