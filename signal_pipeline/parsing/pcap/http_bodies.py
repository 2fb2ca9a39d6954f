"""Where the body of an HTTP/1 message ends, as far as its head and its chunks say. Nothing of it is kept."""

from __future__ import annotations

MAX_FOLLOWED_BYTES = 64 * 1024
"""What follows a longer body in the middle of a segment is not looked for."""
_MAX_SIZE_LINE = 256
_MAX_LENGTH_DIGITS = 9
_ANSWER = b"HTTP/1."
_HALF, _WHOLE = 1 << 31, 1 << 32


class HttpBody:
    """The body after one head, in as many segments as it takes.

    Sequence numbers say where it is, so that segments of a body of known length may be left out.
    """

    def __init__(self, head: bytes, sequence: int) -> None:
        """`sequence`: number of the first byte after the head."""
        lowered = head.lower()
        length = _field(lowered, b"\ncontent-length:")
        known = length.isdigit() and len(length) <= _MAX_LENGTH_DIGITS
        self.of_request = not head.startswith(_ANSWER[:4])
        self.ended = False
        self._chunked = b"chunked" in _field(lowered, b"\ntransfer-encoding:")
        self._open = not (self.of_request or self._chunked or length)
        self._begin = self._next = sequence
        self._left = int(length) if known and not self._chunked else 0
        self._line = b""

    def is_followed(self, pipelined: bool) -> bool:
        """Whether a head may follow it in the middle of a segment, and it is short enough to look for that."""
        return (self.of_request or pipelined) and self._next + self._left - self._begin <= MAX_FOLLOWED_BYTES

    def take(self, data: bytes, sequence: int) -> int:
        """How much of what a segment has is the body."""
        at = self._next + (sequence - self._next + _HALF) % _WHOLE - _HALF
        if (
            at == self._begin and not self.of_request and data.startswith(_ANSWER)
        ):  # an answer to HEAD announces a body and has none
            self.ended = True
            return 0
        if self._open:
            self.ended = True
            return len(data)
        if self._chunked:
            return self._take_chunks(data, at)
        until = self._next + self._left
        taken = min(max(until - at, 0), len(data))
        self.ended = at + len(data) >= until
        return taken

    def _take_chunks(self, data: bytes, at: int) -> int:
        """Up to the end of the last chunk; what cannot be a chunk is taken whole."""
        if at != self._next:
            self.ended = True
            return 0
        self._next += len(data)
        place = self._content(data, 0)
        while place < len(data):
            end = data.find(b"\n", place)
            self._line += data[place : end if end >= 0 else len(data)]
            if end < 0 and len(self._line) <= _MAX_SIZE_LINE:
                return len(data)
            size, self._line, place = _size(self._line), b"", end + 1
            if not size:
                self.ended = True
                return len(data) if size is None else _behind_trailer(data, place)
            self._left = size + 2
            place = self._content(data, place)
        return place

    def _content(self, data: bytes, at: int) -> int:
        taken = min(self._left, len(data) - at)
        self._left -= taken
        return at + taken


def _size(line: bytes) -> int | None:
    """Of a chunk, from the line in front of it."""
    text = line.split(b";")[0].strip()
    if not text.isalnum() or len(text) > _MAX_LENGTH_DIGITS:
        return None
    try:
        return int(text, 16)
    except ValueError:
        return None


def _behind_trailer(data: bytes, at: int) -> int:
    """Where the fields after the last chunk end: at an empty line."""
    if data.startswith(b"\r\n", at):
        return at + 2
    end = data.find(b"\r\n\r\n", at)
    return end + 4 if end >= 0 else len(data)


def _field(lowered: bytes, name: bytes) -> bytes:
    """The value of the first header of this name in a head in lower case; empty where there is none."""
    at = lowered.find(name)
    return lowered[at + len(name) :].partition(b"\n")[0].strip() if at >= 0 else b""
