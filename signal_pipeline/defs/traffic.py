"""What the captures of a report show: flows, windows of time, alerts. No steps on the way to its problems.

Annotations are not postponed here: Dagster reads the type of `context` when it decorates.
"""

import dagster as dg

from signal_pipeline.orchestration import checks
from signal_pipeline.orchestration import traffic_results as results
from signal_pipeline.orchestration.asset_spec import report_asset
from signal_pipeline.orchestration.frame_io_manager import StoredFrames
from signal_pipeline.orchestration.per_report import Materialized, Task, for_each_report
from signal_pipeline.orchestration.report_result import ReportResult
from signal_pipeline.orchestration.versions import TRAFFIC_CODE
from signal_pipeline.pipeline.traffic import report_alerts, report_flows, report_windows
from signal_pipeline.platform.platform import Platform
from signal_pipeline.traffic.columns import TRAFFIC_ALERTS, TRAFFIC_FLOWS, TRAFFIC_WINDOWS


@report_asset(
    TRAFFIC_FLOWS,
    kinds={"polars", "parquet"},
    code_version=TRAFFIC_CODE,
    checks=[
        checks.schema_check("flows"),
        checks.check("flows", results.ENDS_ARE_ORDERED, "No flow ends before it begins.", severity="WARN"),
    ],
)
def flows(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform], parsed_entries: StoredFrames
) -> Materialized:
    """The conversations in the report's captures: ends, service, state, packets and bytes each way, what failed. Made
    with parsed_entries where the report has captures; a run for it alone makes it again.
    """
    yield from for_each_report(
        context,
        platform,
        progress=100,
        work=lambda task: results.flows_result(
            platform, report_flows(platform, task.report_id, parsed_entries[task.report_id])
        ),
    )


@report_asset(
    TRAFFIC_WINDOWS,
    kinds={"scikitlearn", "postgres", "parquet"},
    code_version=TRAFFIC_CODE,
    checks=[
        checks.schema_check("traffic_windows"),
        checks.check(
            "traffic_windows", results.EVERY_FLOW_IN_A_WINDOW, "Every flow began in one of the windows that are kept."
        ),
    ],
)
def traffic_windows(
    context: dg.AssetExecutionContext,
    platform: dg.ResourceParam[Platform],
    config: results.WindowConfig,
    flows: StoredFrames,
) -> Materialized:
    """What went over the network in each window of time, and how unlike the others of the capture and of earlier ones
    of its source it is. Materialize it again with another length; traffic_alerts follows from it.
    """
    settings = config.settings(platform.settings)

    def work(task: Task) -> ReportResult:
        frame = flows[task.report_id].collect()
        return results.windows_result(
            platform, frame, report_windows(platform, task.report_id, frame, settings), settings
        )

    yield from for_each_report(context, platform, progress=100, work=work)


@report_asset(
    TRAFFIC_ALERTS,
    kinds={"postgres", "parquet"},
    code_version=TRAFFIC_CODE,
    checks=[
        checks.schema_check("traffic_alerts"),
        checks.check("traffic_alerts", results.ALERTS_HAVE_EVIDENCE, "Every alert names at least one flow."),
    ],
)
def traffic_alerts(
    context: dg.AssetExecutionContext,
    platform: dg.ResourceParam[Platform],
    flows: StoredFrames,
    traffic_windows: StoredFrames,
) -> Materialized:
    """What is worth a look in the flows and windows, by a table of rules, each with its evidence and a sentence. Rules
    describe traffic, not intent.
    """
    yield from for_each_report(
        context,
        platform,
        progress=100,
        work=lambda task: results.alerts_result(
            platform,
            report_alerts(
                platform,
                task.report_id,
                flows[task.report_id].collect(),
                traffic_windows[task.report_id].collect(),
            ),
        ),
    )
