"""The incidents of a report: what was the cause, and what followed from it.

Annotations are not postponed here: Dagster reads the type of `context` when it decorates.
"""

import dagster as dg

from signal_pipeline.causes.settings import CAUSES_VERSION
from signal_pipeline.orchestration import checks
from signal_pipeline.orchestration.asset_spec import report_asset
from signal_pipeline.orchestration.cause_config import CauseConfig
from signal_pipeline.orchestration.frame_io_manager import StoredFrames
from signal_pipeline.orchestration.incident_results import EXPLAINED, incident_result
from signal_pipeline.orchestration.per_report import Materialized, for_each_report
from signal_pipeline.pipeline.incidents import ReportFrames
from signal_pipeline.platform.platform import Platform
from signal_pipeline.schemas import INCIDENTS


@report_asset(
    INCIDENTS,
    kinds={"polars", "postgres", "parquet"},
    code_version=CAUSES_VERSION,
    checks=[
        checks.schema_check("incidents"),
        checks.check("incidents", EXPLAINED, "Every error is the root or a symptom of at least one incident."),
    ],
    # Before the clusters, with which a report is completed.
    priority=1,
)
def incidents(
    context: dg.AssetExecutionContext,
    platform: dg.ResourceParam[Platform],
    config: CauseConfig,
    parsed_entries: StoredFrames,
    classified_errors: StoredFrames,
    timeline: StoredFrames,
) -> Materialized:
    """Each time that something went wrong: the entry that is the cause, by evidence of causation, and what follows from
    it with the reason why. Materialize it again with other windows to see other incidents; nothing else is read again.
    """
    settings = config.settings()
    yield from for_each_report(
        context,
        platform,
        progress=75,
        work=lambda task: incident_result(
            platform,
            task.report_id,
            ReportFrames(parsed_entries[task.report_id], classified_errors[task.report_id], timeline[task.report_id]),
            settings,
        ),
    )
