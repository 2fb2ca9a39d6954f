"""The same work for each report of a run: one partition, a range of them, or a backfill.

In a run for one report its fault is the run's. Beside others a report that fails is left out of the rest of the run: it
gets a run of its own if the intake asked for it, and is named at the end of the run if a person did.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

import dagster as dg

from signal_pipeline.errors import SignalPipelineError, TransientError
from signal_pipeline.fault_isolation import UNEXPECTED, is_expected, tell_fault
from signal_pipeline.logs import bound
from signal_pipeline.orchestration.chain import selected_steps
from signal_pipeline.orchestration.faults import fault_of
from signal_pipeline.orchestration.materialized import Materialization, listed, materialized
from signal_pipeline.orchestration.partitions import report_id_of
from signal_pipeline.orchestration.polars_threads import fit_to
from signal_pipeline.orchestration.report_result import ReportResult
from signal_pipeline.orchestration.stage_note import StageNotes
from signal_pipeline.orchestration.tags import batch_of
from signal_pipeline.orchestration.working_set import WorkingSet, working_set
from signal_pipeline.platform.platform import Platform

# Reports that are processed together: each step's memory stays that of some small reports.
AT_ONCE = 50
# Results that keep their few rows in memory: a run for thousands of reports must not fill it with small frames.
WITH_ROWS = 200
# A blip is waited out within the run; what lasts longer ends the attempt.
BLIP_PAUSES_SECONDS = (0.5, 2.0)
# Only for runs that a person started; a leased attempt is tried again through the intake table.
RETRIES_WITHIN_RUN = 5
RETRY_SECONDS = 3.0


Asked = TypeVar("Asked")
Found = TypeVar("Found")


@dataclass(frozen=True)
class Task:
    """One report of a run. `is_suspect`: an earlier attempt at it failed, perhaps by killing its run."""

    report_id: UUID
    is_suspect: bool


Work = Callable[[Task], ReportResult]
WorkTogether = Callable[[Sequence[UUID]], Mapping[UUID, ReportResult | SignalPipelineError]]
"""For steps that do many reports for little more than one: a result for each report, or what is wrong with it."""
Materialized = Iterator[Materialization]


def for_each_report(
    context: dg.AssetExecutionContext, platform: Platform, *, progress: int, work: Work
) -> Materialized:
    """Do `work` for every report of the run; the value is a frame for each that it was done for.

    `progress` (0 to 100) is reached when the step ends.
    """

    def do(working: WorkingSet, noted: StageNotes) -> dict[UUID, ReportResult]:
        def each(some: Sequence[UUID]) -> dict[UUID, ReportResult]:
            return {report_id: work(Task(report_id, working.is_suspect(report_id))) for report_id in some}

        results: dict[UUID, ReportResult] = {}
        for report_id in working.reports:
            if report_id not in working.left_out:
                with noted.of([report_id]):
                    _work_on([report_id], working, each, results)
        return results

    yield from _step(context, platform, progress, do)


def for_all_reports(
    context: dg.AssetExecutionContext, platform: Platform, *, progress: int, work: WorkTogether
) -> Materialized:
    """The same with some reports at once."""

    def do(working: WorkingSet, noted: StageNotes) -> dict[UUID, ReportResult]:
        results: dict[UUID, ReportResult] = {}
        waiting = [report_id for report_id in working.reports if report_id not in working.left_out]
        for start in range(0, len(waiting), AT_ONCE):
            some = waiting[start : start + AT_ONCE]
            with noted.of(some):
                _work_on(some, working, work, results)
        return results

    yield from _step(context, platform, progress, do)


def _step(
    context: dg.AssetExecutionContext,
    platform: Platform,
    progress: int,
    do: Callable[[WorkingSet, StageNotes], dict[UUID, ReportResult]],
) -> Materialized:
    keys = context.partition_keys
    if not keys:
        # Dagster takes a range whose ends are the wrong way round as a run for nothing, and lets it succeed.
        raise dg.Failure("the run names no report; select at least one", allow_retries=False)
    noted = StageNotes(platform, context.asset_key.to_user_string())
    try:
        with (
            bound(run_id=context.run.run_id),
            working_set(context, platform, [report_id_of(key) for key in keys]) as working,
        ):
            fit_to(platform, working.reports)
            results = do(working, noted)
            working.advance(progress)
            noted.keep()
    except TransientError as error:
        if batch_of(context.run.tags) is None:
            raise dg.RetryRequested(max_retries=RETRIES_WITHIN_RUN, seconds_to_wait=RETRY_SECONDS) from error
        raise dg.Failure(f"{error} (tried again later)", allow_retries=False) from None
    except UNEXPECTED as error:  # the outermost edge: told with its place, without a foreign text
        raise dg.Failure(_words(error), allow_retries=False) from None
    if not results:
        raise dg.Failure(f"nothing was made. {listed(working.left_out)}", allow_retries=False)
    yield materialized(context, platform, results, working.left_out)
    is_last = selected_steps(context.run)[-1:] == [context.asset_key.to_user_string()]
    if is_last and working.left_out and not working.has_lease:
        # What was made is stored and shown by now; the run's end says what is missing.
        raise dg.Failure(listed(working.left_out), allow_retries=False)


def _work_on(some: Sequence[UUID], working: WorkingSet, work: WorkTogether, results: dict[UUID, ReportResult]) -> None:
    found: Mapping[UUID, ReportResult | BaseException]
    try:
        found = _through_blips(work, some)
    except TransientError as error:
        # A server that does not answer is no report's fault, and the next one would find it no better.
        working.give_up_all(fault_of(error))
        raise
    except UNEXPECTED as error:  # whatever it is, it is one report's
        if len(some) == 1:
            if not is_expected(error):
                tell_fault("a step", error)
            found = {some[0]: error}
        else:
            # Whose fault it is shows when each is processed by itself.
            for report_id in some:
                _work_on([report_id], working, work, results)
            return
    for report_id, result in found.items():
        if isinstance(result, ReportResult):
            results[report_id] = result if len(results) < WITH_ROWS else result.without_rows()
            continue
        working.give_up(report_id, fault_of(result))
        if working.is_alone:
            raise result


def _through_blips(work: Callable[[Asked], Found], asked: Asked) -> Found:
    for pause in BLIP_PAUSES_SECONDS:
        try:
            return work(asked)
        except TransientError:
            time.sleep(pause)
    return work(asked)


def _words(error: BaseException) -> str:
    if isinstance(error, SignalPipelineError):
        return str(error)
    fault = fault_of(error)
    return fault.detail if isinstance(error, dg.Failure) else f"internal error: {fault.detail}"
