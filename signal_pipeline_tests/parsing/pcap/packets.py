"""Packets and captures, built byte by byte."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from ipaddress import ip_address

CLIENT, SERVER = "10.0.0.2", "198.51.100.9"
FIN, SYN, RST, PUSH, ACK = 1, 2, 4, 8, 16
Timed = tuple[float, bytes]


def tcp(
    source: int = 50_123, target: int = 80, flags: int = ACK, data: bytes = b"", seq: int = 1, ack: int = 0, window: int = 1024,
    options: bytes = b"",
) -> bytes:  # fmt: skip
    size = 5 + len(options) // 4
    return struct.pack(">HHIIBBHHH", source, target, seq, ack, size << 4, flags, window, 0, 0) + options + data


def udp(source: int = 50_123, target: int = 53, data: bytes = b"") -> bytes:
    return struct.pack(">HHHH", source, target, 8 + len(data), 0) + data


def ip(
    body: bytes,
    source: str = CLIENT,
    target: str = SERVER,
    protocol: int = 6,
    fragment: int = 0,
    identification: int = 0,
) -> bytes:
    """IPv4 or IPv6, by the addresses."""
    ends = ip_address(source).packed + ip_address(target).packed
    if len(ends) == 8:
        head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(body), identification, fragment, 64, protocol, 0)
        return head + ends + body
    return struct.pack(">IHBB", 6 << 28, len(body), protocol, 64) + ends + body


def ethernet(body: bytes, kind: int = 0x0800) -> bytes:
    return b"\x02" * 6 + b"\x04" * 6 + struct.pack(">H", kind) + body


def pcap(
    packets: Sequence[bytes | Timed],
    link: int = 101,
    order: str = "<",
    nanoseconds: bool = False,
    start: int = 1_709_287_200,
) -> bytes:
    """A capture of these packets, 1 ms apart where they have no time of their own (s)."""
    magic, unit = (0xA1B23C4D, 1_000_000_000) if nanoseconds else (0xA1B2C3D4, 1_000_000)
    made = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 65_535, link)
    for number, packet in enumerate(packets):
        at, data = packet if isinstance(packet, tuple) else (number / 1000, packet)
        seconds = int(at)
        made += struct.pack(order + "IIII", start + seconds, round((at - seconds) * unit), len(data), len(data)) + data
    return made


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    body += bytes(-len(body) % 4)
    size = struct.pack(order + "I", 12 + len(body))
    return struct.pack(order + "I", kind) + size + body + size


def pcapng(
    interfaces: Sequence[tuple[int, bytes]], packets: Sequence[tuple[int, int, bytes]], order: str = "<"
) -> bytes:
    """Interfaces as (link type, options), packets as (interface, units since 1970, bytes)."""
    made = block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1), order)
    for link, options in interfaces:
        made += block(1, struct.pack(order + "HHI", link, 0, 0) + options, order)
    for interface, at, data in packets:
        head = struct.pack(order + "IIIII", interface, at >> 32, at & 0xFFFFFFFF, len(data), len(data))
        made += block(6, head + data, order)
    return made


class Connection:
    """A TCP connection whose packets follow one another; sequence numbers are kept."""

    def __init__(self, port: int = 50_123, server_port: int = 80) -> None:
        self.packets: list[bytes] = []
        self._ports = (port, server_port)
        self._next = [1_000, 5_000]

    def send(self, side: int, data: bytes = b"", flags: int = ACK, window: int = 1024) -> Connection:
        """Side 0 is the client's."""
        source, target = self._ports if side == 0 else self._ports[::-1]
        segment = tcp(source, target, flags, data, self._next[side], self._next[1 - side], window)
        self.packets.append(ip(segment, *((CLIENT, SERVER) if side == 0 else (SERVER, CLIENT))))
        self._next[side] += len(data) + (1 if flags & (SYN | FIN) else 0)
        return self

    def again(self, place: int = -1) -> Connection:
        """The same segment once more."""
        self.packets.append(self.packets[place])
        return self

    def opened(self) -> Connection:
        return self.send(0, flags=SYN).send(1, flags=SYN | ACK).send(0)

    def closed(self) -> Connection:
        return self.send(0, flags=FIN | ACK).send(1, flags=FIN | ACK).send(0)


def dns(name: str, rcode: int | None = None, identification: int = 7) -> bytes:
    """A query, or the answer with this code."""
    question = (
        b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0" + struct.pack(">HH", 1, 1)
    )
    flags = 0x0100 if rcode is None else 0x8180 | rcode
    return struct.pack(">HHHHHH", identification, flags, 1, 0, 0, 0) + question


def dns_answer(name: str, *addresses: str, identification: int = 7, alias: str | None = None) -> bytes:
    """The answer with these addresses, of an alias of the name where there is one."""

    def written(text: str) -> bytes:
        return b"".join(bytes([len(part)]) + part.encode() for part in text.split(".")) + b"\0"

    records, owner = [], b"\xc0\x0c"
    if alias is not None:
        target = written(alias)
        records.append(owner + struct.pack(">HHIH", 5, 1, 60, len(target)) + target)
        owner = target
    for address in addresses:
        packed = ip_address(address).packed
        records.append(owner + struct.pack(">HHIH", 1 if len(packed) == 4 else 28, 1, 60, len(packed)) + packed)
    head = struct.pack(">HHHHHH", identification, 0x8180, 1, len(records), 0, 0)
    return head + written(name) + struct.pack(">HH", 1, 1) + b"".join(records)


def record(kind: int, body: bytes) -> bytes:
    """A TLS record."""
    return struct.pack(">BHH", kind, 0x0303, len(body)) + body


def client_hello(name: str) -> bytes:
    listed = struct.pack(">HBH", len(name) + 3, 0, len(name)) + name.encode()
    extension = struct.pack(">HH", 0, len(listed)) + listed
    body = b"\x03\x03" + bytes(32) + b"\0" + b"\0\2\x13\x01" + b"\1\0" + struct.pack(">H", len(extension)) + extension
    return record(22, b"\x01" + len(body).to_bytes(3, "big") + body)
