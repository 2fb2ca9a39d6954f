"""The verdict on an attempt in progress, as a table."""

from __future__ import annotations

from uuid import uuid4

import pytest
from dagster import DagsterRunStatus as Run

from signal_pipeline.orchestration.reconciler import (
    LONGEST_QUEUE_SECONDS,
    LONGEST_START_SECONDS,
    Verdict,
    judge,
)
from signal_pipeline.orchestration.tags import batch_of, batch_tags
from signal_pipeline.storage.batches import Batch
from signal_pipeline.storage.intake import Lease

LONG, SHORT = LONGEST_QUEUE_SECONDS + 1, 1.0
LONG_START = LONGEST_START_SECONDS + 1

# status, lease expired, has begun, seconds since created, seconds since started, verdict
TABLE = [
    # An ended run ends the attempt, whatever the lease says.
    (Run.SUCCESS, False, True, SHORT, SHORT, Verdict.COMPLETE),
    (Run.SUCCESS, True, True, LONG, LONG, Verdict.COMPLETE),
    (Run.FAILURE, False, True, SHORT, SHORT, Verdict.FAIL),
    (Run.FAILURE, True, False, LONG, 0.0, Verdict.FAIL),
    (Run.CANCELED, False, True, SHORT, SHORT, Verdict.CANCEL),
    (Run.CANCELED, True, False, LONG, 0.0, Verdict.CANCEL),
    # Whoever holds a lease that runs is left alone, even if Dagster does not know the run yet.
    (None, False, False, 0.0, 0.0, Verdict.LEAVE),
    (Run.QUEUED, False, False, LONG, 0.0, Verdict.LEAVE),
    (Run.STARTED, False, True, LONG, LONG, Verdict.LEAVE),
    (Run.CANCELING, False, True, SHORT, SHORT, Verdict.LEAVE),
    # Without a lease: the run never was, waits, comes up, or lost its worker.
    (None, True, False, 0.0, 0.0, Verdict.FAIL),
    (Run.NOT_STARTED, True, False, SHORT, 0.0, Verdict.EXTEND),
    (Run.QUEUED, True, False, SHORT, 0.0, Verdict.EXTEND),
    (Run.STARTING, True, False, SHORT, 0.0, Verdict.EXTEND),
    (Run.QUEUED, True, False, LONG, 0.0, Verdict.FAIL_RUN),
    (Run.STARTING, True, False, LONG, 0.0, Verdict.FAIL_RUN),
    (Run.STARTED, True, False, LONG, SHORT, Verdict.EXTEND),
    (Run.STARTED, True, False, LONG, LONG_START, Verdict.FAIL_RUN),
    (Run.STARTED, True, True, SHORT, SHORT, Verdict.FAIL_RUN),
    (Run.CANCELING, True, True, SHORT, SHORT, Verdict.CANCEL_RUN),
]


@pytest.mark.parametrize(("status", "expired", "begun", "created", "started", "verdict"), TABLE)
def test_each_row(
    status: Run | None, expired: bool, begun: bool, created: float, started: float, verdict: Verdict
) -> None:
    found = judge(status, lease_expired=expired, has_begun=begun, created_seconds=created, started_seconds=started)
    assert found is verdict


# What exceeded its time is ended by Dagster as if a person had: it has failed all the same. status, verdict
OUT_OF_TIME = [
    (Run.FAILURE, Verdict.FAIL),
    (Run.CANCELED, Verdict.FAIL),
    (Run.CANCELING, Verdict.FAIL_RUN),
    (Run.SUCCESS, Verdict.COMPLETE),
]


@pytest.mark.parametrize(("status", "verdict"), OUT_OF_TIME)
def test_a_run_that_exceeded_its_time_has_failed(status: Run, verdict: Verdict) -> None:
    found = judge(
        status, lease_expired=True, has_begun=True, out_of_time=True, created_seconds=LONG, started_seconds=LONG
    )
    assert found is verdict


def test_every_status_of_dagster_has_a_verdict() -> None:
    for status in Run:
        for expired in (False, True):
            judge(status, lease_expired=expired, has_begun=True, created_seconds=0, started_seconds=0)


def test_a_batch_is_known_by_its_tags_but_not_in_a_repetition_of_the_run() -> None:
    batch = Batch(uuid4(), (Lease(uuid4(), uuid4(), 3),))
    tags = batch_tags(batch)
    assert batch_of(tags) == batch.id
    assert batch_of(tags | {"dagster/parent_run_id": str(uuid4())}) is None
    assert batch_of({"dagster/partition": str(batch.leases[0].report_id)}) is None


def test_a_run_for_many_reports_is_a_range_of_partitions() -> None:
    leases = tuple(Lease(uuid4(), uuid4(), 1) for _ in range(3))
    tags = batch_tags(Batch(uuid4(), leases))
    assert tags["dagster/asset_partition_range_start"] == str(leases[0].report_id)
    assert tags["dagster/asset_partition_range_end"] == str(leases[-1].report_id)
    assert tags["signal_pipeline/reports"] == "3"
