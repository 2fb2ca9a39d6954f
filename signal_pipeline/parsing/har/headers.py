"""The few headers that are read: those that carry a trace, request or correlation id. All others are dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

# Lower-case names, the most telling first.
TRACE_HEADERS = ("traceparent", "x-amzn-trace-id", "x-request-id", "x-correlation-id", "x-trace-id", "cf-ray")
_MARKS = tuple(name.encode() for name in TRACE_HEADERS)
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
# Shapes that are ids and nothing else. Any other value goes through the redactor.
_PLAIN_IDS = re.compile(
    r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"  # UUID
    r"|(?:Root|Self)=1-[0-9a-fA-F]{8}-[0-9a-fA-F]{24}"  # AWS X-Ray
    r"|[0-9a-f]{16}-[A-Z]{3}"  # Cloudflare ray
    r"|(?:[0-9a-f]{16}){1,2}"  # trace and span ids, nginx request ids
    r"|[0-9]{1,12}"
)
# What follows a header's name in the shape that nearly all producers write.
_VALUE = re.compile(rb'"\s{0,99},\s{0,99}"value"\s{0,9}:\s{0,9}"([\x20\x21\x23-\x5b\x5d-\x7e]{1,256})"')
_MAX_HEADERS_BYTES = 256 * 1024
_MAX_ID_CHARS = 128


def trace_id(request_headers: msgspec.Raw, response_headers: msgspec.Raw) -> tuple[str | None, bool]:
    """The id and whether its shape is known to hold nothing else. The server's answer wins over the request.

    The arguments are the JSON texts of two header lists, in any of the shapes that producers use.
    """
    lists = (bytes(response_headers)[:_MAX_HEADERS_BYTES], bytes(request_headers)[:_MAX_HEADERS_BYTES])
    lowered = [raw.lower() for raw in lists]
    for name, mark in zip(TRACE_HEADERS, _MARKS, strict=True):
        for raw, low in zip(lists, lowered, strict=True):
            value = _value(raw, low, name, mark) if mark in low else None
            if value:
                return _identity(name, value)
    return None, True


def _identity(name: str, value: str) -> tuple[str, bool]:
    parent = _TRACEPARENT.fullmatch(value)
    if parent:
        return parent[1], True
    if name == "x-amzn-trace-id":
        value = next((part for part in value.split(";") if part.startswith(("Root=", "Self="))), value)
    return value, bool(_PLAIN_IDS.fullmatch(value))


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
