"""When a conversation is over: after how long a silence the next packet begins a new flow."""

from __future__ import annotations

from dataclasses import dataclass

from signal_pipeline.parsing.pcap.header_columns import TCP

SECOND = 1_000_000_000


@dataclass(frozen=True)
class Timeouts:
    """Nanoseconds without a packet. `closed` and `reset` hold once both ends have closed, or one has reset."""

    tcp: int = 300 * SECOND
    other: int = 60 * SECOND
    closed: int = 300 * SECOND
    reset: int = 300 * SECOND

    def of(self, protocol: int) -> int:
        return self.tcp if protocol == TCP else self.other


DEFAULT_TIMEOUTS = Timeouts()
"""Zeek's inactivity timeouts; what comes after the end of a connection is still counted with it."""
ZEEK_TIMEOUTS = Timeouts(closed=5 * SECOND, reset=SECOND // 10)
NDPI_TIMEOUTS = Timeouts(tcp=1 << 62, other=1 << 62, closed=1 << 62, reset=1 << 62)
"""nDPI's reader counts a whole capture by address and port."""
