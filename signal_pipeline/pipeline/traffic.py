"""The network part of a report with captures: flows, windows of time and alerts, made from its entries and stored.

Each function replaces what an earlier run made, and counts what it made for the metrics.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from uuid import UUID

import polars as pl

from signal_pipeline.parsing.outcome import SignalOutcome
from signal_pipeline.platform.platform import Platform
from signal_pipeline.settings import Settings
from signal_pipeline.storage.stage_measures import record_stages
from signal_pipeline.storage.traffic import count_traffic, earlier_windows, replace_alerts, replace_windows
from signal_pipeline.traffic.alert_rules import alerts_of
from signal_pipeline.traffic.flows import compact_flows
from signal_pipeline.traffic.protocols import with_likely_protocol
from signal_pipeline.traffic.windows import WindowSettings, compared_windows, measured_windows

NETWORK_KINDS = ("pcap", "flow_table")
"""Kinds of files that flows come from."""


def captures_in(outcomes: Iterable[SignalOutcome]) -> int:
    """How many files are captures or tables of flows, as far as they could be read."""
    return sum(one.kind in NETWORK_KINDS and one.status != "failed" for one in outcomes)


def window_settings(settings: Settings) -> WindowSettings:
    return WindowSettings(settings.window_seconds, settings.max_windows_keep)


def report_flows(platform: Platform, report_id: UUID, entries: pl.LazyFrame, captures: int = 0) -> pl.DataFrame:
    """TRAFFIC_FLOWS of the report's entries. `captures` is how many files were read for them, for the metrics."""
    began = time.monotonic()
    flows = compact_flows(entries, with_likely_protocol)
    classified = Counter(flows["likely_protocol"].drop_nulls())
    counts: dict[str, float] = {"captures": captures, "flows": flows.height}
    counts |= {f"classifications {protocol}": count for protocol, count in classified.items()}
    with platform.database.transaction() as connection:
        count_traffic(connection, counts)
        record_stages(connection, "flows", {report_id: time.monotonic() - began})
    return flows


def report_windows(platform: Platform, report_id: UUID, flows: pl.DataFrame, settings: WindowSettings) -> pl.DataFrame:
    """TRAFFIC_WINDOWS, compared with each other and with those of earlier captures of the source; stored."""
    began = time.monotonic()
    measured = measured_windows(flows, settings)
    with platform.database.transaction() as connection:
        earlier = earlier_windows(connection, report_id, settings.seconds, settings.kept)
    windows = compared_windows(measured, settings, earlier)
    with platform.database.transaction() as connection:
        replace_windows(connection, report_id, windows, settings.seconds)
        count_traffic(connection, {"windows": windows.height})
        record_stages(connection, "traffic_windows", {report_id: time.monotonic() - began})
    return windows


def report_alerts(platform: Platform, report_id: UUID, flows: pl.DataFrame, windows: pl.DataFrame) -> pl.DataFrame:
    """TRAFFIC_ALERTS, stored."""
    began = time.monotonic()
    alerts = alerts_of(flows, windows)
    with platform.database.transaction() as connection:
        replace_alerts(connection, report_id, alerts)
        count_traffic(connection, {f"alerts {rule}": count for rule, count in Counter(alerts["rule"]).items()})
        record_stages(connection, "traffic_alerts", {report_id: time.monotonic() - began})
    return alerts
