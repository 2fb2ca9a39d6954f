"""The few headers that are read: those that carry a trace, request or correlation id. All others are dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec
import re2

# Lower-case names, the most telling first.
TRACE_HEADERS = (
    "traceparent", "x-b3-traceid", "b3", "x-amzn-trace-id", "x-request-id", "x-correlation-id", "x-trace-id", "cf-ray",
)  # fmt: skip
REQUEST_HEADERS = ("x-request-id", "x-correlation-id", "x-amzn-requestid")
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_B3 = re.compile(r"([0-9a-f]{16}(?:[0-9a-f]{16})?)-[0-9a-f]{16}(?:-[01d])?(?:-[0-9a-f]{16})?")
# Shapes that are ids and nothing else. Any other value goes through the redactor.
_PLAIN_IDS = re.compile(
    r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"  # UUID
    r"|(?:Root|Self)=1-[0-9a-fA-F]{8}-[0-9a-fA-F]{24}"  # AWS X-Ray
    r"|[0-9a-f]{16}-[A-Z]{3}"  # Cloudflare ray
    r"|(?:[A-Za-z]{1,8}[-_])?[0-9a-f]{6,64}"  # trace and span ids, nginx request ids, req-5278bb4b3fc7
    r"|[0-9]{1,12}"
)
# What follows a header's name in the shape that nearly all producers write.
_VALUE = re.compile(rb'"\s{0,99},\s{0,99}"value"\s{0,9}:\s{0,9}"([\x20\x21\x23-\x5b\x5d-\x7e]{1,256})"')
_ANY_NAME = re2.compile(
    rb'(?i)"\s{0,9}(?:' + "|".join(sorted({*TRACE_HEADERS, *REQUEST_HEADERS})).encode() + rb')\s{0,9}[":]'
)
"""Most exchanges carry no id, and one search says so."""
_MAX_HEADERS_BYTES = 256 * 1024
_MAX_ID_CHARS = 128


@dataclass(frozen=True)
class HeaderId:
    """An id of a header. `is_plain` says that its shape can hold nothing but an id."""

    value: str | None = None
    is_plain: bool = True


NO_ID = HeaderId()


def header_ids(request_headers: msgspec.Raw, response_headers: msgspec.Raw) -> tuple[HeaderId, HeaderId]:
    """The id with the widest reach, and that of the request. The server's answer wins over what was asked.

    The arguments are the JSON texts of two header lists, in any of the shapes that producers use.
    """
    lists = (bytes(response_headers)[:_MAX_HEADERS_BYTES], bytes(request_headers)[:_MAX_HEADERS_BYTES])
    if not _ANY_NAME.search(lists[0] + lists[1]):
        return NO_ID, NO_ID
    lowered = [raw.lower() for raw in lists]
    return _first_of(TRACE_HEADERS, lists, lowered), _first_of(REQUEST_HEADERS, lists, lowered)


def header(headers: msgspec.Raw, name: str) -> str | None:
    """The value of a header that is only asked for in a few answers; `name` in lower case."""
    raw = bytes(headers)[:_MAX_HEADERS_BYTES]
    lowered, mark = raw.lower(), name.encode()
    return _value(raw, lowered, name, mark) if mark in lowered else None


def _first_of(names: Sequence[str], lists: Sequence[bytes], lowered: Sequence[bytes]) -> HeaderId:
    for name in names:
        mark = name.encode()
        for raw, low in zip(lists, lowered, strict=True):
            value = _value(raw, low, name, mark) if mark in low else None
            if value:
                return _identity(name, value)
    return NO_ID


def _identity(name: str, value: str) -> HeaderId:
    parent = _TRACEPARENT.fullmatch(value) or _B3.fullmatch(value)
    if parent:
        return HeaderId(parent[1])
    if name == "x-amzn-trace-id":
        value = next((part for part in value.split(";") if part.startswith(("Root=", "Self="))), value)
    return HeaderId(value, bool(_PLAIN_IDS.fullmatch(value)))


def _value(raw: bytes, lowered: bytes, name: str, mark: bytes) -> str | None:
    """The value of a header by a search in the bytes; by decoding the list where that does not find it."""
    at = lowered.find(mark)
    while at >= 0:
        found = _VALUE.match(raw, at + len(mark)) if raw[at - 1 : at] == b'"' else None
        if found:
            return found[1].decode("ascii").strip()[:_MAX_ID_CHARS]
        at = lowered.find(mark, at + 1)
    return _decoded_value(raw, name)


def _decoded_value(raw: bytes, name: str) -> str | None:
    try:
        headers = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    for key, value in _pairs(headers):
        if isinstance(key, str) and isinstance(value, str) and key.strip().lower() == name:
            return value.strip()[:_MAX_ID_CHARS] or None
    return None


def _pairs(headers: object) -> Iterator[tuple[object, object]]:
    """Lists of {name, value}, objects, lists of pairs, and lists of "Name: value" lines."""
    if isinstance(headers, dict):
        yield from headers.items()
    for header in headers if isinstance(headers, list) else ():
        if isinstance(header, dict):
            yield header.get("name"), header.get("value")
        elif isinstance(header, str):
            name, _, value = header.partition(":")
            yield name, value
        elif isinstance(header, list) and len(header) == 2:
            yield header[0], header[1]
