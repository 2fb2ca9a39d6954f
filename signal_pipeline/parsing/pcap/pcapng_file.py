"""The pcapng format: blocks in sections, packets of several interfaces with clocks of their own."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

import numpy as np

from signal_pipeline.errors import PartialReason
from signal_pipeline.parsing.outcome import OutcomeNotes
from signal_pipeline.parsing.pcap.packets import MAX_PACKET_BYTES, BlockFeed, Ints, PacketBatch, windows

MAGIC = b"\x0a\x0d\x0d\x0a"
_SECTION, _INTERFACE, _OLD_PACKET, _SIMPLE, _PACKET = 0x0A0D0D0A, 1, 2, 3, 6
_PACKET_BYTES = 32
"""Of a packet's block without the packet."""
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

    def times(self, high: Ints, low: Ints) -> Ints:
        """`nanoseconds` of each."""
        simple = self.per_second <= 1_000_000_000 and abs(self.offset_seconds) <= _MAX_SECONDS and high.max() < 1 << 31
        if not simple:
            return np.array(
                [self.nanoseconds(a, b) for a, b in zip(high.tolist(), low.tolist(), strict=True)], np.int64
            )
        seconds, rest = np.divmod(high << 32 | low, self.per_second)
        whole = seconds + self.offset_seconds
        good = (whole >= 0) & (whole <= _MAX_SECONDS)
        return np.where(good, np.where(good, whole, 0) * 1_000_000_000 + rest * 1_000_000_000 // self.per_second, 0)


@dataclass
class _Found:
    """The packets of one batch, as arrays with a row each: start, captured, wire, at, link."""

    parts: list[Ints] = field(default_factory=list)

    def add(self, start: int, captured: int, wire: int, at: int, link: int) -> None:
        wire = wire if wire <= MAX_PACKET_BYTES else captured
        self.parts.append(np.array([[start, captured, wire, at, link]], np.int64))

    def batch(self, block: bytearray) -> PacketBatch:
        start, captured, wire, at, link = np.concatenate(self.parts).T
        return PacketBatch(
            np.frombuffer(block, np.uint8), start, start + captured, np.maximum(wire, captured), at, link.copy()
        )


class _Sections:
    """What the blocks up to here said: byte order and interfaces of the current section."""

    def __init__(self, notes: OutcomeNotes) -> None:
        self._notes = notes
        self._order = "<"
        self._interfaces: list[_Interface] = []
        self.damaged = False

    def read(self, block: bytearray, end: int, found: _Found) -> int:
        """Adds the packets of all whole blocks up to `end`; returns where the first one that is not whole begins."""
        position = 0
        packets: list[int] = []
        head = struct.Struct(self._order + "II").unpack_from
        while position + 12 <= end:
            kind, length = head(block, position)
            if kind == _SECTION:
                self._take_packets(block, packets, found)
                packets = []
                self._order = "<" if block[position + 8 : position + 12] == b"\x4d\x3c\x2b\x1a" else ">"
                self._interfaces = []
                head = struct.Struct(self._order + "II").unpack_from
                kind, length = head(block, position)
            if length < 12 or length > _MAX_BLOCK_BYTES or length % 4:
                self.damaged = True
                break
            if position + length > end:
                break
            if kind == _PACKET and length >= _PACKET_BYTES:
                packets.append(position)
            elif kind != _PACKET:
                if kind in (_OLD_PACKET, _SIMPLE):
                    self._take_packets(block, packets, found)
                    packets = []
                self._take(kind, block, position + 8, position + length - 4, found)
            position += length
        self._take_packets(block, packets, found)
        return position

    def _take_packets(self, block: bytearray, places: list[int], found: _Found) -> None:
        """The packets whose blocks begin at these places, of the kind that is written today."""
        if not places:
            return
        data = np.frombuffer(block, np.uint8)
        at = np.array(places, np.int64)
        head = windows(data, _PACKET_BYTES - 4)[at].view(np.dtype(f"{self._order}u4")).astype(np.int64)
        _, length, which, high, low, captured, wire = head.T
        good = (which < len(self._interfaces)) & (captured <= np.minimum(MAX_PACKET_BYTES, length - _PACKET_BYTES))
        if not good.all():
            self._notes.reasons.add(PartialReason.BAD_ENTRIES)
        times, links = np.zeros(len(at), np.int64), np.zeros(len(at), np.int64)
        for number in np.unique(which[good]).tolist():
            some, interface = np.flatnonzero(good & (which == number)), self._interfaces[number]
            times[some] = interface.times(high[some], low[some])
            links[some] = interface.link
        wire = np.where(wire <= MAX_PACKET_BYTES, wire, captured)
        found.parts.append(np.stack([at + _PACKET_BYTES - 4, captured, wire, times, links], axis=1)[good])

    def _take(self, kind: int, block: bytearray, start: int, end: int, found: _Found) -> None:
        order = self._order
        if kind == _OLD_PACKET and end - start >= 20:
            _, high, low, captured, wire = struct.unpack_from(order + "IIIII", block, start)
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

    def _with_clock(self, interface: _Interface, block: bytearray, start: int, end: int) -> _Interface:
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
    for block, end in feed.blocks():
        found = _Found()
        feed.keep(block[sections.read(block, end, found) : end])
        if any(len(part) for part in found.parts):
            yield found.batch(block)
        if sections.damaged:
            notes.reasons.add(PartialReason.BAD_ENTRIES)
            return
    if feed.left:
        notes.reasons.add(PartialReason.TRUNCATED)
