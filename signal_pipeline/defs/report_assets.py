"""The five assets of a report. Each says what it reads and hands over; the work is in steps/.

Annotations are not postponed here: Dagster reads the type of `context` when it decorates.
"""

import dagster as dg

from signal_pipeline.orchestration import checks
from signal_pipeline.orchestration import report_results as results
from signal_pipeline.orchestration.asset_spec import report_asset
from signal_pipeline.orchestration.cluster_checks import CLUSTER_QUALITY
from signal_pipeline.orchestration.cluster_config import ClusterConfig
from signal_pipeline.orchestration.cluster_results import clusters_results
from signal_pipeline.orchestration.completion import settles_requests
from signal_pipeline.orchestration.frame_io_manager import StoredFrames
from signal_pipeline.orchestration.per_report import Materialized, for_all_reports, for_each_report
from signal_pipeline.orchestration.versions import (
    CLASSIFICATION_CODE,
    CLUSTERING_CODE,
    EMBEDDING_CODE,
    MANIFEST_CODE,
    PARSING_CODE,
)
from signal_pipeline.platform.platform import Platform
from signal_pipeline.schemas import CLUSTERS, EMBEDDINGS, ERRORS, MANIFEST, PARSED


@report_asset(
    MANIFEST,
    kinds={"s3", "parquet"},
    code_version=MANIFEST_CODE,
    checks=[checks.schema_check("raw_signals")],
)
def raw_signals(context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform]) -> Materialized:
    """Which files the report has: kind by content, size, hash, copies of one another, what could not be fetched.

    The files themselves stay in the object store.
    """
    yield from for_each_report(
        context, platform, progress=20, work=lambda task: results.manifest_result(platform, task.report_id)
    )


@report_asset(
    PARSED,
    kinds={"polars", "parquet"},
    code_version=PARSING_CODE,
    checks=[
        checks.schema_check("parsed_entries"),
        checks.check(
            "parsed_entries",
            checks.COVERAGE,
            "Every file was read, and at least half of each matches the format that was found in it.",
            severity="WARN",
        ),
    ],
)
def parsed_entries(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform], raw_signals: StoredFrames
) -> Materialized:
    """HTTP exchanges and log records with their evidence (file, line, byte range), secrets masked."""
    yield from for_each_report(
        context,
        platform,
        progress=40,
        work=lambda task: results.parsed_result(
            platform, task.report_id, raw_signals[task.report_id], isolated=task.is_suspect
        ),
    )


@report_asset(
    ERRORS,
    kinds={"polars", "parquet"},
    code_version=CLASSIFICATION_CODE,
    checks=[checks.schema_check("classified_errors")],
)
def classified_errors(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform], parsed_entries: StoredFrames
) -> Materialized:
    """The entries that are errors, with type, severity, exception class, template and signature."""
    yield from for_all_reports(
        context,
        platform,
        progress=60,
        work=lambda reports: results.errors_results(platform, {one: parsed_entries[one] for one in reports}),
    )


@report_asset(
    EMBEDDINGS,
    kinds={"onnx", "postgres", "parquet"},
    code_version=EMBEDDING_CODE,
    checks=[
        checks.schema_check("embeddings"),
        checks.check("embeddings", checks.VECTORS, "All vectors are finite and of unit length."),
    ],
)
def embeddings(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform], classified_errors: StoredFrames
) -> Materialized:
    """One vector for each unique signature of the report; signatures and occurrences as rows in Postgres."""
    yield from for_all_reports(
        context,
        platform,
        progress=80,
        work=lambda reports: results.embeddings_results(platform, {one: classified_errors[one] for one in reports}),
    )


@report_asset(
    CLUSTERS,
    kinds={"scikitlearn", "postgres", "parquet"},
    code_version=CLUSTERING_CODE,
    deps=["embeddings"],
    checks=[
        checks.schema_check("clusters"),
        checks.check("clusters", checks.PLACED_ONCE, "Every error is in exactly one cluster or is noise."),
        *CLUSTER_QUALITY,
    ],
)
def clusters(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform], config: ClusterConfig
) -> Materialized:
    """Which signatures are the same problem. Works from the stored vectors: nothing is fetched, parsed or embedded.

    Materialize it again with another algorithm or threshold to re-cluster; every clustering is kept.
    """
    settles = settles_requests(context.run)
    yield from for_all_reports(
        context,
        platform,
        progress=95,
        work=lambda reports: clusters_results(platform, reports, config, run_id=context.run.run_id, settles=settles),
    )
