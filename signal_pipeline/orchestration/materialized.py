"""What a step made of its reports, as Dagster gets it: values, metadata by partition, findings of the checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import dagster as dg

from signal_pipeline.frames import SpooledFrame
from signal_pipeline.orchestration.report_result import ReportResult
from signal_pipeline.orchestration.versions import CODE_BESIDE
from signal_pipeline.platform.platform import Platform
from signal_pipeline.settings import Settings

# More would not be read; the whole list is in each report's outcomes.
MAX_LISTED = 20
CODE_VERSION_TAG = "dagster/code_version"
Materialization = dg.MaterializeResult[dict[UUID, SpooledFrame]]


def listed(left_out: Mapping[UUID, str]) -> str:
    lines = [f"{report_id}: {why}" for report_id, why in left_out.items()]
    more = [f"… and {len(lines) - MAX_LISTED} more"] if len(lines) > MAX_LISTED else []
    return "\n".join([f"{len(lines)} of the run's reports failed or were left out", *lines[:MAX_LISTED], *more])


def materialized(
    context: dg.AssetExecutionContext,
    platform: Platform,
    results: Mapping[UUID, ReportResult],
    left_out: Mapping[UUID, str],
) -> Materialization:
    specs = list(context.assets_def.check_specs)
    problems: dict[str, list[str]] = {spec.name: [] for spec in specs}
    for report_id, result in results.items():
        metadata = {**_page_links(platform.settings, report_id), **result.metadata}
        context.add_asset_metadata(metadata, partition_key=str(report_id))
        for name, found in result.problems.items():
            problems[name] += [f"{report_id}: {problem}" for problem in found]
        for asset, made in result.beside.items():
            _materialize_beside(context, platform, report_id, asset, made)
    for report_id, why in left_out.items():
        context.add_asset_metadata({"not_made": why}, partition_key=str(report_id))
    return dg.MaterializeResult(
        value={report_id: result.frame for report_id, result in results.items()},
        check_results=[_check(spec, problems[spec.name], len(results)) for spec in specs],
    )


def _check(spec: dg.AssetCheckSpec, found: list[str], reports: int) -> dg.AssetCheckResult:
    severity = (spec.metadata or {}).get("severity", "ERROR")
    return dg.AssetCheckResult(
        check_name=spec.name,
        passed=not found,
        severity=dg.AssetCheckSeverity[str(severity)],
        description="\n".join(found[:MAX_LISTED]) or f"holds for {reports} report{'s' if reports != 1 else ''}",
        metadata={"reports": reports, "problems": len(found)},
    )


def _materialize_beside(
    context: dg.AssetExecutionContext, platform: Platform, report_id: UUID, asset: str, result: ReportResult
) -> None:
    """Store the frame, and record the materialization of the report's partition and its checks. A step of every run
    costs every report some 60 ms: what few reports have is made where its input is there anyway.
    """
    stored_at = platform.frames.put(asset, report_id, result.frame)
    key = dg.AssetKey(asset)
    context.log_event(
        dg.AssetMaterialization(
            key,
            partition=str(report_id),
            metadata={
                **_page_links(platform.settings, report_id),
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


def _page_links(settings: Settings, report_id: UUID) -> dict[str, Any]:
    """From a materialization to the page of its report; empty where API_URL is not set."""
    if settings.api_url is None:
        return {}
    return {"report_page": dg.MetadataValue.url(f"{settings.api_url.rstrip('/')}/reports/{report_id}")}
