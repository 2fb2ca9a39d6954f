"""A bounded, readable stream over pieces of decompressed bytes. Knows nothing of the compression behind it."""

from __future__ import annotations

import io
from collections.abc import Generator
from typing import Any

from signal_pipeline.errors import PartialReason, RejectionCode, SignalRejected
from signal_pipeline.limits import Limits

BUFFER_BYTES = 256 * 1024

Pieces = Generator[bytes, None, PartialReason | None]
"""Decompressed bytes piece by piece; returns why it stopped before the end of the data, or None."""


class Budget:
    """How many bytes may still come out of one file."""

    def __init__(self, file_bytes: int, limits: Limits) -> None:
        expanded = max(limits.max_expanded_bytes, file_bytes * limits.max_expand_ratio)
        self._left = min(limits.max_file_bytes, expanded)
        too_large = limits.max_file_bytes <= expanded
        self._code = RejectionCode.TOO_LARGE if too_large else RejectionCode.EXPAND_RATIO

    def spend(self, count: int) -> None:
        """Raises SignalRejected(EXPAND_RATIO or TOO_LARGE) when more came out than may."""
        self._left -= count
        if self._left < 0:
            raise SignalRejected(self._code)


class ByteStream(io.RawIOBase):
    """Reads `pieces` within `budget`; wrap it with `buffered`. A read is short only at the end of the data. Without a
    budget the pieces come from a stream that has one, or from the file itself.

    `problem` says why the data ended before its time; it is known once everything has been read.
    """

    def __init__(self, pieces: Pieces, budget: Budget | None) -> None:
        super().__init__()
        self._pieces = pieces
        self._budget = budget
        self._piece = memoryview(b"")
        self.problem: PartialReason | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        filled = 0
        while filled < len(buffer) and self._next_piece():
            count = min(len(self._piece), len(buffer) - filled)
            buffer[filled : filled + count] = self._piece[:count]
            self._piece = self._piece[count:]
            filled += count
        return filled

    def _next_piece(self) -> bool:
        """Whether there is a piece with something in it."""
        while not self._piece:
            try:
                piece = next(self._pieces)
            except StopIteration as end:
                self.problem = self.problem or end.value
                return False
            if self._budget is not None:
                self._budget.spend(len(piece))
            self._piece = memoryview(piece)
        return True


def buffered(stream: ByteStream) -> io.BufferedReader:
    """The stream with peek and exact reads."""
    return io.BufferedReader(stream, BUFFER_BYTES)
