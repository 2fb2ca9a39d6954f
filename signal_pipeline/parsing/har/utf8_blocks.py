"""A byte stream as blocks of UTF-8, whatever encoding the HAR was saved in. Nothing is parsed here."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO

from signal_pipeline.parsing.json_depth import hold_back_escape

BLOCK_BYTES = 128 * 1024

# How the first bytes of a JSON text look in each encoding; order matters: UTF-32 LE begins like UTF-16 LE.
_SIGNATURES = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def json_encoding(head: bytes) -> str:
    """The encoding of a JSON text by its first bytes: the first character of JSON is always ASCII."""
    for signature, encoding in _SIGNATURES:
        if head.startswith(signature):
            return encoding
    match [byte != 0 for byte in head[:4]]:
        case [True, False, False, False]:
            return "utf-32-le"
        case [False, False, False, True]:
            return "utf-32-be"
        case [True, False, *_]:
            return "utf-16-le"
        case [False, True, *_]:
            return "utf-16-be"
    return "utf-8"


def utf8_blocks(stream: BinaryIO, head: bytes, encoding: str) -> Iterator[bytes]:
    """`head` and then the rest of `stream` in UTF-8, in blocks of 1.5 * BLOCK_BYTES at most.

    UTF-8 passes unchanged, invalid bytes too. No block ends between a backslash and what it escapes.
    """
    blocks = _raw_blocks(stream, head)
    if encoding != "utf-8":
        blocks = _transcoded(blocks, encoding)
    held = b""
    for block in blocks:
        block, held = hold_back_escape(held + block)  # noqa: PLW2901  what is held back opens the next block
        if block:
            yield block
    if held:
        yield held


def _raw_blocks(stream: BinaryIO, head: bytes) -> Iterator[bytes]:
    for start in range(0, len(head), BLOCK_BYTES):
        yield head[start : start + BLOCK_BYTES]
    while block := stream.read(BLOCK_BYTES):
        yield block


def _transcoded(blocks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    for block in blocks:
        yield decoder.decode(block).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")
