"""The problems of a report: what a person reads of it first.

Annotations are not postponed here: Dagster reads the type of `context` when it decorates.
"""

import dagster as dg

from signal_pipeline.causes.settings import CAUSES_VERSION
from signal_pipeline.orchestration.asset_spec import report_asset
from signal_pipeline.orchestration.cause_config import ProblemConfig
from signal_pipeline.orchestration.per_report import Materialized, for_each_report
from signal_pipeline.orchestration.problem_results import PROBLEM_CHECKS, problem_result
from signal_pipeline.platform.platform import Platform
from signal_pipeline.schemas import REPORT_PROBLEMS


@report_asset(
    REPORT_PROBLEMS,
    kinds={"postgres", "parquet"},
    code_version=CAUSES_VERSION,
    deps=["incidents", "clusters"],
    checks=PROBLEM_CHECKS,
)
def problems(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform], config: ProblemConfig
) -> Materialized:
    """What went wrong, in the order in which to read it: incidents whose roots are in one cluster, with the symptoms
    that follow; known, new or background; the headline. Works from rows in Postgres: nothing is fetched or parsed.
    """
    settings = config.settings()
    yield from for_each_report(
        context, platform, progress=98, work=lambda task: problem_result(platform, task.report_id, settings)
    )
