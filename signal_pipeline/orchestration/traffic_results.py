"""The assets about network traffic, for one report: frames, what the UI shows of them, and what their checks found.

They are no steps of every run: a report without captures has none of them and pays for none. Where a run reads
captures, the step that reads them makes all three; a person makes them again by materializing the assets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

import dagster as dg
import polars as pl
from pydantic import Field

from signal_pipeline.fault_isolation import UNEXPECTED, is_expected, tell_fault
from signal_pipeline.frame_schema import FrameSchema
from signal_pipeline.frames import spool
from signal_pipeline.orchestration import asset_metadata as show
from signal_pipeline.orchestration import checks
from signal_pipeline.orchestration.report_result import ReportResult
from signal_pipeline.parsing.outcome import SignalOutcome
from signal_pipeline.pipeline.traffic import captures_in, report_alerts, report_flows, report_windows, window_settings
from signal_pipeline.platform.platform import Platform
from signal_pipeline.settings import Settings
from signal_pipeline.traffic.columns import HAS_FAILED, TRAFFIC_ALERTS, TRAFFIC_FLOWS, TRAFFIC_WINDOWS
from signal_pipeline.traffic.windows import WindowSettings

ENDS_ARE_ORDERED = "flows_end_after_they_begin"
EVERY_FLOW_IN_A_WINDOW = "every_flow_in_a_window"
ALERTS_HAVE_EVIDENCE = "every_alert_has_evidence"
TOP = 20


class WindowConfig(dg.Config):
    """Windows of time."""

    window_seconds: int | None = Field(
        None, ge=1, le=86_400, description="Length of a window, seconds; not set means WINDOW_SECONDS."
    )
    max_windows_keep: int | None = Field(
        None,
        ge=1,
        le=1_000,
        description="Newest windows of a report that are kept, and of earlier captures that they are compared with;"
        " not set means MAX_WINDOWS_KEEP.",
    )

    def settings(self, otherwise: Settings) -> WindowSettings:
        usual = window_settings(otherwise)
        return WindowSettings(self.window_seconds or usual.seconds, self.max_windows_keep or usual.kept)


def traffic_results(
    platform: Platform, report_id: UUID, entries: pl.LazyFrame, outcomes: Iterable[SignalOutcome]
) -> Mapping[str, ReportResult]:
    """By asset; empty for a report without captures. A fault in here costs the report nothing else."""
    captures = captures_in(outcomes)
    if not captures:
        return {}
    try:
        flows = report_flows(platform, report_id, entries, captures)
        windows = report_windows(platform, report_id, flows, settings := window_settings(platform.settings))
        alerts = report_alerts(platform, report_id, flows, windows)
    except UNEXPECTED as error:
        if is_expected(error):
            raise
        tell_fault("the network part", error)
        return {}
    return {
        "flows": flows_result(platform, flows),
        "traffic_windows": windows_result(platform, flows, windows, settings),
        "traffic_alerts": alerts_result(platform, alerts),
    }


def flows_result(platform: Platform, flows: pl.DataFrame) -> ReportResult:
    failed = flows.filter(HAS_FAILED)
    backwards = flows.filter(pl.col("ended_at") < pl.col("started_at")).height
    found = [f"{backwards} flows end before they begin"] if backwards else []
    return _result(
        platform,
        TRAFFIC_FLOWS,
        flows,
        {ENDS_ARE_ORDERED: found},
        {
            "failed": failed.height,
            "services": show.count_table("service", _top(flows["service"])),
            "likely_protocols": show.count_table("protocol", _top(flows["likely_protocol"])),
            "failures": show.count_table("failure", _top(failed["failures"].explode())),
        },
    )


def windows_result(
    platform: Platform, flows: pl.DataFrame, windows: pl.DataFrame, settings: WindowSettings
) -> ReportResult:
    counted, there = int(windows["flows"].sum()), flows["started_at"].count()
    is_whole = counted == there or windows.height == settings.kept
    found = [] if is_whole else [f"the windows have {counted} flows of {there}"]
    most = windows["isolation"].max()
    return _result(
        platform,
        TRAFFIC_WINDOWS,
        windows,
        {EVERY_FLOW_IN_A_WINDOW: found},
        {
            "window_seconds": settings.seconds,
            "compared_with": int(windows["compared_with"].max() or 0),  # type: ignore[arg-type]
            "highest_isolation": round(most, 3) if isinstance(most, float) else "too few windows",
        },
    )


def alerts_result(platform: Platform, alerts: pl.DataFrame) -> ReportResult:
    without = alerts.filter(pl.col("flows").list.len() == 0).height
    listed = alerts.head(TOP).select("severity", "rule", "sentence").to_dicts()
    return _result(
        platform,
        TRAFFIC_ALERTS,
        alerts,
        {ALERTS_HAVE_EVIDENCE: [f"{without} alerts name no flow"] if without else []},
        {"rules": show.count_table("rule", show.counts(alerts["rule"])), "alerts": show.table(listed)},
    )


def _top(values: pl.Series) -> dict[str, int]:
    return dict(list(show.counts(values).items())[:TOP])


def _result(
    platform: Platform,
    schema: FrameSchema,
    frame: pl.DataFrame,
    problems: Mapping[str, list[str]],
    metadata: Mapping[str, object],
) -> ReportResult:
    spooled = spool([frame], schema, platform.frames.spool_path())
    return ReportResult(
        frame=spooled,
        metadata={"dagster/row_count": frame.height, **metadata},
        problems={checks.SCHEMA: checks.schema_problems(schema, spooled), **problems},
    )
