"""Clustering reports again with other settings, from their stored vectors: what would change, and making it so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from signal_pipeline.clustering.settings import ClusterSettings
from signal_pipeline.errors import ReportUnknown, SignalPipelineError
from signal_pipeline.pipeline.cluster import ClusterOutcome, cluster_reports
from signal_pipeline.pipeline.publish import put_frame
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.clusterings import clustered_reports
from signal_pipeline.storage.reports import report_exists

AT_ONCE = 50
"""Reports in one transaction: progress is seen, and memory and locks stay bounded."""


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
    platform: Platform,
    reports: Sequence[UUID],
    settings: ClusterSettings,
    *,
    run_id: str,
    hold: bool = False,
    dry_run: bool = False,
) -> Iterator[tuple[UUID, ClusterOutcome | SignalPipelineError]]:
    """The outcome of each report, in the order given. With `dry_run` nothing is written."""
    for start in range(0, len(reports), AT_ONCE):
        some = reports[start : start + AT_ONCE]
        found = cluster_reports(platform, some, settings, run_id, hold=hold, dry_run=dry_run)
        for report_id in some:
            outcome = found[report_id]
            if isinstance(outcome, ClusterOutcome) and outcome.is_published and not dry_run:
                # The Parquet copy follows the rows, which are the record.
                put_frame(platform, report_id, outcome.clustered.frame)
            yield report_id, outcome
