"""Datagrams that came in fragments, put together from the fragments of one batch.

What is held is a part of the batch, so fragments that never end cost nothing beyond it. A datagram whose fragments
overlap, leave a gap, reach beyond 65,535 bytes or were not captured whole is not put together.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from signal_pipeline.parsing.pcap.header_columns import Transports
from signal_pipeline.parsing.pcap.packets import Ints, PacketBatch

MAX_DATAGRAM_BYTES = 65_535
REASSEMBLY_NS = 30_000_000_000
"""How long after the first that was seen a fragment may come; Linux waits as long."""


@dataclass
class _Pieces:
    """What was seen of one datagram. `parts` are bytes by where they begin behind the header of IP."""

    at: int
    parts: dict[int, bytes] = field(default_factory=dict)
    first_row: int = -1
    header: int = 0
    held: int = 0
    size: int = -1
    """Of the datagram, once its last fragment was seen."""
    refused: bool = False

    def put(self, offset: int, data: bytes, is_last: bool) -> None:
        """The same fragment may come again."""
        if self.refused:
            return
        end = offset + len(data)
        if (known := self.parts.get(offset)) is not None:
            self.refused |= known != data
        else:
            self.parts[offset] = data
            self.held += len(data)
        if is_last:
            self.refused |= self.size not in (-1, end)
            self.size = end
        self.refused |= end > MAX_DATAGRAM_BYTES

    def whole(self) -> bytes | None:
        """The datagram where all of it is there, without overlap."""
        if self.refused or self.first_row < 0 or self.held != self.size:
            return None
        made = bytearray()
        for offset, data in sorted(self.parts.items()):
            if offset != len(made):  # as many bytes as there should be, and some of them twice
                self.refused = True
                return None
            made += data
        return bytes(made)


def whole_datagrams(batch: PacketBatch, read: Transports, firsts: Ints) -> dict[int, bytes]:
    """The transport's data of the datagrams that begin with these fragments, by row of the first fragment."""
    if not len(firsts):
        return {}
    wanted = np.unique(np.abs(read.fragment[firsts]))
    rows = np.flatnonzero(read.fragment)
    rows = rows[np.isin(np.abs(read.fragment[rows]), wanted)]
    captured_of = read.payload[rows] - read.header[rows] + read.captured[rows]
    is_cut = read.captured[rows] < read.length[rows]
    columns = (
        rows, read.fragment[rows], read.offset[rows], read.header[rows], read.payload[rows], captured_of, is_cut,
        batch.at[read.row[rows]], read.protocol[rows], read.family[rows], read.vlan[rows], read.tunnelled[rows],
    )  # fmt: skip
    ends = zip(map(tuple, read.source[rows].tolist()), map(tuple, read.target[rows].tolist()), strict=True)
    waiting: dict[object, _Pieces] = {}
    made: dict[int, bytes] = {}
    each = zip(*(column.tolist() for column in columns), ends, strict=True)
    for row, fragment, word, header, payload, size, cut, at, *conversation, pair in each:
        key = (abs(fragment), *conversation, pair)
        pieces = waiting.get(key)
        if pieces is None or at - pieces.at > REASSEMBLY_NS:
            pieces = waiting[key] = _Pieces(at)
        pieces.refused |= cut
        if fragment < 0 and pieces.first_row < 0:
            pieces.first_row, pieces.header = row, payload - header
        pieces.put((word >> 1) * 8, batch.data[header : header + size].tobytes(), not word & 1)
        if (whole := pieces.whole()) is not None:
            made[pieces.first_row] = whole[pieces.header :]
            del waiting[key]
    return made
