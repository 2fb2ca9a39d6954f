"""The pcapng format: blocks in sections, packets of several interfaces with clocks of their own."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

import numpy as np

from signal_pipeline.errors import PartialReason
from signal_pipeline.parsing.outcome import OutcomeNotes
from signal_pipeline.parsing.pcap.packets import MAX_PACKET_BYTES, BlockFeed, PacketBatch

MAGIC = b"\x0a\x0d\x0d\x0a"
_SECTION, _INTERFACE, _OLD_PACKET, _SIMPLE, _PACKET = 0x0A0D0D0A, 1, 2, 3, 6
_RESOLUTION, _OFFSET, _END_OF_OPTIONS = 9, 14, 0
_MAX_BLOCK_BYTES = 16 * 1024 * 1024
_MAX_INTERFACES = 65_536
_MAX_SECONDS = 9_000_000_000  # nanoseconds beyond it are more than 63 bits hold


@dataclass(frozen=True)
class _Interface:
    link: int
    snap: int
    per_second: int = 1_000_000
    offset_seconds: int = 0

    def nanoseconds(self, high: int, low: int) -> int:
        seconds, rest = divmod((high << 32) | low, self.per_second)
        if not 0 <= seconds + self.offset_seconds <= _MAX_SECONDS:
            return 0
        return (seconds + self.offset_seconds) * 1_000_000_000 + rest * 1_000_000_000 // self.per_second


@dataclass
class _Found:
    """The packets of one batch, as lists."""

    start: list[int] = field(default_factory=list)
    size: list[int] = field(default_factory=list)
    wire: list[int] = field(default_factory=list)
    at: list[int] = field(default_factory=list)
    link: list[int] = field(default_factory=list)

    def add(self, start: int, captured: int, wire: int, at: int, link: int) -> None:
        self.start.append(start)
        self.size.append(captured)
        self.wire.append(wire if wire <= MAX_PACKET_BYTES else captured)
        self.at.append(at)
        self.link.append(link)

    def batch(self, block: bytes) -> PacketBatch:
        times, links = np.array(self.at, np.int64), np.array(self.link, np.int64)
        return PacketBatch.of(block, self.start, self.size, self.wire, times, links)


class _Sections:
    """What the blocks up to here said: byte order and interfaces of the current section."""

    def __init__(self, notes: OutcomeNotes) -> None:
        self._notes = notes
        self._order = "<"
        self._interfaces: list[_Interface] = []
        self.damaged = False

    def read(self, block: bytes, found: _Found) -> int:
        """Adds the packets of all whole blocks; returns where the first one that is not whole begins."""
        position, end = 0, len(block)
        while position + 12 <= end:
            kind = int.from_bytes(block[position : position + 4], "little")
            if kind == _SECTION:
                self._order = "<" if block[position + 8 : position + 12] == b"\x4d\x3c\x2b\x1a" else ">"
                self._interfaces = []
            kind, length = struct.unpack_from(self._order + "II", block, position)
            if length < 12 or length > _MAX_BLOCK_BYTES or length % 4:
                self.damaged = True
                break
            if position + length > end:
                break
            self._take(kind, block, position + 8, position + length - 4, found)
            position += length
        return position

    def _take(self, kind: int, block: bytes, start: int, end: int, found: _Found) -> None:
        order = self._order
        if kind in (_PACKET, _OLD_PACKET) and end - start >= 20:
            which, high, low, captured, wire = struct.unpack_from(order + "IIIII", block, start)
            if kind == _OLD_PACKET:
                which = struct.unpack_from(order + "H", block, start)[0]
            if which >= len(self._interfaces) or captured > min(MAX_PACKET_BYTES, end - start - 20):
                self._notes.reasons.add(PartialReason.BAD_ENTRIES)
                return
            interface = self._interfaces[which]
            found.add(start + 20, captured, wire, interface.nanoseconds(high, low), interface.link)
        elif kind == _SIMPLE and end - start >= 4 and self._interfaces:
            wire = struct.unpack_from(order + "I", block, start)[0]
            captured = min(wire, self._interfaces[0].snap or wire, end - start - 4)
            found.add(start + 4, min(captured, MAX_PACKET_BYTES), wire, 0, self._interfaces[0].link)
        elif kind == _INTERFACE and end - start >= 8 and len(self._interfaces) < _MAX_INTERFACES:
            link, _, snap = struct.unpack_from(order + "HHI", block, start)
            self._interfaces.append(self._with_clock(_Interface(link, snap), block, start + 8, end))

    def _with_clock(self, interface: _Interface, block: bytes, start: int, end: int) -> _Interface:
        per_second, offset = interface.per_second, 0
        while start + 4 <= end:
            code, length = struct.unpack_from(self._order + "HH", block, start)
            start += 4
            if code == _END_OF_OPTIONS or start + length > end:
                break
            if code == _RESOLUTION and length == 1:
                power = block[start] & 0x7F
                base = 2 if block[start] & 0x80 else 10
                per_second = base**power if power <= 63 else per_second
            elif code == _OFFSET and length == 8:
                offset = struct.unpack_from(self._order + "q", block, start)[0]
            start += length + (-length) % 4
        return _Interface(interface.link, interface.snap, per_second, offset)


def pcapng_batches(stream: BinaryIO, notes: OutcomeNotes) -> Iterator[PacketBatch]:
    """The packets of a file that begins with MAGIC; a block that cannot be passed ends the file, and is noted."""
    feed = BlockFeed(stream)
    sections = _Sections(notes)
    for block in feed.blocks():
        found = _Found()
        feed.keep(block[sections.read(block, found) :])
        if found.start:
            yield found.batch(block)
        if sections.damaged:
            notes.reasons.add(PartialReason.BAD_ENTRIES)
            return
    if feed.left:
        notes.reasons.add(PartialReason.TRUNCATED)
