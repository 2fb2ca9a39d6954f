"""From a decoded JSON object to an Event, by the table of envelopes."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from signal_pipeline.parsing.events.envelopes import Envelope, Object, envelope_of, github_family, header_of, named
from signal_pipeline.parsing.events.event import MAX_NAME_CHARS, Event, value_at
from signal_pipeline.parsing.logs.json_times import JsonTimes

TRACE_KEYS = ("traceparent", "trace_id", "traceId", "traceID", "trace.id", "x_trace_id")
REQUEST_KEYS = (
    "request_id", "requestId", "x_request_id", "correlation_id", "correlationId", "correlationid", "requestID",
    "requestid", "request.id",
)  # fmt: skip
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_VERSION_IN_NAME = re.compile(r"[./_:\-]v([0-9]+(?:[.\-][0-9]+)*)$")
_UNNAMED = Envelope("unnamed", (), "{}", source=(), type=(), action=("action",))


class EventReader:
    """Reads the events of one source; for one thread."""

    def __init__(self) -> None:
        self._times = JsonTimes()

    def event(self, whole: Object, *, named_by_sender: str | None = None) -> Event:
        """The facts of an object. What no row matches is an event without a name, unless the sender gives one."""
        row = envelope_of(whole) or _UNNAMED
        data = next((found for path in row.data if isinstance(found := value_at(whole, path), dict)), whole)
        name, version = _split_version(named_by_sender or self._name(row, whole))
        schema = _first_text(whole, row.schema)
        if row.name == "self-describing" and schema is not None:
            name, version = _iglu_parts(schema)
        at, zone = next(
            (read for path in row.time if (read := self._times.read(value_at(whole, path)))[0] is not None),
            (None, None),
        )
        return Event(
            envelope=row.name,
            type=name,
            data=data,
            whole=whole,
            id=_first_text(whole, row.id) or header_of(whole, "id"),
            source=_first_text(whole, row.source) or header_of(whole, "source"),
            version=version or _first_text(whole, row.version),
            at=at,
            zone=zone,
            subject=_first_text(whole, row.subject),
            schema=schema,
            action=_first_text(whole, row.action),
            correlation=_correlation(whole, data),
        )

    def _name(self, row: Envelope, whole: Object) -> str:
        if row.name == "github":
            return github_family(whole)
        if row.name == "delivery":
            return header_of(whole, "type") or ""
        if row.name in ("webhook", "plain"):
            return named(whole) or ""
        return _first_text(whole, row.type) or ""


def _first_text(whole: Object, paths: tuple[str, ...]) -> str | None:
    for path in paths:
        value = whole.get(path)
        if value is None and "." in path:
            value = value_at(whole, path)
        if isinstance(value, str) and value:
            return value[:MAX_NAME_CHARS]
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)[:MAX_NAME_CHARS]
    return None


@lru_cache(maxsize=4_096)
def _split_version(name: str) -> tuple[str, str | None]:
    """`order.placed.v2` is version 2 of `order.placed`."""
    found = _VERSION_IN_NAME.search(name)
    return (name[: found.start()], found[1]) if found else (name, None)


def _iglu_parts(schema: str) -> tuple[str, str | None]:
    """Name and version of `iglu:vendor/name/format/version`."""
    parts = schema.removeprefix("iglu:").split("/")
    return (".".join(parts[:2]), parts[3]) if len(parts) == 4 else (schema, None)


def _correlation(whole: Object, data: Any) -> dict[str, str]:
    """Looked for in the envelope, in the payload, and in its metadata."""
    places = [whole, data, whole.get("metadata")]
    known = [place for place in places if isinstance(place, dict) and not _ID_HEADS.isdisjoint(place)]
    found: dict[str, str] = {}
    for name, keys in (("trace_id", TRACE_KEYS), ("request_id", REQUEST_KEYS)) if known else ():
        value = next((text for place in known if (text := _first_text(place, keys)) is not None), None)
        if value is not None:
            parent = _TRACEPARENT.fullmatch(value)
            found[name] = parent[1] if parent else value
    return found


_ID_HEADS = frozenset(key.partition(".")[0] for key in (*TRACE_KEYS, *REQUEST_KEYS)) | {"trace.id", "request.id"}
