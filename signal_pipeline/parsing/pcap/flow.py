"""One conversation: who with whom, how much each way, how it began and ended. No payload is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from signal_pipeline.parsing.pcap.flow_counts import Floats
from signal_pipeline.parsing.pcap.header_columns import ICMP, ICMP6, SCTP, TCP, UDP

FIN, SYN, RST, PUSH, ACK = 1, 2, 4, 8, 16
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PORTED = (TCP, UDP, SCTP)
"""Protocols with ports."""
PROTOCOLS = {
    TCP: "TCP",
    UDP: "UDP",
    ICMP: "ICMP",
    ICMP6: "ICMPv6",
    SCTP: "SCTP",
    2: "IGMP",
    50: "ESP",
    51: "AH",
    89: "OSPF",
}


class Endpoint(IntEnum):
    """What Zeek calls the state of one end of a TCP connection."""

    INACTIVE = 0
    SYN_SENT = 1
    PARTIAL = 2
    ESTABLISHED = 3
    CLOSED = 4
    RESET = 5


@dataclass(slots=True)
class Side:
    """One direction of a flow: what one end sent. What is counted is known once the flow is over."""

    state: Endpoint = Endpoint.INACTIVE
    packets: int = 0
    wire_bytes: int = 0
    payload_bytes: int = 0
    retransmitted: int = 0
    out_of_order: int = 0
    zero_windows: int = 0
    resets: int = 0
    state_before: Endpoint = Endpoint.INACTIVE
    first_sequence: int = -1
    """Sequence number of the last SYN; -1 where none was seen."""
    has_ended: bool = False
    """Whether it sent a FIN or a reset."""
    stream: Any = None
    """What a dissector keeps between segments."""


@dataclass(slots=True)
class Flow:
    """`number` is its place in the capture, by first packet. Times are ns since 1970. Side 0 is the originator's.

    `row` is where its packets are counted, and `features` what follows from
    the counts once it is over; see `flow_features`.
    """

    number: int
    protocol: int
    family: int
    addresses: tuple[int, int]
    ports: tuple[int, int]
    start: int
    end: int
    key: int
    row: int
    tunnelled: bool = False
    sides: tuple[Side, Side] = field(default_factory=lambda: (Side(), Side()))
    flipped: bool = False
    service: str | None = None
    server_name: str | None = None
    resolved_name: str | None = None
    """What DNS answered the server's address for."""
    version: str | None = None
    handshake_ns: int | None = None
    round_trip_ns: int = 0
    """From the SYN to the acknowledgement of its answer; 0 where that was not seen."""
    syn_at: int = 0
    reset_at: int = 0
    closed_at: int = 0
    """When both ends had closed, or one had reset."""
    reset_after_close: bool = False
    syns: int = 0
    settled: bool = False
    """No packet without SYN, FIN or RST tells more about it than its time."""
    state: str = "OTH"
    """As Zeek names it, once the flow is over; see `tcp_state`."""
    asked_last: bool = False
    """The last data were the originator's."""
    features: Floats | None = None
    clear_login: str | None = None
    """How a password was sent without encryption."""
    certificate_ends: int = 0
    """When the server's certificate expires, ns since 1970; 0 where none was seen."""
    self_signed: bool | None = None
    failures: dict[tuple[str, str], Failed] = field(default_factory=dict)
    http: Any = None
    dns: Any = None

    def fail(self, code: str, subject: str, at: int) -> None:
        """Notes one more failure; those of one code and subject are counted together."""
        known = self.failures.get((code, subject))
        if known is None:
            if len(self.failures) < MAX_FAILURES:
                self.failures[code, subject] = Failed(at)
        else:
            known.count += 1

    @property
    def waits(self) -> bool:
        """Whether what a side has begun to say goes on in its next segment."""
        one, other = self.sides[0].stream, self.sides[1].stream
        return (one is not None and one.waits) or (other is not None and other.waits)

    @property
    def host(self) -> str:
        """The server, by the name that the client asked for where it told one."""
        return self.server_name or self.resolved_name or self.address(1)

    def address(self, side: int) -> str:
        """As text; IPv6 without brackets."""
        return _address(self.addresses[side], self.family)

    def endpoint(self, side: int) -> str:
        """`10.0.0.1:443`, `[::1]:443`, and the address alone where the protocol has no ports."""
        address = self.address(side)
        if self.protocol not in (TCP, UDP, SCTP):
            return address
        return f"[{address}]:{self.ports[side]}" if self.family == 6 else f"{address}:{self.ports[side]}"

    @property
    def name(self) -> str:
        return PROTOCOLS.get(self.protocol, f"IP {self.protocol}")


@lru_cache(maxsize=50_000)
def _address(value: int, family: int) -> str:
    return str(IPv4Address(value & 0xFFFFFFFF)) if family == 4 else str(IPv6Address(value))


def moment(at: int) -> datetime | None:
    """As UTC, from ns since 1970."""
    return _EPOCH + timedelta(microseconds=at // 1000) if at else None


MAX_FAILURES = 50


@dataclass(slots=True)
class Failed:
    """When a failure was first seen, ns, and how often."""

    at: int
    count: int = 1
