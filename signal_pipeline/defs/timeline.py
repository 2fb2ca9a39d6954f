"""The timeline of a report: beside the way to its clusters, from the same entries.

Annotations are not postponed here: Dagster reads the type of `context` when it decorates.
"""

import dagster as dg

from signal_pipeline.correlation.settings import TIMELINE_VERSION
from signal_pipeline.orchestration import checks
from signal_pipeline.orchestration.asset_spec import report_asset
from signal_pipeline.orchestration.frame_io_manager import StoredFrames
from signal_pipeline.orchestration.per_report import Materialized, for_all_reports
from signal_pipeline.orchestration.timeline_result import CLOCKS, timeline_results
from signal_pipeline.pipeline.timeline import StoredReport
from signal_pipeline.platform.platform import Platform
from signal_pipeline.schemas import TIMELINE


@report_asset(
    TIMELINE,
    kinds={"polars", "parquet"},
    code_version=TIMELINE_VERSION,
    checks=[
        checks.schema_check("timeline"),
        checks.check(
            "timeline",
            CLOCKS,
            "The clock of every file could be set against the others, so that what came first is known.",
            severity="WARN",
        ),
    ],
    # Before the clusters, with which a report is completed.
    priority=1,
)
def timeline(
    context: dg.AssetExecutionContext,
    platform: dg.ResourceParam[Platform],
    parsed_entries: StoredFrames,
    classified_errors: StoredFrames,
) -> Materialized:
    """All files on one axis: clocks set against each other, failed requests joined to the log records of the same
    cause, each link with its confidence and reason, the first cause of each incident marked.
    """
    yield from for_all_reports(
        context,
        platform,
        progress=70,
        work=lambda reports: timeline_results(
            platform, {one: StoredReport(parsed_entries[one], classified_errors[one]) for one in reports}
        ),
    )
