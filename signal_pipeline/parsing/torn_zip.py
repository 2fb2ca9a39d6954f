"""Members of a zip whose end, with the list of members, is missing: read from their own headers in order."""

from __future__ import annotations

import struct
from collections.abc import Generator
from typing import BinaryIO

from signal_pipeline.errors import PartialReason
from signal_pipeline.parsing.byte_stream import Pieces
from signal_pipeline.parsing.decompress import inflated

_LOCAL_HEADER = struct.Struct("<4sHHHHHIIIHH")
_LOCAL_MAGIC = b"PK\x03\x04"
_STORED, _DEFLATED = 0, 8
_SIZES_FOLLOW, _ENCRYPTED = 0x8, 0x1
_READ_BYTES = 256 * 1024


def torn_members(file: BinaryIO, limit: int) -> Generator[tuple[str, Pieces], None, PartialReason]:
    """Names and contents of at most `limit` members. Each content must be read to its end before the next. Returns why
    there are no more."""
    for _ in range(limit):
        header = file.read(_LOCAL_HEADER.size)
        if len(header) < _LOCAL_HEADER.size or not header.startswith(_LOCAL_MAGIC):
            return PartialReason.TRUNCATED
        _, _, flags, method, _, _, _, packed, _, name_length, extra_length = _LOCAL_HEADER.unpack(header)
        name = file.read(name_length).decode("utf-8", "replace")
        file.read(extra_length)
        readable = not flags & _ENCRYPTED and (method == _DEFLATED or (method == _STORED and not flags & _SIZES_FOLLOW))
        if not readable:
            return PartialReason.BAD_MEMBER
        if not name.endswith("/"):
            yield name, inflated(file) if method == _DEFLATED else _stored(file, packed)
        if flags & _SIZES_FOLLOW:
            _skip_descriptor(file)
    return PartialReason.TOO_MANY_MEMBERS


def _stored(file: BinaryIO, size: int) -> Pieces:
    while size > 0:
        piece = file.read(min(size, _READ_BYTES))
        if not piece:
            return PartialReason.TRUNCATED
        size -= len(piece)
        yield piece
    return None


def _skip_descriptor(file: BinaryIO) -> None:
    """CRC and two sizes of 4 or 8 bytes, with or without a magic number: found by what comes after."""
    rest = file.read(24 + 4)
    at = rest.find(_LOCAL_MAGIC, 8)
    file.seek((at if at >= 0 else len(rest)) - len(rest), 1)
