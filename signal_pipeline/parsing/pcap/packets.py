"""Packets as arrays: what the readers of the file formats yield, and what the layers are read from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

BLOCK_BYTES = 2 * 1024 * 1024
PADDING = 256
"""Zeros behind the last packet, so that a header may be looked at before it is known to be there."""
MAX_PACKET_BYTES = 512 * 1024
"""No link carries more; a longer length is damage."""


@dataclass(frozen=True)
class PacketBatch:
    """Packets in the order of the file: `data[start:end]` was captured of `wire` bytes. `data` is padded.

    `at` is nanoseconds since 1970, `link` the link type of the packet's interface.
    """

    data: NDArray[np.uint8]
    start: Ints
    end: Ints
    wire: Ints
    at: Ints
    link: Ints

    def __len__(self) -> int:
        return len(self.start)

    @staticmethod
    def of(data: bytes, start: list[int], size: list[int], wire: list[int], at: Ints, link: Ints) -> PacketBatch:
        begins = np.array(start, np.int64)
        captured = np.array(size, np.int64)
        return PacketBatch(
            np.frombuffer(data + bytes(PADDING), np.uint8),
            begins,
            begins + captured,
            np.maximum(np.array(wire, np.int64), captured),
            at,
            link,
        )


class BlockFeed:
    """Bytes of a stream in blocks, with what the last block left over in front."""

    def __init__(self, stream: BinaryIO, head: bytes = b"") -> None:
        self._stream = stream
        self._left = head
        self.ended = False

    def blocks(self) -> Iterator[bytes]:
        """The consumer calls `keep` with what it could not use before it asks for the next block."""
        while not self.ended:
            more = self._stream.read(BLOCK_BYTES)
            self.ended = not more
            block, self._left = self._left + more, b""
            if block:
                yield block

    def keep(self, rest: bytes) -> None:
        self._left = rest

    @property
    def left(self) -> int:
        """Bytes that no packet claimed."""
        return len(self._left)
