"""The same work for each report of a run: one partition, a range of them, or a backfill.

In a run for one report its fault is the run's. Beside others a report that fails is left out of the rest of the run: it
gets a run of its own if the intake asked for it, and is named at the end of the run if a person did.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import dagster as dg

from signal_pipeline.errors import SignalPipelineError, TransientError
from signal_pipeline.frames import SpooledFrame
from signal_pipeline.logs import bound
from signal_pipeline.orchestration.chain import selected_steps
from signal_pipeline.orchestration.faults import fault_of
from signal_pipeline.orchestration.page_links import page_links
from signal_pipeline.orchestration.partitions import report_id_of
from signal_pipeline.orchestration.stage_note import noted_stage
from signal_pipeline.orchestration.tags import batch_of
from signal_pipeline.orchestration.working_set import WorkingSet, working_set
from signal_pipeline.steps.platform import Platform

# More would not be read; the whole list is in each report's outcomes.
MAX_LISTED = 20
# A blip is waited out within the run; what lasts longer ends the attempt.
BLIP_PAUSES_SECONDS = (0.5, 2.0)
# Only for runs that a person started; a leased attempt is tried again through the intake table.
RETRIES_WITHIN_RUN = 5
RETRY_SECONDS = 3.0


@dataclass(frozen=True)
class ReportResult:
    """What a step made of one report. `problems` maps a check's name to what it found."""

    frame: SpooledFrame
    metadata: Mapping[str, Any]
    problems: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Task:
    """One report of a run. `is_suspect`: an earlier attempt at it failed, perhaps by killing its run."""

    report_id: UUID
    is_suspect: bool


Work = Callable[[Task], ReportResult]
Materialized = Iterator[dg.MaterializeResult[dict[UUID, SpooledFrame]]]


def for_each_report(
    context: dg.AssetExecutionContext, platform: Platform, *, progress: int, work: Work
) -> Materialized:
    """Do `work` for every report of the run; the value is a frame for each that it was done for.

    `progress` (0 to 100) is reached when the step ends.
    """
    keys = context.partition_keys
    if not keys:
        # Dagster takes a range whose ends are the wrong way round as a run for nothing, and lets it succeed.
        raise dg.Failure("the run names no report; select at least one", allow_retries=False)
    results: dict[UUID, ReportResult] = {}
    try:
        with (
            bound(run_id=context.run.run_id),
            working_set(context, platform, [report_id_of(key) for key in keys]) as working,
        ):
            for report_id in working.reports:
                if report_id not in working.left_out:
                    with noted_stage(platform, report_id, context.asset_key.to_user_string()):
                        _work_on(report_id, working, work, results)
            working.advance(progress)
    except TransientError as error:
        if batch_of(context.run.tags) is None:
            raise dg.RetryRequested(max_retries=RETRIES_WITHIN_RUN, seconds_to_wait=RETRY_SECONDS) from error
        raise dg.Failure(f"{error} (tried again later)", allow_retries=False) from None
    except Exception as error:  # noqa: BLE001  the outermost edge: told with its place, without a foreign text
        raise dg.Failure(_words(error), allow_retries=False) from None
    if not results:
        raise dg.Failure(f"nothing was made. {_listed(working.left_out)}", allow_retries=False)
    yield _materialized(context, platform, results, working.left_out)
    is_last = selected_steps(context.run)[-1:] == [context.asset_key.to_user_string()]
    if is_last and working.left_out and not working.has_lease:
        # What was made is stored and shown by now; the run's end says what is missing.
        raise dg.Failure(_listed(working.left_out), allow_retries=False)


def _work_on(report_id: UUID, working: WorkingSet, work: Work, results: dict[UUID, ReportResult]) -> None:
    try:
        results[report_id] = _through_blips(work, Task(report_id, working.is_suspect(report_id)))
    except TransientError as error:
        # A server that does not answer is no report's fault, and the next one would find it no better.
        working.give_up_all(fault_of(error))
        raise
    except Exception as error:
        working.give_up(report_id, fault_of(error))
        if working.is_alone:
            raise


def _through_blips(work: Work, task: Task) -> ReportResult:
    for pause in BLIP_PAUSES_SECONDS:
        try:
            return work(task)
        except TransientError:
            time.sleep(pause)
    return work(task)


def _words(error: Exception) -> str:
    if isinstance(error, SignalPipelineError):
        return str(error)
    fault = fault_of(error)
    return fault.detail if isinstance(error, dg.Failure) else f"internal error: {fault.detail}"


def _listed(left_out: Mapping[UUID, str]) -> str:
    lines = [f"{report_id}: {why}" for report_id, why in left_out.items()]
    more = [f"… and {len(lines) - MAX_LISTED} more"] if len(lines) > MAX_LISTED else []
    return "\n".join([f"{len(lines)} of the run's reports failed or were left out", *lines[:MAX_LISTED], *more])


def _materialized(
    context: dg.AssetExecutionContext,
    platform: Platform,
    results: Mapping[UUID, ReportResult],
    left_out: Mapping[UUID, str],
) -> dg.MaterializeResult[dict[UUID, SpooledFrame]]:
    specs = list(context.assets_def.check_specs)
    problems: dict[str, list[str]] = {spec.name: [] for spec in specs}
    for report_id, result in results.items():
        metadata = {**page_links(platform.settings, report_id), **result.metadata}
        context.add_asset_metadata(metadata, partition_key=str(report_id))
        for name, found in result.problems.items():
            problems[name] += [f"{report_id}: {problem}" for problem in found]
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
