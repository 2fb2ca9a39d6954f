"""The sensor that turns messages into runs. The work of a tick is in orchestration/intake_tick.py."""

import dagster as dg

from signal_pipeline.defs.event_assets import place_new_signals
from signal_pipeline.defs.jobs import process_report
from signal_pipeline.defs.operations import watch_dead_letters
from signal_pipeline.operations.runtime_settings import apply_runtime_settings
from signal_pipeline.orchestration.intake_tick import sensor_result, tick
from signal_pipeline.orchestration.run_limits import limit_tags
from signal_pipeline.orchestration.source_tags import with_sources
from signal_pipeline.platform.platform import Platform
from signal_pipeline.settings import load_settings


@dg.sensor(
    jobs=[process_report, watch_dead_letters, place_new_signals],
    minimum_interval_seconds=1,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Takes messages from NATS (report.signals) into the intake table, leases the reports that are due and"
    " starts a run for each. Also ends attempts whose worker died, announces dead letters, and takes business events.",
)
def report_intake(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    with Platform(load_settings()) as platform:
        apply_runtime_settings(platform)
        done = tick(platform, context.instance)
        context.log.info(done.sentence())
        return with_sources(platform, sensor_result(done, limit_tags(platform, done.batches)))
