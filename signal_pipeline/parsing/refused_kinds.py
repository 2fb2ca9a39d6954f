"""What is refused as what it is, until a kind claims it: pictures, captures, documents, web pages, tables."""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass

from signal_pipeline.errors import RejectionCode


@dataclass(frozen=True)
class RefusedKind:
    """Content that is not a signal: its name, the code it is refused with, how it is reported, and an example."""

    name: str
    code: RejectionCode
    matches: Callable[[bytes], bool]
    example: bytes


def _begins(*magic: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(magic)


_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,200}(?:<\?xml[^>]{0,200}>\s{0,200})?<(?:!doctype\s{1,20}html|html[\s>])", re.I
)
_RIFF_PICTURE = re.compile(rb"RIFF[\s\S]{4}WEBP")
_SVG = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,200}(?:<\?xml[^>]{0,200}>\s{0,200})?(?:<!--[^>]{0,500}-->\s{0,200})?<svg[\s>]", re.I
)

# A table: a first row of column names, then rows of as many fields. A log with a header of its own names a time and
# a text in it (an export of a log store), and stays a log.
_NAME_OF_COLUMN = re.compile(r"[^\W\d][\w .()/#%&:-]{0,60}|\d{0,3}", re.ASCII)
_TIME_COLUMN = re.compile(r"time|date|^@?ts$|^when$")
_TEXT_COLUMN = re.compile(r"message|msg$|^log|event|payload|@raw|^_raw$")
_LEVEL_COLUMN = re.compile(r"level|severity|priority|facility|logger")
_MIN_ROWS = 3
_EQUAL_SHARE = 0.98
_DELIMITERS = ",\t;|"
_MAX_HEADER_CHARS = 4_000


def _is_web_page(head: bytes) -> bool:
    """A page and nothing after it: a log may begin with a page that a program printed."""
    _, end, after = head.lower().rpartition(b"</html>")
    return bool(_HTML.match(head)) and (not end or not after.strip())


def _is_table(head: bytes) -> bool:
    text = head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    first, _, rest = text.partition("\n")
    if not rest.strip() or len(first) > _MAX_HEADER_CHARS:
        return False
    return any(_is_delimited(first, text, mark) for mark in _DELIMITERS if mark in first)


def _is_delimited(first: str, text: str, delimiter: str) -> bool:
    header = [name.strip() for row in _rows(first, delimiter) for name in row]
    names = [name.lower() for name in header if name]
    if len(names) < 2 or len(set(names)) < len(names) or not all(_NAME_OF_COLUMN.fullmatch(name) for name in header):
        return False
    if _is_log_export(names):
        return False
    rows = _rows(text, delimiter)
    data = rows[1:-1] if len(rows) > _MIN_ROWS + 1 else rows[1:]  # the last row of the head may be torn
    equal = sum(len(row) == len(header) for row in data)
    return len(data) >= _MIN_ROWS and equal >= _EQUAL_SHARE * len(data)


def _rows(text: str, delimiter: str) -> list[list[str]]:
    """The rows up to where quotes are no longer paired."""
    rows: list[list[str]] = []
    with contextlib.suppress(csv.Error):
        rows.extend(row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True) if row)
    return rows


def _is_log_export(names: list[str]) -> bool:
    """Of a log store: a time, and a level or a text."""
    if not any(_TIME_COLUMN.search(name) for name in names):
        return False
    return len(names) == 2 or any(_LEVEL_COLUMN.search(name) or _TEXT_COLUMN.search(name) for name in names)


REFUSED_KINDS: tuple[RefusedKind, ...] = (
    RefusedKind(
        "picture",
        RejectionCode.PICTURE,
        lambda head: (
            head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*"))
            or bool(_RIFF_PICTURE.match(head) or _SVG.match(head))
        ),
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    ),
    RefusedKind(
        "packet capture of another format",
        RejectionCode.CAPTURE,
        _begins(b"snoop\0", b"TRSNIFF data"),
        b"snoop\0\0\0\0\0\0\x02",
    ),
    RefusedKind(
        "document",
        RejectionCode.DOCUMENT,
        _begins(b"%PDF-", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf"),
        b"%PDF-1.7\n",
    ),
    RefusedKind("web page", RejectionCode.WEB_PAGE, _is_web_page, b"<!DOCTYPE html>\n<html>"),
    RefusedKind("table", RejectionCode.TABLE, _is_table, b"id,name,comment\n1,Ann,fine\n2,Bo,error\n3,Cy,failed\n"),
    RefusedKind(
        "program or data",
        RejectionCode.BINARY,
        _begins(
            b"\x7fELF",
            b"MZ\x90\x00",
            b"\xca\xfe\xba\xbe",
            b"RIFF",
            b"OggS",
            b"SQLite format 3\x00",
            b"\x00asm",
            b"MDMP",
            b"wOFF",
        ),
        b"\x7fELF\x02\x01\x01",
    ),
)


def refusal_of(head: bytes) -> RejectionCode | None:
    """The code that a file with these first bytes is refused with; None when it may be a log."""
    return next((row.code for row in REFUSED_KINDS if row.matches(head)), None)
