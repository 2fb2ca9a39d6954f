"""Members of a tar, read from their headers in order, in bounded memory. Nothing is ever written to disk, so a member's
name is a label and no path.

Not Python's tarfile: that reads extended headers of any size into memory, and sparse maps by a loop over them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from signal_pipeline.errors import PartialReason
from signal_pipeline.parsing.byte_stream import Pieces

BLOCK_BYTES = 512
MAGIC, MAGIC_AT = b"ustar", 257
_REGULAR, _LINKS, _LONG_NAME, _EXTENDED = b"0\x007", b"12", b"L", b"x"
_MAX_NAME_HEADER_BYTES = 64 * 1024
_READ_BYTES = 256 * 1024


@dataclass(frozen=True)
class TarMember:
    """`content` must be read to its end before the next member; None for a link. `name` is not redacted."""

    name: str
    size: int
    content: Pieces | None


def is_tar(head: bytes) -> bool:
    """Whether a file that begins with `head` is a tar: the mark is in the first header."""
    return head[MAGIC_AT : MAGIC_AT + len(MAGIC)] == MAGIC and _checksum_fits(head[:BLOCK_BYTES])


def tar_members(source: BinaryIO) -> Iterator[TarMember | PartialReason]:
    """The files and links of a tar, and at last a reason when its end is missing or damaged."""
    long_name: str | None = None
    while True:
        header = source.read(BLOCK_BYTES)
        if not header.strip(b"\0"):
            if len(header) < BLOCK_BYTES:
                yield PartialReason.TRUNCATED
            elif _has_tail(source):
                yield PartialReason.TRAILING_DATA
            return
        size = _number(header[124:136])
        if len(header) < BLOCK_BYTES or size is None or not _checksum_fits(header):
            yield PartialReason.TRUNCATED
            return
        kind, padded = header[156:157], -(-size // BLOCK_BYTES) * BLOCK_BYTES
        if kind in (_LONG_NAME, _EXTENDED) and size <= _MAX_NAME_HEADER_BYTES:
            content = source.read(padded)[:size]
            long_name = _text(content) if kind == _LONG_NAME else _extended_path(content) or long_name
            continue
        is_file, is_link = kind in _REGULAR, kind in _LINKS
        pieces = _content(source, size, padded)
        if is_file or is_link:
            yield TarMember(long_name or _header_name(header), size, pieces if is_file else None)
            long_name = None
        # What the reader left of it, and what is neither file nor link, is skipped over.
        for _ in pieces:
            pass


def _content(source: BinaryIO, size: int, padded: int) -> Pieces:
    left, padding = size, padded - size
    while left > 0:
        piece = source.read(min(left, _READ_BYTES))
        if not piece:
            return PartialReason.TRUNCATED
        left -= len(piece)
        yield piece
    source.read(padding)
    return None


def _has_tail(source: BinaryIO) -> bool:
    """Whether anything but padding follows the end."""
    while piece := source.read(_READ_BYTES):
        if piece.strip(b"\0"):
            return True
    return False


def _header_name(header: bytes) -> str:
    prefix, name = _text(header[345:500]), _text(header[:100])
    return f"{prefix}/{name}" if prefix and header[257:263] == b"ustar\0" else name


def _text(raw: bytes) -> str:
    return raw.split(b"\0", 1)[0].decode("utf-8", "replace")


def _extended_path(records: bytes) -> str | None:
    """The value of `path` in records of the form "LENGTH KEY=VALUE\\n"."""
    for record in records.split(b"\n"):
        _, found, value = record.partition(b" path=")
        if found:
            return _text(value)
    return None


def _number(raw: bytes) -> int | None:
    """Octal digits, or base 256 where the first bit is set."""
    if raw[:1] >= b"\x80":
        return int.from_bytes(raw[1:], "big")
    digits = raw.strip(b" \0")
    return int(digits, 8) if digits and not digits.strip(b"01234567") else (None if digits else 0)


def _checksum_fits(header: bytes) -> bool:
    stored = _number(header[148:156])
    return stored == sum(header[:148]) + 8 * 32 + sum(header[156:BLOCK_BYTES])
