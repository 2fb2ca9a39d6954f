"""A packet capture of one TCP port on the loopback interface, as `tcpdump -i lo tcp port N -w FILE` writes it.

Linux only, and only for whoever may capture: root, or a process with CAP_NET_RAW.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_IPV4, _TCP, _ETHERNET = 0x0800, 6, 1
_SYN, _RST, _ACK = 2, 4, 16
_SENT = 4  # Loopback shows each packet twice: as sent, and as received.
_SO_TIMESTAMPNS = 35
_SNAP_BYTES = 65_535


@dataclass(frozen=True)
class Connection:
    """The `number`-th of a capture, by its first packet."""

    number: int
    at: float
    refused: bool


@dataclass
class Capture:
    """Packets to and from `port`: time (ns since 1970) and the frame."""

    port: int
    packets: list[tuple[int, bytes]] = field(default_factory=list)

    def add(self, at: int, frame: bytes) -> None:
        if len(frame) >= 34 and frame[23] == _TCP and self.port in _ports(frame):
            self.packets.append((at, frame))

    @property
    def connections(self) -> list[Connection]:
        begun = {_ports(frame)[0]: at for at, frame in self.packets if _flags(frame) == _SYN}
        refused = {_ports(frame)[1] for _, frame in self.packets if _flags(frame) == _RST | _ACK}
        return [Connection(number, at / 1e9, port in refused) for number, (port, at) in enumerate(begun.items())]

    def as_pcap(self) -> bytes:
        head = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, _SNAP_BYTES, _ETHERNET)
        records = (
            struct.pack("<IIII", at // 10**9, at % 10**9 // 1_000, len(frame), len(frame)) + frame
            for at, frame in self.packets
        )
        return head + b"".join(records)


@contextmanager
def captured(port: int) -> Iterator[Capture | None]:
    """What passes while this lasts; None where this process may not capture."""
    try:
        tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_IPV4))
    except (AttributeError, PermissionError):
        yield None
        return
    found, ended = Capture(port), threading.Event()
    with tap:
        tap.bind(("lo", _IPV4))
        tap.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        tap.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * 1024 * 1024)
        tap.settimeout(0.2)
        reader = threading.Thread(target=_read, args=(tap, found, ended), daemon=True)
        reader.start()
        try:
            yield found
        finally:
            ended.set()
            reader.join()


def _read(tap: socket.socket, found: Capture, ended: threading.Event) -> None:
    while True:
        try:
            frame, extra, _, sender = tap.recvmsg(_SNAP_BYTES, 64)
        except TimeoutError:
            if ended.is_set():
                return
            continue
        if sender[2] != _SENT:
            seconds, nanoseconds = struct.unpack("@ll", extra[0][2][:16])
            found.add(seconds * 10**9 + nanoseconds, frame)


def _ports(frame: bytes) -> tuple[int, int]:
    start = 14 + (frame[14] & 15) * 4
    source, target = struct.unpack_from(">HH", frame, start)
    return source, target


def _flags(frame: bytes) -> int:
    return frame[14 + (frame[14] & 15) * 4 + 13] & (_SYN | _RST | _ACK)
