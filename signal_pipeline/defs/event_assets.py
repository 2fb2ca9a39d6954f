"""Business events by day and source, and the signals of the rules among them.

Annotations are not postponed here: Dagster reads the type of `context` when it decorates.
"""

import dagster as dg

from signal_pipeline.event_rules.kinds import KINDS_VERSION
from signal_pipeline.orchestration.asset_spec import OWNER
from signal_pipeline.orchestration.event_days import EVENT_DAYS, add_sources, due_days
from signal_pipeline.orchestration.event_results import (
    EQUAL,
    EVENTS,
    KNOWN_SIGNALS,
    SIGNALS,
    VALID,
    events_result,
    known_signals_result,
    signals_result,
)
from signal_pipeline.pipeline.reader_version import READER_VERSION
from signal_pipeline.platform.platform import Platform
from signal_pipeline.settings import load_settings

GROUP = "events"


@dg.asset(
    name=EVENTS,
    partitions_def=EVENT_DAYS,
    group_name=GROUP,
    kinds={"nats", "postgres"},
    owners=[OWNER],
    code_version=READER_VERSION,
    check_specs=[VALID],
)
def events(context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform]) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """Business events of a day and source, as they are recorded from reports, from NATS and over the API: how many of
    which type, and how many violate their schema. They are recorded as they come; this counts them.
    """
    return events_result(platform, _key(context))


@dg.asset(
    name=SIGNALS,
    deps=[EVENTS],
    partitions_def=EVENT_DAYS,
    group_name=GROUP,
    kinds={"postgres"},
    owners=[OWNER],
    code_version=KINDS_VERSION,
    check_specs=[EQUAL],
)
def business_signals(context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform]) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """What the rules find among the events of a day and source. It is found as events come; this judges the day again,
    by the rules of now, which by the same rules changes nothing. `signal-pipeline events replay` does it for all.
    """
    return signals_result(platform, _key(context))


@dg.asset(
    name=KNOWN_SIGNALS,
    deps=[SIGNALS],
    group_name=GROUP,
    kinds={"onnx", "postgres"},
    owners=[OWNER],
    code_version=KINDS_VERSION,
)
def known_signals(platform: dg.ResourceParam[Platform]) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """What signals say, among the errors of reports: a signature, a vector and a place in the catalog of problems for
    each that is new. The sensor starts it when there is one.
    """
    return known_signals_result(platform)


def _key(context: dg.AssetExecutionContext) -> dg.MultiPartitionKey:
    key = context.partition_key
    assert isinstance(key, dg.MultiPartitionKey)
    return key


judge_event_days = dg.define_asset_job(
    "judge_event_days",
    selection=dg.AssetSelection.assets(events, business_signals),
    description="Counts the business events of a day and source and judges them again.",
)


place_new_signals = dg.define_asset_job(
    "place_new_signals",
    selection=dg.AssetSelection.assets(known_signals),
    description="Puts new kinds of signals in search and in the catalog of problems.",
)


@dg.schedule(
    job=judge_event_days,
    cron_schedule="50 2 * * *",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every night at 02:50 UTC: the days and sources of which events have come since the night before.",
)
def nightly_event_days(context: dg.ScheduleEvaluationContext) -> list[dg.RunRequest]:
    with Platform(load_settings()) as platform:
        add_sources(platform, context.instance)
        return list(due_days(platform, context.scheduled_execution_time))
