"""Finds batches that will never end by themselves and ends them: a dead run, a lost worker, a run that never was.

Dagster leaves a run STARTED for ever when its worker and its code server die together, so a lease without a heartbeat
counts more than the run's status.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import Enum
from uuid import UUID

import dagster as dg

from signal_pipeline.intake.attempt_failure import record_failure
from signal_pipeline.orchestration.completion import complete_batch
from signal_pipeline.orchestration.run_end import ended_by
from signal_pipeline.orchestration.run_limits import exceeded_seconds
from signal_pipeline.orchestration.tags import BATCH, batch_of
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.batches import Batch, cancel, hold, running_batches

# A run that waits in Dagster's queue keeps its report this long before it is given up.
LONGEST_QUEUE_SECONDS = 1800.0
# A worker that has started takes a lease of its own with its first step; on a busy machine that may take a while.
LONGEST_START_SECONDS = 120.0

WAITING = (dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.STARTING)


class Verdict(Enum):
    """What to do about an attempt in progress."""

    LEAVE = "leave"
    EXTEND = "extend"
    FAIL = "fail"
    FAIL_RUN = "fail the run as well"
    CANCEL = "cancel"
    CANCEL_RUN = "cancel the run as well"
    COMPLETE = "complete"


ENDED = {
    dg.DagsterRunStatus.CANCELED: Verdict.CANCEL,
    dg.DagsterRunStatus.SUCCESS: Verdict.COMPLETE,
    dg.DagsterRunStatus.FAILURE: Verdict.FAIL,
}


def judge(
    status: dg.DagsterRunStatus | None,
    *,
    lease_expired: bool,
    has_begun: bool,
    out_of_time: bool = False,
    created_seconds: float,
    started_seconds: float,
) -> Verdict:
    """Pure: `status` is None when Dagster knows no run for the attempt; `has_begun` when the run took over the lease;
    `out_of_time` when it was longer than it may be, and ended for that: not by a person.

    The seconds are the run's age, since it was created and since its worker started.
    """
    if status in ENDED:
        return Verdict.FAIL if out_of_time and status is dg.DagsterRunStatus.CANCELED else ENDED[status]
    if not lease_expired:
        return Verdict.LEAVE
    if status is None:
        return Verdict.FAIL
    if status in WAITING and created_seconds < LONGEST_QUEUE_SECONDS:
        return Verdict.EXTEND
    if status is dg.DagsterRunStatus.STARTED and not has_begun and started_seconds < LONGEST_START_SECONDS:
        return Verdict.EXTEND
    # A person stopped a run whose worker is gone: it is over, and there is no other attempt.
    is_unwanted = status is dg.DagsterRunStatus.CANCELING and not out_of_time
    return Verdict.CANCEL_RUN if is_unwanted else Verdict.FAIL_RUN


def reconcile(platform: Platform, instance: dg.DagsterInstance) -> list[str]:
    """Judge every batch in progress and act; what was done, in words."""
    with platform.database.transaction() as connection:
        running = running_batches(connection)
    done: list[str] = []
    records = _run_records(instance, [found.batch.id for found in running])
    for found in running:
        record = records.get(str(found.batch.id))
        verdict = judge(
            None if record is None else record.dagster_run.status,
            lease_expired=found.expired,
            has_begun=found.run_id is not None,
            out_of_time=record is not None and exceeded_seconds(instance, record) is not None,
            created_seconds=0.0 if record is None else _seconds_since(record.create_timestamp),
            started_seconds=_seconds_since_start(record),
        )
        if verdict is not Verdict.LEAVE:
            done.append(_act(platform, instance, found.batch, verdict, record))
    return done


def _act(
    platform: Platform, instance: dg.DagsterInstance, batch: Batch, verdict: Verdict, record: dg.RunRecord | None
) -> str:
    if verdict is Verdict.FAIL_RUN and record is not None:
        instance.report_run_failed(record.dagster_run, "no heartbeat: the worker is gone, another attempt follows")
    if verdict is Verdict.CANCEL_RUN and record is not None:
        instance.report_run_canceled(record.dagster_run, "cancelled, and the worker is gone")
    who = _named(batch)
    reason, why = _reason(instance, verdict, record)
    run = "" if record is None else f", Dagster run {record.dagster_run.run_id}"
    with platform.database.transaction() as connection:
        if verdict is Verdict.EXTEND:
            hold(connection, batch.id, platform.settings.lease_seconds)
            return f"{who}: still waiting for a free slot"
        if verdict is Verdict.COMPLETE:
            complete_batch(connection, batch.id)
            return f"{who}: completed"
        if verdict in (Verdict.CANCEL, Verdict.CANCEL_RUN):
            cancel(connection, batch.id, "cancelled in Dagster")
            return f"{who}: cancelled"
        states = {
            record_failure(
                connection,
                platform.settings,
                lease,
                reason=reason,
                detail=f"{why}attempt {lease.attempt}{run}",
                transient=True,
            )
            for lease in batch.leases
        }
    return f"{who}: the attempt failed ({reason}), now {' or '.join(sorted(states))}"


def _reason(instance: dg.DagsterInstance, verdict: Verdict, record: dg.RunRecord | None) -> tuple[str, str]:
    """Of a failed attempt: the word for it, and what begins its detail."""
    if record is None:
        return "no_run", ""
    if seconds := exceeded_seconds(instance, record):
        return "time_limit", f"the run took longer than its limit of {seconds} s; "
    if verdict is not Verdict.FAIL:
        return "worker_lost", ""
    how = ended_by(instance, record.dagster_run)
    return "run_failed", f"{how}; " if how else ""


def _named(batch: Batch) -> str:
    if len(batch.leases) == 1:
        return f"report {batch.leases[0].report_id}"
    return f"{len(batch.leases)} reports"


def _run_records(instance: dg.DagsterInstance, batches: Sequence[UUID]) -> dict[str, dg.RunRecord]:
    """The run that the intake started for each batch; what a person started again from it does not count."""
    if not batches:
        return {}
    tags = {BATCH: [str(batch_id) for batch_id in batches]}
    found: dict[str, dg.RunRecord] = {}
    for record in instance.get_run_records(filters=dg.RunsFilter(tags=tags), limit=5 * len(batches)):  # newest first
        batch_id = batch_of(record.dagster_run.tags)
        if batch_id is not None:
            found.setdefault(str(batch_id), record)
    return found


def _seconds_since_start(record: dg.RunRecord | None) -> float:
    if record is None or record.start_time is None:
        return 0.0
    return _seconds_since(datetime.fromtimestamp(record.start_time, UTC))


def _seconds_since(time: datetime) -> float:
    return (datetime.now(UTC) - (time if time.tzinfo else time.replace(tzinfo=UTC))).total_seconds()
