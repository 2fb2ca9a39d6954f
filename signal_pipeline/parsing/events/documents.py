"""How a file of events is cut into events: a line each, the elements of an array, or objects one after another.

Framing only, block by block: an event is decoded when all of it is there, and one that is too large is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BufferedReader, BytesIO, RawIOBase
from typing import Any

from signal_pipeline.parsing.har.utf8_blocks import json_encoding, utf8_blocks
from signal_pipeline.parsing.json_depth import BracketScanner, hold_back_escape

BLOCK_BYTES = 1024 * 1024
MAX_EVENT_BYTES = 4 * 1024 * 1024
_BOM = b"\xef\xbb\xbf"
_OPENING = b"{"[0]
_LIST_BELOW_KEY = re.compile(
    rb'\{\s{0,100}(?:"(?:events|data|batch|records|items|messages|entries)"'
    # Of these two nothing else is the name, so that scalars may come before them.
    rb'|(?:"[^"\\]{1,60}"\s{0,20}:\s{0,20}(?:"[^"\\]{0,200}"|[a-z0-9.\-]{1,30})\s{0,20},\s{0,100}){0,8}'
    rb'"(?:Records|notificationItems)")\s{0,100}:\s{0,100}\[\s{0,100}(?=\{)'
)
SPACE = b" \t\r\n\x1e\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Piece:
    """The bytes of one event; None for one larger than MAX_EVENT_BYTES, or not whole. Lines count from 1. `is_end`
    is that of a document that ends too early, perhaps within an event."""

    raw: bytes | None
    line: int
    lines: int
    offset: int | None
    length: int | None
    is_end: bool = False


def level_of_events(head: bytes) -> int:
    """How many brackets deep the events of a document lie, their own included: in an array, in the array of an object
    that begins with it, or one after another."""
    text = head.lstrip(SPACE)
    return 2 if text.startswith(b"[") else 3 if _LIST_BELOW_KEY.match(text) else 1


def is_one_per_line(head: bytes) -> bool:
    """The first line is an object that ends on it, and another line follows or nothing does; or an array that does,
    and another one or an object follows."""
    text = head.lstrip(SPACE)
    first, _, rest = text.partition(b"\n")
    first = first.rstrip()
    if first.startswith(b"[") and first.endswith(b"]"):
        return rest.lstrip(SPACE).startswith((b"{", b"[")) and _balanced(first)
    return first.startswith(b"{") and first.endswith(b"}") and _balanced(first) and level_of_events(head) == 1


def _balanced(text: bytes) -> bool:
    scanner = BracketScanner()
    found = scanner.scan(text)
    return scanner.depth == 0 and not scanner.in_string and int((found.opens & (found.levels == 1)).sum()) == 1


def in_utf8(head: bytes) -> bytes:
    """The beginning of a document, whatever encoding it was saved in."""
    encoding = json_encoding(head)
    return head if encoding == "utf-8" else head.decode(encoding, "ignore").encode("utf-8", "replace")


def pieces(stream: BufferedReader[Any], head: bytes) -> Iterator[Piece]:
    """The events of a stream that begins with `head`. In another encoding than UTF-8 they have no offset."""
    encoding = json_encoding(head)
    if encoding != "utf-8":
        recoded = BufferedReader(_Recoded(stream, encoding))
        found = _pieces(recoded, in_utf8(head))
        return (replace(piece, offset=None, length=None) for piece in found)
    return _pieces(stream, head)


class _Recoded(RawIOBase):
    """A stream in UTF-8."""

    def __init__(self, stream: BufferedReader[Any], encoding: str) -> None:
        super().__init__()
        self._blocks = utf8_blocks(stream, b"", encoding)
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._left:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._left = block
        count = min(len(buffer), len(self._left))
        buffer[:count], self._left = self._left[:count], self._left[count:]
        return count


def _pieces(stream: BufferedReader[Any], head: bytes) -> Iterator[Piece]:
    return _by_line(stream) if is_one_per_line(head) else _by_bracket(stream, level_of_events(head))


def _by_line(stream: BufferedReader[Any]) -> Iterator[Piece]:
    number, offset = 0, 0
    while line := stream.readline(MAX_EVENT_BYTES + 1):
        number += 1
        length = len(line)
        whole = line.endswith(b"\n") or length <= MAX_EVENT_BYTES
        while not line.endswith(b"\n") and not whole and (rest := stream.readline(BLOCK_BYTES)):
            length += len(rest)
            if rest.endswith(b"\n"):
                break
        text = line.removeprefix(_BOM).strip(b" \t\r\n\x00\x1e,") if whole else b"\0"  # RFC 7464 begins with 1e
        if whole and text.startswith(b"[") and len(text) > 1:
            start = offset + line.index(b"[")
            for piece in _by_bracket(BytesIO(text), 2):
                yield replace(piece, line=number, lines=1, offset=start + (piece.offset or 0), is_end=False)
        elif text and text not in (b"[", b"]"):
            yield Piece(text if whole else None, number, 1, offset, length)
        offset += length


def _by_bracket(stream: BufferedReader[Any] | BytesIO, level: int) -> Iterator[Piece]:
    """The objects that are `level` brackets deep."""
    scanner, held = BracketScanner(), b""
    base, line = 0, 1  # of the first byte that is kept
    kept = bytearray()
    start: int | None = None
    skipped = False
    while block := stream.read(BLOCK_BYTES):
        block, held = hold_back_escape(held + block)
        found = scanner.scan(block)
        begin = base + len(kept)
        kept += block
        for position, opens, depth in zip(
            found.positions.tolist(), found.opens.tolist(), found.levels.tolist(), strict=True
        ):
            at = begin + position
            if start is None and opens and depth == level and block[position] == _OPENING:
                start, skipped = at, False
            elif start is not None and not opens and depth == level:
                first = line + kept.count(b"\n", 0, start - base)
                length = at + 1 - start
                raw = None if skipped or length > MAX_EVENT_BYTES else bytes(kept[start - base : at + 1 - base])
                yield Piece(raw, first, 1 + (0 if raw is None else raw.count(b"\n")), start, length)
                start = None
        keep_from = base + len(kept) if start is None else start
        if start is not None and base + len(kept) - start > MAX_EVENT_BYTES:
            skipped, keep_from = True, start  # its bytes are dropped below, its place is kept
        drop = keep_from - base
        if skipped and len(kept) - drop > MAX_EVENT_BYTES:
            drop = len(kept)
        line += kept.count(b"\n", 0, drop)
        del kept[:drop]
        base += drop
    if scanner.depth > 0 or start is not None:
        end = base + len(kept)
        begin = end if start is None else start
        yield Piece(None, line, 1, begin, end - begin, is_end=True)
