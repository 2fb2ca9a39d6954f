"""Assets that a step makes beside its own, for the reports that need them: stored, and told to Dagster as events.

A step of every run costs every report some 60 ms. What few reports have is made where its input is there anyway.
"""

from __future__ import annotations

from uuid import UUID

import dagster as dg

from signal_pipeline.orchestration.page_links import page_links
from signal_pipeline.orchestration.report_result import ReportResult
from signal_pipeline.orchestration.versions import CODE_BESIDE
from signal_pipeline.platform.platform import Platform

CODE_VERSION_TAG = "dagster/code_version"


def materialize_beside(
    context: dg.AssetExecutionContext, platform: Platform, report_id: UUID, asset: str, result: ReportResult
) -> None:
    """Put the frame in its place, and record the materialization of the report's partition and its checks."""
    stored_at = platform.frames.put(asset, report_id, result.frame)
    key = dg.AssetKey(asset)
    context.log_event(
        dg.AssetMaterialization(
            key,
            partition=str(report_id),
            metadata={
                **page_links(platform.settings, report_id),
                **result.metadata,
                "stored_at": dg.MetadataValue.path(stored_at),
            },
            tags={CODE_VERSION_TAG: CODE_BESIDE[asset]},
        )
    )
    for name, found in result.problems.items():
        # Of no run: Dagster updates the planned row of a run's check, and this run planned none.
        context.instance.report_runless_asset_event(
            dg.AssetCheckEvaluation(
                asset_key=key,
                check_name=name,
                passed=not found,
                severity=dg.AssetCheckSeverity.WARN,
                description="\n".join(found) or "holds for 1 report",
                metadata={"report": str(report_id)},
            )
        )
