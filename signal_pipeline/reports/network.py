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


@dataclass(frozen=True)
class Network:
    """Flows as `traffic.flows.FLOWS`; `files` has names of files by signal id."""

    flows: pl.DataFrame
    files: Mapping[str, str]

    def alerts(self) -> list[dict[str, Any]]:
        """As `traffic.alert_rules.alerts_of`, with names of files in the evidence."""
        found: list[dict[str, Any]] = alerts_of(self.flows)
        return [alert | {"flows": [self._place(place) for place in alert["flows"]]} for alert in found]

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
