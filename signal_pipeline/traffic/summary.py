"""What the flows of one file amount to, for `signal-pipeline parse`: counts, services and alerts."""

from __future__ import annotations

from typing import Any

import polars as pl

from signal_pipeline.frame_schema import FLOW
from signal_pipeline.traffic.alert_rules import alerts_of
from signal_pipeline.traffic.columns import HAS_FAILED
from signal_pipeline.traffic.flows import compact_flows, joined_flows
from signal_pipeline.traffic.protocols import with_likely_protocol
from signal_pipeline.traffic.windows import WindowSettings, compared_windows, measured_windows

MAX_FLOWS = 500_000
"""Of more, the first are looked at: some 100 MB."""


class TrafficSummary:
    """Takes frames of entries one by one and keeps a row for each flow."""

    def __init__(self) -> None:
        self._parts: list[pl.DataFrame] = []
        self._rows = 0

    def add(self, frame: pl.DataFrame) -> None:
        """Entries with the columns of schemas.PARSED."""
        if self._rows < MAX_FLOWS and (frame["role"] == FLOW).any():
            self._parts.append(compact_flows(frame.lazy(), with_likely_protocol))
            self._rows += self._parts[-1].height

    def facts(self) -> dict[str, Any] | None:
        """None for a file without flows. `alerts` are sentences by severity; places are numbers of flows."""
        if not self._parts:
            return None
        flows = joined_flows(self._parts)
        windows = compared_windows(measured_windows(flows, WindowSettings()), WindowSettings())
        service = pl.coalesce("service", "likely_protocol", pl.col("protocol").str.to_lowercase())
        services = flows.select(service.alias("service"))["service"].value_counts(sort=True)
        return {
            "flows": flows.height,
            "failed": flows.filter(HAS_FAILED).height,
            "packets": int((flows["packets_out"].fill_null(0) + flows["packets_in"].fill_null(0)).sum()),
            "bytes": int((flows["bytes_out"].fill_null(0) + flows["bytes_in"].fill_null(0)).sum()),
            "services": {str(name): int(count) for name, count in services.iter_rows() if name},
            "alerts": [
                {
                    **{name: alert[name] for name in ("rule", "severity", "sentence", "count")},
                    "flows": [place["number"] for place in alert["flows"]],
                }
                for alert in alerts_of(flows, windows).to_dicts()
            ],
        }
