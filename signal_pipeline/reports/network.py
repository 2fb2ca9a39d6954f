"""The network part of a report: flows, windows and alerts as they were stored; from its entries where they were not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import polars as pl

from signal_pipeline.pipeline.traffic import window_settings
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.frames import FrameBroken, FrameMissing
from signal_pipeline.storage.traffic import alerts_of_report, windows_of_report
from signal_pipeline.traffic.alert_rules import alerts_of
from signal_pipeline.traffic.columns import HAS_FAILED
from signal_pipeline.traffic.flows import compact_flows, flows_of
from signal_pipeline.traffic.protocols import with_likely_protocol
from signal_pipeline.traffic.windows import WindowSettings, compared_windows, measured_windows

MAX_CONVERSATIONS = 50
MANY_PORTS = 10
UNUSUAL = 0.6
"""A window whose isolation is at least this."""


@dataclass(frozen=True)
class Network:
    """Tables as in traffic.columns: TRAFFIC_FLOWS, TRAFFIC_WINDOWS, and TRAFFIC_ALERTS as rows; `files` has names of
    files by signal id.
    """

    flows: pl.DataFrame
    windows: pl.DataFrame
    alert_rows: list[dict[str, Any]]
    files: Mapping[str, str]

    @staticmethod
    def computed(flows: pl.DataFrame, settings: WindowSettings, files: Mapping[str, str]) -> Network:
        """Of flows alone, without earlier captures."""
        windows = compared_windows(measured_windows(flows, settings), settings)
        return Network(flows, windows, alerts_of(flows, windows).to_dicts(), files)

    def alerts(self) -> list[dict[str, Any]]:
        """Rows of TRAFFIC_ALERTS, with names of files in the evidence."""
        return [alert | {"flows": [self._place(place) for place in alert["flows"]]} for alert in self.alert_rows]

    def conversations(self) -> list[dict[str, Any]]:
        """Who talked with whom: those that failed first, then those with most bytes; at most MAX_CONVERSATIONS.

        Failures at more than MANY_PORTS ports of a host are one conversation, without a port: a scan would fill it.
        """
        ports = pl.col("target_port").n_unique().over("source", "target", "protocol", HAS_FAILED)
        is_one = HAS_FAILED & (ports > MANY_PORTS)
        return (
            self.flows.with_columns(target_port=pl.when(~is_one).then("target_port"), port=pl.col("target_port"))
            .group_by("source", "target", "target_port", "protocol")
            .agg(
                pl.col("service", "server_name", "likely_protocol", "number").first(),
                ports=pl.col("port").n_unique(),
                flows=pl.len(),
                failed=HAS_FAILED.sum(),
                failures=pl.col("failures").explode().drop_nulls().unique(maintain_order=True).head(3),
                bytes_out=pl.col("bytes_out").sum(),
                bytes_in=pl.col("bytes_in").sum(),
                handshake_ms=pl.col("handshake_ms").median(),
            )
            .sort("failed", "bytes_in", "bytes_out", "source", "target", descending=True)
            .head(MAX_CONVERSATIONS)
            .to_dicts()
        )

    def unusual_windows(self) -> list[dict[str, Any]]:
        """Windows that are unlike the others, the most unlike first."""
        return self.windows.filter(pl.col("isolation") >= UNUSUAL).sort("isolation", descending=True).to_dicts()

    def _place(self, place: Mapping[str, Any]) -> dict[str, Any]:
        name = self.files.get(place["signal_id"], place["signal_id"])
        return {"file": f"{name}/{place['member']}" if place["member"] else name, "flow": place["number"]}


def report_network(platform: Platform, report_id: UUID, files: Mapping[str, str]) -> Network | None:
    """None while the entries are not there yet. FrameBroken where they cannot be read."""
    with platform.database.transaction() as connection:
        windows = windows_of_report(connection, report_id)
        alerts = alerts_of_report(connection, report_id) if windows is not None else []
    if windows is not None:
        try:
            flows = platform.frames.scan("flows", report_id).collect()
        except (FrameMissing, FrameBroken):
            pass  # an interruption between rows and frame, or damage: the entries have it all
        else:
            return Network(flows, windows, alerts, files)
    try:
        entries = platform.frames.scan("parsed_entries", report_id)
    except FrameMissing:
        return None
    return Network.computed(compact_flows(entries, with_likely_protocol), window_settings(platform.settings), files)


def flow_features(platform: Platform, report_id: UUID) -> pl.DataFrame | None:
    """The flows with their features, as `traffic.columns.FLOWS`; None while the entries are not there yet."""
    try:
        return flows_of(platform.frames.scan("parsed_entries", report_id))
    except FrameMissing:
        return None


def flow_rows(flows: pl.DataFrame, begin: int, count: int) -> list[dict[str, Any]]:
    """Some flows."""
    return flows.slice(begin, count).to_dicts()
