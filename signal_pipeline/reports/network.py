"""The network part of a report: flows, windows and alerts, from its stored entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import polars as pl

from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.frames import FrameMissing
from signal_pipeline.traffic.alert_rules import alerts_of
from signal_pipeline.traffic.flows import flows_of
from signal_pipeline.traffic.windows import windows_of

NETWORK_KINDS = ("pcap", "flow_table")
"""Kinds of files that flows come from."""
MAX_CONVERSATIONS = 50
UNUSUAL = 0.6
"""A window whose isolation is at least this."""


@dataclass(frozen=True)
class Network:
    """Flows as `traffic.flows.FLOWS`; `files` has names of files by signal id."""

    flows: pl.DataFrame
    files: Mapping[str, str]

    def alerts(self) -> list[dict[str, Any]]:
        """As `traffic.alert_rules.alerts_of`, with names of files in the evidence."""
        found: list[dict[str, Any]] = alerts_of(self.flows)
        return [alert | {"flows": [self._place(place) for place in alert["flows"]]} for alert in found]

    def conversations(self) -> list[dict[str, Any]]:
        """Who talked with whom: those that failed first, then those with most bytes; at most MAX_CONVERSATIONS."""
        failed = (pl.col("failures").list.len() > 0).sum()
        return (
            self.flows.group_by("source", "target", "target_port", "protocol")
            .agg(
                pl.col("service", "server_name", "number").first(),
                flows=pl.len(),
                failed=failed,
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
        """Windows of a minute that are unlike the others of the report, the most unlike first."""
        windows = windows_of(self.flows)
        return windows.filter(pl.col("isolation") >= UNUSUAL).sort("isolation", descending=True).to_dicts()

    def _place(self, place: Mapping[str, Any]) -> dict[str, Any]:
        name = self.files.get(place["signal_id"], place["signal_id"])
        return {"file": f"{name}/{place['member']}" if place["member"] else name, "flow": place["number"]}


def report_network(platform: Platform, report_id: UUID, files: Mapping[str, str]) -> Network | None:
    """None while the entries are not there yet. FrameBroken where they cannot be read."""
    try:
        entries = platform.frames.scan("parsed_entries", report_id)
    except FrameMissing:
        return None
    return Network(flows_of(entries), files)


def flow_rows(flows: pl.DataFrame, begin: int, count: int) -> list[dict[str, Any]]:
    """Some flows without their features."""
    return flows.drop("features").slice(begin, count).to_dicts()
