"""The catalog of problems across reports: one asset without partitions, brought up to date at night or when asked.

Annotations are not postponed here: Dagster reads the type of `context` when it decorates.
"""

import dagster as dg

from signal_pipeline.orchestration.asset_metadata import column_schema
from signal_pipeline.orchestration.asset_spec import GROUP, OWNER
from signal_pipeline.orchestration.catalog_results import ASSET, CATALOG_CHECKS, CatalogConfig, catalog_result
from signal_pipeline.orchestration.versions import CLUSTERING_CODE
from signal_pipeline.platform.platform import Platform
from signal_pipeline.schemas import PROBLEMS


@dg.asset(
    name=ASSET,
    deps=["clusters"],
    group_name=GROUP,
    kinds={"postgres"},
    owners=[OWNER],
    code_version=CLUSTERING_CODE,
    check_specs=CATALOG_CHECKS,
    metadata={"dagster/column_schema": column_schema(PROBLEMS)},
)
def signature_catalog(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform], config: CatalogConfig
) -> dg.MaterializeResult:  # type: ignore[type-arg]  # Dagster knows the bare name alone
    """Problems across all reports, with ids that survive.

    A report's new signatures are placed in it as its clusters are made. This adds what is missing, merges known
    problems that now match, measures, and draws the map.
    """
    return catalog_result(platform, config, context.run.run_id)
