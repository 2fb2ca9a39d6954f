"""Packets as arrays: what the readers of the file formats yield, and what the layers are read from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

BLOCK_BYTES = 8 * 1024 * 1024
PADDING = 256
"""Zeros after the last packet, so that a header may be looked at before it is known to be there."""
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


def windows(data: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """The `size` bytes from every position on, as rows without a copy."""
    return np.lib.stride_tricks.as_strided(data, (len(data) - size + 1, size), (1, 1), writeable=False)


def words(data: NDArray[np.uint8], at: Ints, size: int) -> NDArray[np.unsignedinteger]:
    """The big-endian numbers of `size` bytes at these positions. Opaque items are copied four times as fast."""
    items = np.ndarray((len(data) - size + 1,), f"V{size}", data, strides=(1,))
    return np.asarray(items[at].view(f">u{size}"))


class BlockFeed:
    """Bytes of a stream in blocks, with what the last block left over in front."""

    def __init__(self, stream: BinaryIO, head: bytes = b"") -> None:
        self._stream = stream
        self._left: bytes | memoryview = head
        self.ended = False

    def blocks(self) -> Iterator[tuple[bytearray, int]]:
        """Bytes with padding after them, and how many they are without.

        The consumer calls `keep` with what it could not use before it asks for the next block.
        """
        while not self.ended:
            held = len(self._left)
            block = bytearray(held + BLOCK_BYTES + PADDING)
            block[:held] = self._left
            self._left = b""
            with memoryview(block) as view, view[held : held + BLOCK_BYTES] as free:
                got = self._stream.readinto(free)  # type: ignore[attr-defined]
            self.ended = not got
            if size := held + got:
                if got < BLOCK_BYTES:
                    del block[size + PADDING :]
                    block[size:] = bytes(PADDING)
                yield block, size

    def keep(self, rest: bytes | bytearray) -> None:
        self._left = bytes(rest)

    @property
    def left(self) -> int:
        """Bytes that no packet claimed."""
        return len(self._left)
