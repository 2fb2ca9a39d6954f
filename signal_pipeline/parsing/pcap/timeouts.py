"""What one conversation is: after how long a silence a packet begins a new flow, and what is counted together."""

from __future__ import annotations

from dataclasses import dataclass

from signal_pipeline.parsing.pcap.header_columns import TCP

SECOND = 1_000_000_000
NEVER = 1 << 62


@dataclass(frozen=True)
class Timeouts:
    """Nanoseconds without a packet. `closed` holds once both ends have closed, or one has reset, `attempt` for a SYN
    that nothing answered; both from that time on.

    `icmp_types`: echo and errors are flows of their own. `port_reuse`: a SYN of another connection begins a flow, and
    with `retries_apart` so does one that is sent again after a reset.
    """

    tcp: int = 300 * SECOND
    other: int = 60 * SECOND
    closed: int = NEVER
    attempt: int = NEVER
    icmp_types: bool = True
    port_reuse: bool = True
    retries_apart: bool = False

    def of(self, protocol: int) -> int:
        return self.tcp if protocol == TCP else self.other


DEFAULT_TIMEOUTS = Timeouts()
"""Zeek's inactivity timeouts; what comes after the end of a connection is still counted with it."""
ZEEK_TIMEOUTS = Timeouts(closed=5 * SECOND, attempt=5 * SECOND, retries_apart=True)
NDPI_TIMEOUTS = Timeouts(NEVER, NEVER, NEVER, NEVER, icmp_types=False, port_reuse=False)
"""nDPI's reader counts a whole capture by address and port."""
