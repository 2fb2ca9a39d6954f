"""A whole file that is JSON, pretty-printed or not: an array of log records, an object that holds one, records one
after another over several lines, or one error event. Framing only: each record becomes one line, which json_lines.py
reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

import msgspec
import numpy as np
import polars as pl

from signal_pipeline.errors import SignalRejected
from signal_pipeline.parsing.json_depth import BracketScanner
from signal_pipeline.parsing.logs.content import encoding_of
from signal_pipeline.parsing.logs.control_characters import strip_controls
from signal_pipeline.parsing.logs.formats.json_documents import CONTAINERS, INNER_RECORDS
from signal_pipeline.parsing.logs.json_lines import json_heads
from signal_pipeline.parsing.logs.lines import Lines

MAX_DOCUMENT_BYTES = 32 * 1024 * 1024
"""A longer document is read line by line: where a record ends in it is known only when all of it is in memory."""
MAX_DEPTH = 64
_BOM = b"\xef\xbb\xbf"
_HEAD_BYTES = 64 * 1024
_SAMPLE = 50
_ANYTHING = msgspec.json.Decoder(msgspec.Raw)
_ARRAY = msgspec.json.Decoder(list[msgspec.Raw])
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_Span = tuple[int, int]


class Replayed:
    """A stream with what was read of it already in front."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = head
        self._rest = rest

    def read(self, size: int) -> bytes:
        """As of a stream; less than `size` does not mean that it is at its end."""
        if not self._head:
            return self._rest.read(size)
        part, self._head = self._head[:size], self._head[size:]
        return part


def read_document(stream: BinaryIO) -> tuple[Lines | None, Replayed, bool]:
    """The log records of the JSON document that the stream is, one per line, or None; the stream from its start; and
    whether it is a JSON document that ends too early."""
    head = _read_full(stream, _HEAD_BYTES)
    try:
        encoding, mark = encoding_of(head)
    except SignalRejected:
        return None, Replayed(head, stream), False
    plain = encoding == "utf-8"
    if not may_be_document(
        head[mark:] if plain else head[mark : len(head) // 2 * 2].decode(encoding, "replace").encode()
    ):
        return None, Replayed(head, stream), False
    data = head + _read_full(stream, MAX_DOCUMENT_BYTES - len(head) + 1)
    if len(data) > MAX_DOCUMENT_BYTES:
        return None, Replayed(data, stream), False
    text = data if plain else data[mark:].decode(encoding, "replace").encode()
    lines = document_lines(text)
    if lines is not None and not plain:
        whole = np.full(len(lines), len(data), np.int64)
        lines = replace(lines, offset=np.zeros(len(lines), np.int64), length=whole)
    return lines, Replayed(data, stream), is_torn(text)


def is_torn(data: bytes) -> bool:
    """Whether `data` is JSON up to its end, where more of it had to come."""
    try:
        _ANYTHING.decode(data.removeprefix(_BOM))
    except msgspec.DecodeError as error:
        return "truncated" in str(error)
    except RecursionError:
        return False
    return False


def _read_full(stream: BinaryIO, size: int) -> bytes:
    parts: list[bytes] = []
    while size > 0 and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def may_be_document(head: bytes) -> bool:
    """Whether a file that begins with `head` may be a JSON document rather than one record per line."""
    text = head[:_HEAD_BYTES].removeprefix(_BOM).lstrip()
    if text.startswith(b"["):
        return text[1:].lstrip()[:1] in (b"{", b"[") and not _is_line_of_array(text)
    if not text.startswith(b"{"):
        return False
    first, _, rest = text.partition(b"\n")
    if not first.rstrip().endswith(b"}"):
        return first.strip() == b"{" or first.startswith((b'{"', b'{ "'))
    return not rest.strip()


def _is_line_of_array(text: bytes) -> bool:
    """`[{…},` with one record per line is read as lines, whose records need not be whole in memory."""
    lines = [line.strip() for line in text.split(b"\n")[:3]]
    return len(lines) == 3 and all(line.endswith((b"},", b"[")) and line.startswith((b"{", b"[")) for line in lines)


def document_lines(data: bytes) -> Lines | None:
    """The log records of a JSON document in UTF-8, one per line; None when `data` is not such a document."""
    start = len(_BOM) if data.startswith(_BOM) else 0
    if _depth(data) > MAX_DEPTH:
        return None
    for spans in _candidates(data, start):
        if spans and _hold_records(data, spans):
            return _as_lines(data, spans)
    return None


def _depth(data: bytes) -> int:
    levels = BracketScanner().scan(data).levels
    return int(levels.max()) if len(levels) else 0


def _candidates(data: bytes, start: int) -> Iterator[list[_Span]]:
    """The places of what may be the records: the elements of the array or of a known array inside, else the whole."""
    text = data[start:].lstrip()
    if text.startswith(b"["):
        yield _elements(data, data.index(b"[", start)) or _objects(data, start, depth=1)
        return
    whole = _decoded_object(data[start:])
    if whole is None:
        yield _objects(data, start, depth=0)
        return
    for path in CONTAINERS:
        yield _inside(data, start, path)
    yield _objects(data, start, depth=0)


def _decoded_object(text: bytes) -> dict[str, msgspec.Raw] | None:
    try:
        return _OBJECT.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return None


def _inside(data: bytes, start: int, path: tuple[str, ...]) -> list[_Span]:
    """The elements of the arrays at `path`; arrays on the way are gone through."""
    places = [(start, len(data))]
    for key in path:
        found: list[_Span] = []
        for begin, end in places:
            record = _decoded_object(data[begin:end])
            value = None if record is None else record.get(key)
            if value is not None:
                raw = bytes(value)
                at = data.find(raw, begin, end)
                found += _elements(data, at, at + len(raw)) if raw.startswith(b"[") else [(at, at + len(raw))]
        places = found
    return places if path else []


def _elements(data: bytes, at: int, end: int | None = None) -> list[_Span]:
    """The elements of the array that begins at `at`; none when it is not a whole array."""
    try:
        elements = _ARRAY.decode(data[at:end])
    except (msgspec.DecodeError, RecursionError):
        return []
    spans: list[_Span] = []
    position = at + 1
    for element in elements:
        raw = bytes(element)
        position = data.index(raw, position)
        spans.append((position, position + len(raw)))
        position += len(raw)
    return spans


def _objects(data: bytes, start: int, depth: int) -> list[_Span]:
    """The objects that lie `depth` brackets deep, whole ones only: the document may be torn, or a row of documents."""
    found = BracketScanner().scan(data[start:])
    here = found.levels == depth + 1
    positions, opens = found.positions[here] + start, found.opens[here]
    pairs = np.flatnonzero(opens[:-1] & ~opens[1:])
    spans = [(int(positions[at]), int(positions[at + 1]) + 1) for at in pairs if data[positions[at]] == ord("{")]
    return spans if spans and not data[start : spans[0][0]].strip(b" \t\r\n[") else []


def _hold_records(data: bytes, spans: list[_Span]) -> bool:
    """Whether most of a sample of the objects say something, and say when, how bad or what went wrong."""
    step = max(1, len(spans) // _SAMPLE)
    text = pl.Series([_one_line(data[begin:end]) for begin, end in spans[::step]], dtype=pl.String())
    heads = json_heads(pl.int_range(text.len(), eager=True), text)
    if heads.is_empty():
        return False
    says = (pl.col("message") != "") | pl.col("message").is_null()
    marked = pl.any_horizontal(
        pl.col("level", "timestamp", "stack_trace", "exception_class", "error_text").is_not_null()
    )
    return int(heads.select((says & marked).sum()).item()) * 2 > text.len()


def _one_line(raw: bytes) -> str:
    """A record without line breaks, which JSON has between values only, and without the envelope of a search hit."""
    record = _decoded_object(raw)
    inner = None if record is None else next((record[key] for key in INNER_RECORDS if key in record), None)
    if inner is not None and bytes(inner).startswith(b"{"):
        raw = bytes(inner)
    return raw.translate(_BLANKS).decode("utf-8", "replace")


_BLANKS = bytes(32 if code in b"\r\n\t" else code for code in range(256))


def _as_lines(data: bytes, spans: list[_Span]) -> Lines:
    begins, ends = (np.array(column, np.int64) for column in zip(*spans, strict=True))
    feeds = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n"))
    first, last = np.searchsorted(feeds, begins), np.searchsorted(feeds, ends - 1)
    text = pl.Series("text", [_one_line(data[begin:end]) for begin, end in spans], dtype=pl.String())
    return Lines(
        strip_controls(text),
        begins,
        ends - begins,
        first + 1,
        np.zeros(len(spans), bool),
        replaced=False,
        span=last - first + 1,
    )
