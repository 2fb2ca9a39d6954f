"""The section Network of a report's page, for reports with captures."""

from __future__ import annotations

from typing import Any

from signal_pipeline.reports.network import Network

BAR_WIDTH = 120
MAX_ALERTS = 100
MAX_WINDOWS = 20


def network_view(network: Network | None) -> dict[str, Any] | None:
    """None where there are no flows. `width` of a conversation is its handshake beside the longest, in pixels."""
    if network is None or network.flows.is_empty():
        return None
    conversations = network.conversations()
    longest = max((one["handshake_ms"] or 0.0 for one in conversations), default=0.0)
    for one in conversations:
        took = one["handshake_ms"]
        one["width"] = round(max(took / longest * BAR_WIDTH, 1)) if took is not None and longest > 0 else 0
    return {
        "flows": network.flows.height,
        "alerts": network.alerts()[:MAX_ALERTS],
        "conversations": conversations,
        "windows": network.unusual_windows()[:MAX_WINDOWS],
    }
