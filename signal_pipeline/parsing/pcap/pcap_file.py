"""The pcap format: one header, then records. Both byte orders, micro- and nanoseconds, and the patched variant."""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np

from signal_pipeline.errors import PartialReason
from signal_pipeline.parsing.outcome import OutcomeNotes
from signal_pipeline.parsing.pcap.packets import MAX_PACKET_BYTES, BlockFeed, Ints, PacketBatch, windows

HEADER_BYTES = 24
# Magic number: byte order, nanoseconds per unit of a record's second field, bytes of a record's header.
MAGICS: dict[bytes, tuple[str, int, int]] = {
    b"\xd4\xc3\xb2\xa1": ("<", 1000, 16),
    b"\xa1\xb2\xc3\xd4": (">", 1000, 16),
    b"\x4d\x3c\xb2\xa1": ("<", 1, 16),
    b"\xa1\xb2\x3c\x4d": (">", 1, 16),
    b"\x34\xcd\xb2\xa1": ("<", 1000, 24),
    b"\xa1\xb2\xcd\x34": (">", 1000, 24),
}
NATIVE = "<" if sys.byteorder == "little" else ">"
_LINK_MASK = 0xFFFF  # the upper bits say whether frames end with a check sum


def pcap_batches(stream: BinaryIO, notes: OutcomeNotes) -> Iterator[PacketBatch]:
    """The packets of a file that begins with one of MAGICS; damage ends the file, and is noted."""
    header = stream.read(HEADER_BYTES)
    if len(header) < HEADER_BYTES:
        notes.reasons.add(PartialReason.TRUNCATED)
        return
    order, unit, record = MAGICS[header[:4]]
    link = struct.unpack_from(order + "I", header, 20)[0] & _LINK_MASK
    feed = BlockFeed(stream)
    for block, end in feed.blocks():
        found, rest = _records(block, end, order, record)
        places = np.array(found, np.int64)
        sizes = np.diff(places, append=rest) - record
        damaged = len(places) > 0 and bool((sizes > MAX_PACKET_BYTES).any())
        if damaged:
            places = places[: int(np.argmax(sizes > MAX_PACKET_BYTES))]
        elif len(places) and rest > end:
            places, rest = places[:-1], found[-1]
        feed.keep(block[rest:end])
        if len(places):
            yield _batch(block, places, order, unit, record, link)
        if damaged:
            notes.reasons.add(PartialReason.BAD_ENTRIES)
            return
    if feed.left:
        notes.reasons.add(PartialReason.TRUNCATED)


def _records(block: bytearray, end: int, order: str, header: int) -> tuple[list[int], int]:
    """Where each record whose header is there begins, and where the one after the last would.

    Lengths are read through four views of the block, one for each remainder of a position, as numbers of the machine.
    """
    whole = len(block) - len(block) % 4 - 4
    views = [memoryview(block)[n : n + whole].cast("I") for n in range(4)]
    swap = order != NATIVE
    found: list[int] = []
    position, last = 0, end - header
    while position <= last:
        found.append(position)
        at = position + 8
        length = views[at & 3][at >> 2]
        position += header + (int.from_bytes(length.to_bytes(4, "little"), "big") if swap else length)
    return found, position


def _batch(block: bytearray, at: Ints, order: str, unit: int, record: int, link: int) -> PacketBatch:
    """The packets whose records begin at these places."""
    data = np.frombuffer(block, np.uint8)
    head = windows(data, 16)[at].view(np.dtype(f"{order}u4")).astype(np.int64)
    seconds, fraction, captured, original = head.T
    wire = np.where(original <= MAX_PACKET_BYTES, np.maximum(original, captured), captured)
    start = at + record
    times = seconds * 1_000_000_000 + fraction * unit
    return PacketBatch(data, start, start + captured, wire, times, np.full(len(at), link, np.int64))
