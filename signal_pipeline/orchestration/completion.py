"""Completing a request once its run has stored and reported everything: COMPLETED means readable and green."""

from __future__ import annotations

import dagster as dg
import psycopg

from signal_pipeline.orchestration.tags import lease_of
from signal_pipeline.steps.platform import Platform
from signal_pipeline.storage.intake import Lease, complete
from signal_pipeline.storage.outcomes import outcomes_of, problem_summary

LAST_STEP = "clusters"
LAST_INPUT = "embeddings"


def complete_request(connection: psycopg.Connection, lease: Lease) -> None:
    """Terminal; what could not be read of the report is kept as the reason."""
    complete(connection, lease, problem_summary(outcomes_of(connection, lease.report_id)))


def settles_requests(run: dg.DagsterRun) -> bool:
    """Whether a run that a person started does what a failed request asked for; re-clustering alone does not."""
    selected = run.asset_selection
    return lease_of(run.tags) is None and (selected is None or dg.AssetKey(LAST_INPUT) in selected)


@dg.success_hook(required_resource_keys={"platform"})
def completion_hook(context: dg.HookContext) -> None:
    """Runs in the run's own process right after a step; the sensor does the same later where this did not happen."""
    if context.step_key != LAST_STEP:
        return
    run = context.instance.get_run_by_id(context.run_id)
    lease = None if run is None else lease_of(run.tags)
    if lease is None:
        return
    platform: Platform = context.resources.platform
    with platform.database.transaction() as connection:
        complete_request(connection, lease)
