"""gzip, deflate and zstd as pieces of bounded size. Damage ends the data early; it is reported, not raised."""

from __future__ import annotations

import zlib
from typing import BinaryIO

from signal_pipeline.errors import PartialReason
from signal_pipeline.limits import MIB
from signal_pipeline.parsing.byte_stream import Pieces

GZIP, RAW_DEFLATE = 31, -15  # zlib's wbits
_READ_BYTES = 64 * 1024
_PIECE_BYTES = 256 * 1024
_ZSTD_READ_BYTES = 2 * 1024  # a block of 4 bytes can stand for 128 KiB
_ZSTD_MAX_WINDOW = 128 * MIB
GZIP_MAGIC = b"\x1f\x8b"
_ZSTD_MAGIC, _ZSTD_SKIPPABLE = b"\x28\xb5\x2f\xfd", b"\x2a\x4d\x18"


def gunzipped(source: BinaryIO) -> Pieces:
    """All members of a gzip file one after another. Zeros may follow the last one, as on tapes; other data is noted."""
    decoder = zlib.decompressobj(GZIP)
    while data := source.read(_READ_BYTES):
        while data:
            if decoder.eof:
                data += source.read(_READ_BYTES) if len(data) < 2 else b""
                if not data.startswith(GZIP_MAGIC):
                    return _trailing(data, source)
                decoder = zlib.decompressobj(GZIP)
            try:
                yield from _inflated(decoder, data)
            except zlib.error:
                return PartialReason.TRUNCATED
            data = decoder.unused_data
    return None if decoder.eof else PartialReason.TRUNCATED


def _trailing(data: bytes, source: BinaryIO) -> PartialReason | None:
    while data:
        if data.strip(b"\0"):
            return PartialReason.TRAILING_DATA
        data = source.read(_READ_BYTES)
    return None


def inflated(source: BinaryIO) -> Pieces:
    """One raw deflate stream; `source` is left right after it when it can seek."""
    decoder = zlib.decompressobj(RAW_DEFLATE)
    while not decoder.eof and (data := source.read(_READ_BYTES)):
        try:
            yield from _inflated(decoder, data)
        except zlib.error:
            return PartialReason.TRUNCATED
    source.seek(-len(decoder.unused_data), 1)
    return None if decoder.eof else PartialReason.TRUNCATED


def _inflated(decoder: zlib._Decompress, data: bytes) -> Pieces:
    while piece := decoder.decompress(data, _PIECE_BYTES):
        yield piece
        if decoder.eof:
            break  # at the end the tail is what is unused, and feeding that would double it
        data = decoder.unconsumed_tail
    return None


def unzstd(source: BinaryIO) -> Pieces:
    """All frames of a zstd file one after another."""
    import zstandard

    factory = zstandard.ZstdDecompressor(max_window_size=_ZSTD_MAX_WINDOW)
    decoder = factory.decompressobj()
    while data := source.read(_ZSTD_READ_BYTES):
        while data:
            if decoder.eof:
                data += source.read(_ZSTD_READ_BYTES) if len(data) < 4 else b""
                if not data.startswith(_ZSTD_MAGIC) and data[1:4] != _ZSTD_SKIPPABLE:
                    return _trailing(data, source)
                decoder = factory.decompressobj()
            try:
                piece = decoder.decompress(data)
            except zstandard.ZstdError:
                return PartialReason.TRUNCATED
            if piece:
                yield piece
            data = decoder.unused_data if decoder.eof else b""
    return None if decoder.eof else PartialReason.TRUNCATED
