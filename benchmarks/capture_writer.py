"""A small writer of captures: TCP connections that a proxy carried become packets, with the bytes and times it saw."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from pathlib import Path

FIN, SYN, RST, PUSH, ACK = 1, 2, 4, 8, 16
SEGMENT_BYTES = 1_400
_RAW_LINK = 101
_SYN_SECONDS = 0.000_1


@dataclass
class CarriedConnection:
    """A connection: what each side sent and when (s since 1970, side, bytes), and flags of its last segments.

    `refused`: the SYN is answered by a reset. Side 0 is the client's.
    """

    client: tuple[str, int]
    server: tuple[str, int]
    began: float
    sent: list[tuple[float, int, bytes]] = field(default_factory=list)
    ended: list[tuple[float, int, int]] = field(default_factory=list)
    refused: bool = False


def write_capture(path: Path, connections: Iterable[CarriedConnection]) -> None:
    """As pcap with raw IP, all packets in order of time."""
    packets = sorted(((at, data) for one in connections for at, data in _packets(one)), key=lambda pair: pair[0])
    with path.open("wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, _RAW_LINK))
        for at, data in packets:
            seconds = int(at)
            file.write(struct.pack("<IIII", seconds, int((at - seconds) * 1e6), len(data), len(data)) + data)


def _packets(one: CarriedConnection) -> Iterable[tuple[float, bytes]]:
    following = [1_000, 5_000]

    def packet(side: int, flags: int, data: bytes = b"") -> bytes:
        (source, port), (target, target_port) = (one.client, one.server) if side == 0 else (one.server, one.client)
        numbers = (following[side], following[1 - side] if flags & ACK else 0)
        tcp = struct.pack(">HHIIBBHHH", port, target_port, *numbers, 0x50, flags, 8_192, 0, 0) + data
        following[side] += len(data) + (1 if flags & (SYN | FIN) else 0)
        ends = IPv4Address(source).packed + IPv4Address(target).packed
        return struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp), 0, 0, 64, 6, 0) + ends + tcp

    yield one.began, packet(0, SYN)
    if one.refused:
        yield one.began + _SYN_SECONDS, packet(1, RST | ACK)
        return
    yield one.began + _SYN_SECONDS, packet(1, SYN | ACK)
    yield one.began + 2 * _SYN_SECONDS, packet(0, ACK)
    for at, side, data in sorted(one.sent, key=lambda part: part[0]):
        for start in range(0, len(data), SEGMENT_BYTES):
            yield max(at, one.began + 3 * _SYN_SECONDS), packet(side, PUSH | ACK, data[start : start + SEGMENT_BYTES])
    for at, side, flags in one.ended:
        yield at, packet(side, flags)
