"""The one job that processes a report from its files to its problems."""

import dagster as dg

from signal_pipeline.defs.problems import problems
from signal_pipeline.defs.report_assets import raw_signals
from signal_pipeline.orchestration.completion import completion_hook

process_report = dg.define_asset_job(
    "process_report",
    selection=dg.AssetSelection.assets(raw_signals).downstream() & dg.AssetSelection.assets(problems).upstream(),
    hooks={completion_hook},
    description="All steps of one report. The intake sensor starts it; it can be started by hand as well.",
)
