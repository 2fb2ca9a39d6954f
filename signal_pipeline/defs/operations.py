"""What runs beside the reports: the dead letters as an asset with a check, and the nightly maintenance.

Annotations are not postponed here: Dagster reads the type of `context` when it decorates.
"""

import dagster as dg

from signal_pipeline.orchestration.asset_spec import GROUP, OWNER
from signal_pipeline.orchestration.dead_letters import dead_letter_result
from signal_pipeline.orchestration.retention import delete_old_reports, let_partitions_go, thin_runs
from signal_pipeline.platform.platform import Platform

NONE_WAITS = dg.AssetCheckSpec(
    "none_waits",
    asset="dead_letters",
    description="No dead letter is open. If one does: `signal-pipeline dead-letters list`.",
)


@dg.asset(group_name=GROUP, owners=[OWNER], kinds={"postgres"}, check_specs=[NONE_WAITS], code_version="1")
def dead_letters(platform: dg.ResourceParam[Platform]) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """What could not be processed and waits for a person: messages that mean nothing, reports that failed for good."""
    return dead_letter_result(platform)


watch_dead_letters = dg.define_asset_job("watch_dead_letters", selection=dg.AssetSelection.assets(dead_letters))


@dg.op(description="Deletes old reports, old partitions and the step events of old runs; a limited amount each time.")
def maintain(context: dg.OpExecutionContext, platform: dg.ResourceParam[Platform]) -> None:
    settings = platform.settings
    deleted = delete_old_reports(platform)
    gone = let_partitions_go(context.instance, settings.partitions_kept)
    thinned = thin_runs(context.instance, settings.run_events_days)
    context.log.info(f"{deleted} reports deleted, {gone} partitions let go, {thinned} runs thinned out")


@dg.job(description="Limits what is kept, as RETENTION_DAYS, PARTITIONS_KEPT and RUN_EVENTS_DAYS say.")
def maintenance() -> None:
    maintain()


nightly_maintenance = dg.ScheduleDefinition(
    name="nightly_maintenance",
    job=maintenance,
    cron_schedule="17 2 * * *",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every night at 02:17 UTC.",
)
