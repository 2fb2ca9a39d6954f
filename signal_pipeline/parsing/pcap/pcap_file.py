"""The pcap format: one header, then records. Both byte orders, micro- and nanoseconds, and the patched variant."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np

from signal_pipeline.errors import PartialReason
from signal_pipeline.parsing.outcome import OutcomeNotes
from signal_pipeline.parsing.pcap.packets import MAX_PACKET_BYTES, BlockFeed, PacketBatch

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
    unpack = struct.Struct(order + "IIII").unpack_from
    for block in feed.blocks():
        position, end, damaged = 0, len(block), False
        start: list[int] = []
        size: list[int] = []
        wire: list[int] = []
        times: list[int] = []
        while position + record <= end:
            seconds, fraction, captured, original = unpack(block, position)
            if captured > MAX_PACKET_BYTES:
                damaged = True
                break
            position += record
            if position + captured > end:
                position -= record
                break
            start.append(position)
            size.append(captured)
            wire.append(original if original <= MAX_PACKET_BYTES else captured)
            times.append(seconds * 1_000_000_000 + fraction * unit)
            position += captured
        feed.keep(block[position:])
        if start:
            links = np.full(len(start), link, np.int64)
            yield PacketBatch.of(block, start, size, wire, np.array(times, np.int64), links)
        if damaged:
            notes.reasons.add(PartialReason.BAD_ENTRIES)
            return
    if feed.left:
        notes.reasons.add(PartialReason.TRUNCATED)
