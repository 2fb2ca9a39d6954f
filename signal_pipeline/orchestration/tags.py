"""Tags of a run: what it works on and why it was started. Only identifiers that we made or checked go in."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from signal_pipeline.storage.batches import Batch
from signal_pipeline.work_order import Priority

REPORT = "signal_pipeline/report"
REPORTS = "signal_pipeline/reports"
BATCH = "signal_pipeline/batch"
ATTEMPT = "signal_pipeline/attempt"
TRIGGER = "signal_pipeline/trigger"
SOURCE = "signal_pipeline/source"
KIND = "signal_pipeline/kind"
# Dagster's own: on a run that repeats another one; the ends of a range of partitions; the place in the queue.
PARENT_RUN = "dagster/parent_run_id"
PARTITION = "dagster/partition"
BACKFILL = "dagster/backfill"
RANGE_START = "dagster/asset_partition_range_start"
RANGE_END = "dagster/asset_partition_range_end"
PRIORITY = "dagster/priority"

# A backfill from the Dagster UI has 0, as has a request with the priority `backfill`: the others go before them.
LIVE_PRIORITY = -Priority.backfill


def batch_tags(batch: Batch) -> dict[str, str]:
    attempt = max(lease.attempt for lease in batch.leases)
    tags = {
        BATCH: str(batch.id),
        ATTEMPT: str(attempt),
        TRIGGER: "message" if attempt == 1 else "retry",
        KIND: batch.leases[0].kind,
        PRIORITY: str(LIVE_PRIORITY + max(lease.priority for lease in batch.leases)),
    }
    if len(batch.leases) == 1:
        return tags | {REPORT: str(batch.leases[0].report_id)}
    return tags | {
        REPORTS: str(len(batch.leases)),
        RANGE_START: str(batch.leases[0].report_id),
        RANGE_END: str(batch.leases[-1].report_id),
    }


def batch_of(tags: Mapping[str, str]) -> UUID | None:
    """The batch of leases that a run was started for; None when a person or a backfill started it.

    A re-execution carries the tags of the run that it repeats, but not its leases: that attempt is over.
    """
    if PARENT_RUN in tags or BATCH not in tags:
        return None
    return UUID(tags[BATCH])
