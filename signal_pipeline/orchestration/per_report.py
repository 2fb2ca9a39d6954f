"""Runs one step for every report of a run and reports on each: frame, metadata, checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import dagster as dg

from signal_pipeline.frames import SpooledFrame
from signal_pipeline.orchestration.attempt import attempt
from signal_pipeline.orchestration.page_links import page_links
from signal_pipeline.orchestration.partitions import report_id_of
from signal_pipeline.orchestration.stage_note import noted_stage
from signal_pipeline.steps.platform import Platform

MAX_LISTED = 20


@dataclass(frozen=True)
class ReportResult:
    """What a step made of one report. `problems` are findings by check name, in words; an empty list has passed."""

    frame: SpooledFrame
    metadata: Mapping[str, Any]
    problems: Mapping[str, list[str]] = field(default_factory=dict)


def for_each_report(
    context: dg.AssetExecutionContext,
    platform: Platform,
    *,
    progress: int,
    work: Callable[[UUID], ReportResult],
) -> dg.MaterializeResult[dict[UUID, SpooledFrame]]:
    """Materialize the asset for all reports of the run; `progress` is where a report stands after it."""
    frames: dict[UUID, SpooledFrame] = {}
    problems: dict[str, list[str]] = {spec.name: [] for spec in context.assets_def.check_specs}
    with attempt(context, platform, progress=progress):
        keys = context.partition_keys
        if not keys:
            # Dagster takes a range whose ends are the wrong way round as a run for nothing, and lets it succeed.
            raise dg.Failure("the run names no report; select at least one", allow_retries=False)
        for key in keys:
            report_id = report_id_of(key)
            with noted_stage(platform, report_id, context.asset_key.to_user_string()):
                result = work(report_id)
            frames[report_id] = result.frame
            links = page_links(platform.settings, report_id)
            context.add_asset_metadata({**links, **result.metadata}, partition_key=key)
            for name, found in result.problems.items():
                problems[name] += [f"{key}: {problem}" for problem in found]
    return dg.MaterializeResult(
        value=frames,
        check_results=[_check(spec, problems[spec.name], len(keys)) for spec in context.assets_def.check_specs],
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
