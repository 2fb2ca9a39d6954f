"""Dagster's part of deleting a report, and of letting old ones go: partition, events, runs, compute logs.

A partition that a run in progress is for, or that lies at an end of its range, cannot leave without breaking that run,
so all of it waits until no such run is left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from uuid import UUID

import dagster as dg
from dagster._core.storage.dagster_run import IN_PROGRESS_RUN_STATUSES

from signal_pipeline.errors import TransientError
from signal_pipeline.intake.deletion import delete_report
from signal_pipeline.orchestration.chain import STEPS
from signal_pipeline.orchestration.event_rows import wipe_partition
from signal_pipeline.orchestration.partitions import NAME
from signal_pipeline.orchestration.tags import PARTITION, RANGE_END, RANGE_START, REPORT
from signal_pipeline.orchestration.versions import CODE_BESIDE
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.deletions import note_finished, open_deletions

MOST_AT_ONCE = 50
UNFINISHED = (*IN_PROGRESS_RUN_STATUSES, dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED)


def finish_deletions(platform: Platform, instance: dg.DagsterInstance) -> list[str]:
    """Take up deletions that were interrupted, and do Dagster's part of those that wait for it; what was done."""
    with platform.database.transaction() as connection:
        interrupted = open_deletions(connection, erased=False, limit=MOST_AT_ONCE)
        waiting = open_deletions(connection, erased=True, limit=MOST_AT_ONCE)
    for deletion in interrupted:
        with suppress(TransientError):
            delete_report(platform, deletion.report_id)
    if not waiting or not is_quiet(instance, [str(deletion.report_id) for deletion in waiting]):
        return []
    for deletion in waiting:
        removed = forget(instance, deletion.report_id)
        with platform.database.transaction() as connection:
            note_finished(connection, deletion.report_id, removed)
    return [f"{len(waiting)} deleted report{'s' if len(waiting) != 1 else ''} forgotten"]


def is_quiet(instance: dg.DagsterInstance, keys: list[str]) -> bool:
    """No run in progress is for one of these partitions, or for a range that one of them may be in."""
    wanted = set(keys)
    for run in _runs(instance, dg.RunsFilter(statuses=list(UNFINISHED))):
        if RANGE_START in run.tags or RANGE_END in run.tags or run.tags.get(PARTITION) in wanted:
            return False
    return True


def forget(instance: dg.DagsterInstance, report_id: UUID) -> dict[str, int]:
    """Remove every trace of the report that is its own; what was removed, by place.

    A run for many reports stays, without its events for this one.
    """
    key = str(report_id)
    removed: Counter[str] = Counter({"Dagster partitions": 0, "Dagster events": 0, "Dagster runs": 0})
    if instance.has_dynamic_partition(NAME, key):
        instance.delete_dynamic_partition(NAME, key)
        removed["Dagster partitions"] += 1
    seen: set[str] = set()
    for tag in (REPORT, PARTITION):
        for run in _runs(instance, dg.RunsFilter(tags={tag: key})):
            if run.run_id not in seen:
                seen.add(run.run_id)
                _delete_run(instance, run.run_id)
    removed["Dagster runs"] = len(seen)
    for asset in (*STEPS, *CODE_BESIDE):
        removed["Dagster events"] += wipe_partition(instance, dg.AssetKey(asset), key)
    return dict(removed)


def _delete_run(instance: dg.DagsterInstance, run_id: str) -> None:
    instance.compute_log_manager.delete_logs(prefix=[run_id, "compute_logs"])
    instance.delete_run(run_id)


def _runs(instance: dg.DagsterInstance, filters: dg.RunsFilter) -> Iterator[dg.DagsterRun]:
    yield from instance.get_runs(filters=filters, limit=10_000)
