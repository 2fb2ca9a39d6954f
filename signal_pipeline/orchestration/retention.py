"""What keeps the installation small: old reports deleted, old partitions let go, old runs thinned out.

Each part does a bounded amount and goes on in the next run. A report that is processed, and a partition that a run in
progress may be for, are left for later.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import dagster as dg

from signal_pipeline.intake.due_work import clean_up
from signal_pipeline.orchestration.event_rows import drop_step_events
from signal_pipeline.orchestration.forgetting import is_quiet
from signal_pipeline.orchestration.partitions import NAME
from signal_pipeline.platform.platform import Platform

MOST_REPORTS = 1_000
MOST_PARTITIONS = 5_000
MOST_RUNS = 2_000
FINISHED = (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED)
THINNED = "signal_pipeline/thinned"


def delete_old_reports(platform: Platform) -> int:
    """Reports older than RETENTION_DAYS are deleted for good; the sensor then does Dagster's part."""
    days = platform.settings.retention_days
    return len(clean_up(platform, days, most=MOST_REPORTS).reports) if days else 0


def let_partitions_go(instance: dg.DagsterInstance, keep: int) -> int:
    """The oldest partitions above `keep` leave Dagster; their data stays, and a later run makes them partitions again.

    Pages of the UI rebuild their cache from all keys whenever one is added, which takes the longer the more there are.
    """
    keys = instance.get_dynamic_partitions(NAME)
    old = list(keys[: max(0, len(keys) - keep)])[:MOST_PARTITIONS]
    if not old or not is_quiet(instance, old):
        return 0
    for key in old:
        instance.delete_dynamic_partition(NAME, key)
    return len(old)


def thin_runs(instance: dg.DagsterInstance, days: float) -> int:
    """Finished runs of that age lose step events and compute logs. What they materialized stays known."""
    if not days:
        return 0
    before = datetime.now(UTC) - timedelta(days=days)
    filters = dg.RunsFilter(statuses=list(FINISHED), created_before=before)
    runs = [run for run in instance.get_runs(filters=filters, limit=MOST_RUNS) if THINNED not in run.tags]
    drop_step_events(instance, [run.run_id for run in runs])
    for run in runs:
        instance.compute_log_manager.delete_logs(prefix=[run.run_id, "compute_logs"])
        instance.add_run_tags(run.run_id, {THINNED: "yes"})
    return len(runs)
