"""Completing requests once their run has stored and reported everything: COMPLETED means readable and green."""

from __future__ import annotations

from uuid import UUID

import dagster as dg
import psycopg

from signal_pipeline.crashpoints import crashpoint
from signal_pipeline.orchestration.chain import LAST_INPUT, LAST_STEP, selected_steps
from signal_pipeline.orchestration.tags import batch_of
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.batches import complete, leases_in
from signal_pipeline.storage.outcomes import problem_summaries


def complete_batch(connection: psycopg.Connection, batch_id: UUID) -> int:
    """Terminal for what the batch still has; what could not be read of a report is kept as its reason."""
    reports = [lease.report_id for lease in leases_in(connection, batch_id)]
    return complete(connection, batch_id, problem_summaries(connection, reports))


def settles_requests(run: dg.DagsterRun) -> bool:
    """Whether a run that a person started does what a failed request asked for; re-clustering alone does not."""
    return batch_of(run.tags) is None and LAST_INPUT in selected_steps(run)


@dg.success_hook(required_resource_keys={"platform"})
def completion_hook(context: dg.HookContext) -> None:
    """Runs in the run's own process right after a step; the sensor does the same later where this did not happen."""
    if context.step_key != LAST_STEP:
        return
    run = context.instance.get_run_by_id(context.run_id)
    batch_id = None if run is None else batch_of(run.tags)
    if batch_id is None:
        return
    crashpoint("before_completion")
    platform: Platform = context.resources.platform
    with platform.database.transaction() as connection:
        complete_batch(connection, batch_id)
    crashpoint("after_completion")
