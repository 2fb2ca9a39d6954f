"""The code location: everything that Dagster loads, put together here and nowhere else."""

from __future__ import annotations

import dagster as dg

from signal_pipeline.defs.catalog_asset import signature_catalog
from signal_pipeline.defs.event_assets import (
    business_signals,
    events,
    judge_event_days,
    known_signals,
    nightly_event_days,
    place_new_signals,
)
from signal_pipeline.defs.incidents import incidents
from signal_pipeline.defs.jobs import process_report
from signal_pipeline.defs.operations import dead_letters, maintenance, nightly_maintenance, watch_dead_letters
from signal_pipeline.defs.own_schedules import own_schedules, scheduled_work
from signal_pipeline.defs.problems import problems
from signal_pipeline.defs.report_assets import (
    classified_errors,
    clusters,
    embeddings,
    parsed_entries,
    raw_signals,
)
from signal_pipeline.defs.schedules import nightly_catalog, update_catalog
from signal_pipeline.defs.sensors import report_intake
from signal_pipeline.defs.timeline import timeline
from signal_pipeline.defs.traffic import flows, traffic_alerts, traffic_windows
from signal_pipeline.orchestration.frame_io_manager import frame_io_manager
from signal_pipeline.orchestration.resources import platform

defs = dg.Definitions(
    assets=[
        *(raw_signals, parsed_entries, classified_errors, timeline, incidents, embeddings, clusters, problems),
        *(flows, traffic_windows, traffic_alerts),
        *(events, business_signals, known_signals, signature_catalog, dead_letters),
    ],
    jobs=[
        process_report,
        update_catalog,
        watch_dead_letters,
        maintenance,
        judge_event_days,
        place_new_signals,
        scheduled_work,
    ],
    schedules=[nightly_catalog, nightly_maintenance, nightly_event_days, *own_schedules()],
    sensors=[report_intake],
    resources={"platform": platform, "frames": frame_io_manager},
    # A process per step costs ten times the run; parallel work comes from many runs.
    executor=dg.in_process_executor,
)
