"""The timeline asset, for each report: the frame, what the UI shows of it, and what its checks found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import polars as pl

from signal_pipeline.correlation.files import LEAST_CONFIDENCE
from signal_pipeline.correlation.settings import CorrelationSettings
from signal_pipeline.correlation.timeline import FileClock
from signal_pipeline.fault_isolation import UNEXPECTED, is_expected, tell_fault
from signal_pipeline.frames import spool
from signal_pipeline.orchestration import asset_metadata as show
from signal_pipeline.orchestration import checks
from signal_pipeline.orchestration.report_result import ReportResult
from signal_pipeline.orchestration.timeline_chart import timeline_chart
from signal_pipeline.pipeline.manifest import report_signals
from signal_pipeline.pipeline.timeline import ReportTimeline, StoredReport, report_timelines
from signal_pipeline.platform.platform import Platform
from signal_pipeline.schemas import TIMELINE

CLOCKS = "clocks_are_set"
TOP = 20


def timeline_results(platform: Platform, reports: Mapping[UUID, StoredReport]) -> dict[UUID, ReportResult]:
    settings = CorrelationSettings(
        slow_ms=platform.settings.slow_request_ms, least_confidence=platform.settings.least_link_confidence
    )
    try:
        return {
            report_id: _result(platform, report_id, made) for report_id, made in report_timelines(reports, settings)
        }
    except UNEXPECTED as error:
        if is_expected(error) or len(reports) > 1:
            raise
        # The report's problems do not depend on it. A timeline without entries says so: readers look for that.
        tell_fault("the timeline", error)
        return {report_id: _nothing(platform) for report_id in reports}


def _nothing(platform: Platform) -> ReportResult:
    spooled = spool([TIMELINE.empty()], TIMELINE, platform.frames.spool_path())
    fault = "internal_error: the timeline could not be built; the log says where. Materialize it again after an update"
    return ReportResult(frame=spooled, metadata={"dagster/row_count": 0, "failed": fault}, problems={CLOCKS: [fault]})


def _result(platform: Platform, report_id: UUID, made: ReportTimeline) -> ReportResult:
    frame, clocks = made.timeline.frame, made.timeline.clocks
    names = {str(signal.id): signal.name for signal in report_signals(platform.database, report_id)}
    linked = frame.filter(pl.col("link_confidence").is_not_null())
    causes = frame.filter(pl.col("incident_role") == "cause")
    spooled = spool([frame], TIMELINE, platform.frames.spool_path())
    return ReportResult(
        frame=spooled,
        metadata={
            "dagster/row_count": frame.height,
            "left_out": made.left_out,
            "incidents": causes.height,
            "failed_or_slow_requests": int(frame["is_target"].sum()),
            "links": linked.height,
            "links_by_id": linked.filter(pl.col("link_reason").str.starts_with("same id")).height,
            "least_confidence_of_a_link": _rounded(linked["link_confidence"].min()),
            "clocks": show.table([_clock_row(clock, names) for clock in clocks]),
            "first_causes": show.table(
                causes.head(TOP)
                .select(
                    pl.col("at").dt.strftime("%H:%M:%S%.3f").fill_null(""),
                    "component",
                    pl.col("severity").fill_null(""),
                    pl.col("message").str.slice(0, 160),
                )
                .fill_null("")
                .to_dicts()
            ),
            "plot": show.picture(timeline_chart(frame, names), "entries of all files on one axis")
            if frame.height
            else "nothing to draw",
        },
        problems={
            checks.SCHEMA: checks.schema_problems(TIMELINE, spooled),
            CLOCKS: [_advice(clock, names) for clock in clocks if _is_unset(clock, len(clocks))],
        },
    )


def _clock_row(file: FileClock, names: dict[str, str]) -> dict[str, Any]:
    return {
        "file": names.get(file.signal_id, file.signal_id) + (f"/{file.member}" if file.member else ""),
        "ahead_ms": round(file.clock.offset * 1000, 1),
        "confidence": round(file.clock.confidence, 3),
        "events": file.clock.events,
        "matched_by": file.clock.basis,
    }


def _is_unset(file: FileClock, files: int) -> bool:
    return files > 1 and file.clock.confidence < LEAST_CONFIDENCE


def _advice(file: FileClock, names: dict[str, str]) -> str:
    return (
        f"nothing in {names.get(file.signal_id, file.signal_id)} could be matched with the other files, so its times"
        " are taken as written; attach a log that names the requests, or one whose times have a date"
    )


def _rounded(value: object) -> float | str:
    return round(value, 3) if isinstance(value, float) else "no links"
