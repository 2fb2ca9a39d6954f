"""A multipart body read while it comes in: files go on in pieces, and nothing is ever held as a whole."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from anyio.to_thread import run_sync
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

from signal_pipeline.api.problems import Problem

MAX_FIELD_BYTES = 4_096
MAX_HEADER_BYTES = 8_192
HAND_OVER_BYTES = 1024 * 1024
"""So much of a file is gathered before a thread writes it on."""


class Sink(Protocol):
    """Where the bytes of one file go."""

    def write(self, data: bytes) -> None: ...
    def finish(self) -> None: ...


@dataclass
class Form:
    """What was not a file."""

    fields: dict[str, str] = field(default_factory=dict)


@dataclass
class _Part:
    header_name: bytearray = field(default_factory=bytearray)
    header_value: bytearray = field(default_factory=bytearray)
    headers: dict[bytes, bytes] = field(default_factory=dict)
    header_bytes: int = 0
    name: str = ""
    sink: Sink | None = None
    pending: bytearray = field(default_factory=bytearray)


async def read_form(
    content_type: str, body: AsyncIterator[bytes], open_sink: Callable[[str], Sink], names: Sequence[str]
) -> Form:
    """Fields of the form, of which `names` are known; each file is written to what `open_sink` gives for its name and
    finished. Problem 400 for a body that is no form, and 422 for one with more or other fields than a form may have.
    """
    kind, options = parse_options_header(content_type)
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary or len(boundary) > 200:
        raise Problem(415, "not_a_form", "send multipart/form-data, or application/json with references to objects")
    reader = _Reader(open_sink, names)
    parser = MultipartParser(boundary, reader.callbacks())
    try:
        async for chunk in body:
            parser.write(chunk)
            await reader.hand_over()
        parser.finalize()
    except MultipartParseError:
        raise Problem(400, "broken_form", "the multipart body is broken") from None
    if not reader.is_whole:
        raise Problem(400, "broken_form", "the multipart body ends before its last boundary")
    await reader.hand_over(all_of_it=True)
    return reader.form


class _Reader:
    """Collects what the parser says; `hand_over` does the work, since callbacks must not wait."""

    def __init__(self, open_sink: Callable[[str], Sink], names: Sequence[str]) -> None:
        self.form = Form()
        self.is_whole = False
        self._open_sink, self._names = open_sink, names
        self._part = _Part()
        self._ended: list[_Part] = []

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._header(self._part.header_name, data[start:end]),
            "on_header_value": lambda data, start, end: self._header(self._part.header_value, data[start:end]),
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_finished,
            "on_part_data": lambda data, start, end: self._data(data[start:end]),
            "on_part_end": lambda: self._ended.append(self._part),
            "on_end": self._end,
        }

    async def hand_over(self, *, all_of_it: bool = False) -> None:
        """Write on what was gathered, in a thread."""
        ended, self._ended = self._ended, []
        for part in ended:
            if part.sink is not None:
                await run_sync(part.sink.write, bytes(part.pending))
                await run_sync(part.sink.finish)
            part.pending.clear()
        part = self._part
        if part.sink is not None and (all_of_it or len(part.pending) >= HAND_OVER_BYTES) and part.pending:
            data = bytes(part.pending)
            part.pending.clear()
            await run_sync(part.sink.write, data)

    def _begin(self) -> None:
        self._part = _Part()

    def _header(self, target: bytearray, data: bytes) -> None:
        target += data
        self._part.header_bytes += len(data)
        if self._part.header_bytes > MAX_HEADER_BYTES:
            raise Problem(400, "broken_form", "the headers of a part of the form are too long")

    def _header_end(self) -> None:
        part = self._part
        part.headers[bytes(part.header_name).lower()] = bytes(part.header_value)
        part.header_name, part.header_value = bytearray(), bytearray()

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._part.headers.get(b"content-disposition", b""))
        self._part.name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" in options:
            if self._part.name not in ("file", "files"):
                raise Problem(422, "unknown_field", "files are sent as `file`")
            self._part.sink = self._open_sink(options[b"filename"].decode("utf-8", "replace"))
        elif self._part.name not in self._names:
            known = ", ".join(f"`{name}`" for name in self._names)
            raise Problem(422, "unknown_field", f"the fields besides files are {known}")

    def _data(self, data: bytes) -> None:
        part = self._part
        part.pending += data
        if part.sink is None:
            if len(part.pending) > MAX_FIELD_BYTES:
                raise Problem(413, "too_large", f"`{part.name}` is longer than {MAX_FIELD_BYTES} bytes")
            self.form.fields[part.name] = bytes(part.pending).decode("utf-8", "replace")

    def _end(self) -> None:
        self.is_whole = True
