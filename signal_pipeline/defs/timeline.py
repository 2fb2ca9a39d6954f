"""The timeline of a report: beside the way to its clusters, from the same entries.

Annotations are not postponed here: Dagster reads the type of `context` when it decorates.
"""

import dagster as dg

from signal_pipeline.correlation.version import TIMELINE_VERSION
from signal_pipeline.orchestration import checks
from signal_pipeline.orchestration.asset_spec import report_asset
from signal_pipeline.orchestration.frame_io_manager import StoredFrames
from signal_pipeline.orchestration.per_report import Materialized, for_each_report
from signal_pipeline.orchestration.timeline_result import CLOCKS, timeline_result
from signal_pipeline.schemas import TIMELINE
from signal_pipeline.steps.platform import Platform


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
    yield from for_each_report(
        context,
        platform,
        progress=70,
        work=lambda task: timeline_result(
            platform, task.report_id, parsed_entries[task.report_id], classified_errors[task.report_id]
        ),
    )
