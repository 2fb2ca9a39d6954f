"""One HAR entry as bytes, decoded: only what may be kept has a field, all else is skipped unread.

Fields hold whatever JSON value was there; what a value means is decided where it is used.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec

from signal_pipeline.parsing.har.clean_text import decode_lossy, repaired

NO_VALUE = msgspec.Raw(b"")


class Content(msgspec.Struct, gc=False):
    size: Any = None
    mime_type: Any = msgspec.field(default=None, name="mimeType")
    text: msgspec.Raw = NO_VALUE
    encoding: Any = None


class PostData(msgspec.Struct, gc=False):
    text: msgspec.Raw = NO_VALUE


class Request(msgspec.Struct, gc=False):
    method: Any = None
    url: Any = None
    headers: msgspec.Raw = NO_VALUE
    post_data: PostData | None = msgspec.field(default=None, name="postData")


class Response(msgspec.Struct, gc=False):
    status: Any = None
    status_text: Any = msgspec.field(default=None, name="statusText")
    headers: msgspec.Raw = NO_VALUE
    content: Content | None = None
    body_size: Any = msgspec.field(default=None, name="bodySize")
    redirect_url: Any = msgspec.field(default=None, name="redirectURL")
    comment: Any = None
    error: Any = msgspec.field(default=None, name="_error")
    error_message: Any = msgspec.field(default=None, name="_errorMessage")
    error_text: Any = msgspec.field(default=None, name="_errorText")
    failure_text: Any = msgspec.field(default=None, name="_failureText")
    charles_error: Any = msgspec.field(default=None, name="_charlesErrorMessage")
    request_status: Any = msgspec.field(default=None, name="_requestStatus")


class Timings(msgspec.Struct, gc=False):
    blocked: Any = None
    dns: Any = None
    connect: Any = None
    ssl: Any = None
    send: Any = None
    wait: Any = None
    receive: Any = None


class Entry(msgspec.Struct, gc=False):
    started: Any = msgspec.field(default=None, name="startedDateTime")
    time: Any = None
    request: Request | None = None
    response: Response | None = None
    timings: Timings | None = None
    comment: Any = None
    error: Any = msgspec.field(default=None, name="_error")
    error_message: Any = msgspec.field(default=None, name="_errorMessage")
    error_text: Any = msgspec.field(default=None, name="_errorText")
    failure_text: Any = msgspec.field(default=None, name="_failureText")
    request_status: Any = msgspec.field(default=None, name="_requestStatus")
    resource_type: Any = msgspec.field(default=None, name="_resourceType")
    socket_messages: msgspec.Raw = msgspec.field(default=NO_VALUE, name="_webSocketMessages")


_Struct = type[msgspec.Struct]
_CONTAINERS: tuple[tuple[str, _Struct], ...] = (("request", Request), ("response", Response), ("timings", Timings))
_INNER_CONTAINERS: tuple[tuple[str, str, _Struct], ...] = (
    ("response", "content", Content),
    ("request", "postData", PostData),
)
_entries = msgspec.json.Decoder(Entry)
_ABSURD_NUMBER = 1e300  # stands for what no field can mean, so that it is flagged where it is used
_lossy = json.JSONDecoder(
    strict=False,
    parse_int=lambda digits: int(digits) if len(digits) < 19 else _ABSURD_NUMBER,
    parse_constant=str,  # NaN and Infinity are no JSON
)


def decode_entry(raw: bytes) -> tuple[Entry, list[str]]:
    """The entry and flags of what had to be repaired. Repeated keys: the last one wins.

    Raises ValueError when `raw` is not a JSON object.
    """
    try:
        return _entries.decode(raw), []
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError):
        return _decode_lossy(raw)


def _decode_lossy(raw: bytes) -> tuple[Entry, list[str]]:
    """For what the strict decoder refuses: lone surrogates, NaN, bytes that are not UTF-8, odd shapes."""
    text, replaced = decode_lossy(raw)
    value = _lossy.decode(text)
    if not isinstance(value, dict):
        raise ValueError("not an object")
    flags = ["bad_utf8"] if replaced else []
    shaped, misshapen = _shaped(value)
    shaped, changed = repaired(shaped)
    flags += ["bad_json"] if changed else []
    flags += ["bad_shape"] if misshapen else []
    return _entries.decode(msgspec.json.encode(shaped)), flags


def _shaped(entry: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """A copy in which every container that the decoder expects is an object or missing; True when one was neither."""
    shaped = {name: entry[name] for name in _names(Entry) if name in entry}
    misshapen = False
    for name, struct in _CONTAINERS:
        shaped[name], wrong = _members(shaped.get(name), struct)
        misshapen |= wrong
    for holder, name, struct in _INNER_CONTAINERS:
        members = shaped[holder]
        if members is not None and name in members:
            members[name], wrong = _members(members[name], struct)
            misshapen |= wrong
    return shaped, misshapen


def _members(value: object, struct: type[msgspec.Struct]) -> tuple[dict[str, Any] | None, bool]:
    if not isinstance(value, dict):
        return None, value is not None
    return {name: value[name] for name in _names(struct) if name in value}, False


def _names(struct: type[msgspec.Struct]) -> tuple[str, ...]:
    return struct.__struct_encode_fields__
