"""A byte stream in blocks that end at a line border, in bounded memory. What the lines mean is no concern
here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from signal_pipeline.errors import RejectionCode, SignalRejected
from signal_pipeline.parsing.encoding_runs import encoding_runs
from signal_pipeline.parsing.logs.content import SAMPLE_BYTES, encoding_of


class Readable(Protocol):
    """What has bytes to read."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end only."""


BLOCK_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True)
class Block:
    """Bytes of whole lines. `dropped` counts the bytes that were left out of its only line, before the line end."""

    data: bytes
    offset: int
    encoding: str
    dropped: int = 0


def read_blocks(stream: Readable, *, max_line_bytes: int, block_bytes: int = BLOCK_BYTES) -> Iterator[Block]:
    """The bytes of `stream` as blocks that end at a line border, the last one at the end of the stream.

    A line longer than a block is passed on as a block of its own that holds `max_line_bytes` of it, so memory
    stays within a few blocks whatever the input. Raises SignalRejected(EMPTY) and SignalRejected(BINARY).
    """
    first = _read_full(stream, block_bytes)
    if not first:
        raise SignalRejected(RejectionCode.EMPTY, 0)
    encoding, mark = encoding_of(first[:SAMPLE_BYTES])
    cutter = _Cutter(encoding, mark, max_line_bytes)
    chunk, offset = first[mark:], mark
    while chunk:
        for run in encoding_runs(chunk, encoding):
            if run.encoding != encoding or run.mark:
                yield from cutter.finish()
                encoding = run.encoding
                cutter = _Cutter(encoding, offset + run.start + run.mark, max_line_bytes)
            piece = chunk[run.start + run.mark : run.stop]
            is_last = run.stop == len(chunk) < block_bytes
            if is_last and encoding == "utf-8" and not piece.endswith((b"\n", b"\r")):
                piece += b"\n"  # else a last line without its end is a block of its own, torn from its record
            yield from cutter.feed(piece)
        offset += len(chunk)
        chunk = _read_full(stream, block_bytes)
    yield from cutter.finish()


def _read_full(stream: Readable, size: int) -> bytes:
    """`size` bytes, or less at the end only: streams may hand out less than was asked for."""
    parts: list[bytes] = []
    missing = size
    while missing and (part := stream.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


class _Cutter:
    """Cuts chunks at line borders; holds what is left of the last line."""

    def __init__(self, encoding: str, offset: int, max_line_bytes: int) -> None:
        self._encoding = encoding
        self._offset = offset
        self._max_line = max_line_bytes // 2 * 2
        self._rest = b""
        self._held_end = b""
        self._dropped = 0

    def feed(self, chunk: bytes) -> Iterator[Block]:
        if self._dropped:
            chunk = self._held_end + chunk
            end = _first_border(chunk, self._encoding)
            if end is None:
                self._dropped += len(chunk)
                self._held_end = b""
                return
            size = _end_size(chunk, end, self._encoding)
            if size == 0:
                self._dropped += end
                self._held_end = chunk[end:]
                return
            self._dropped += end
            yield self._long_line(chunk[end : end + size])
            chunk = chunk[end + size :]
        data = self._rest + chunk
        cut = _last_border(data, self._encoding)
        if cut:
            yield Block(data[:cut], self._offset, self._encoding)
            self._offset += cut
        self._rest = data[cut:]
        if len(self._rest) > self._max_line and _first_border(self._rest, self._encoding) is None:
            self._dropped = len(self._rest) - self._max_line
            self._rest = self._rest[: self._max_line]

    def _long_line(self, line_end: bytes = b"") -> Block:
        block = Block(self._rest + line_end, self._offset, self._encoding, self._dropped)
        self._offset += len(self._rest) + self._dropped + len(line_end)
        self._rest, self._held_end, self._dropped = b"", b"", 0
        return block

    def finish(self) -> Iterator[Block]:
        if self._rest:
            yield self._long_line(self._held_end)


def _wide(encoding: str, code: int) -> bytes:
    return bytes((code,)) if encoding == "utf-8" else chr(code).encode(encoding)


def _first_border(data: bytes, encoding: str) -> int | None:
    """Where the first line end begins, in bytes; None when there is none."""
    found = [at for code in (10, 13) if (at := _find_unit(data, _wide(encoding, code))) >= 0]
    return min(found, default=None)


def _end_size(data: bytes, at: int, encoding: str) -> int:
    """The length of the line end at `at`; 0 when the next bytes must be seen to know it."""
    feed, back = _wide(encoding, 10), _wide(encoding, 13)
    if data[at : at + len(feed)] == feed:
        return len(feed)
    after = data[at + len(back) : at + len(back) + len(feed)]
    if len(after) < len(feed):
        return 0
    return len(back) + (len(feed) if after == feed else 0)


def _find_unit(data: bytes, unit: bytes) -> int:
    at = data.find(unit)
    while at % len(unit) and at >= 0:
        at = data.find(unit, at + 1)
    return at


def _last_border(data: bytes, encoding: str) -> int:
    """Right after the last line end whose end is certain: a \\r as the last unit may be half of a \\r\\n."""
    feed, back = _wide(encoding, 10), _wide(encoding, 13)
    whole = len(data) // len(feed) * len(feed)
    after_feed = _rfind_unit(data, feed, whole) + len(feed)
    last_return = _rfind_unit(data, back, whole - len(back))
    after_return = last_return + len(back)
    if last_return >= 0 and data[after_return : after_return + len(feed)] == feed:
        after_return = 0
    return max(after_feed if after_feed >= len(feed) else 0, after_return if last_return >= 0 else 0)


def _rfind_unit(data: bytes, unit: bytes, stop: int) -> int:
    at = data.rfind(unit, 0, max(stop, 0))
    while at % len(unit) and at >= 0:
        at = data.rfind(unit, 0, at + len(unit) - 1)
    return at
