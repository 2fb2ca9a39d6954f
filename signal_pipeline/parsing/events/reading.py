"""From a decoded JSON object to an Event, by the table of envelopes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from signal_pipeline.parsing.events.carried import object_at
from signal_pipeline.parsing.events.envelope import Envelope, Object, named, value_at
from signal_pipeline.parsing.events.envelopes import envelope_of
from signal_pipeline.parsing.events.event import MAX_NAME_CHARS, Event
from signal_pipeline.parsing.events.headers import header_of
from signal_pipeline.parsing.logs.json_times import JsonTimes

TRACE_KEYS = ("traceparent", "trace_id", "traceId", "traceID", "trace.id", "x_trace_id")
REQUEST_KEYS = (
    "request_id", "requestId", "x_request_id", "correlation_id", "correlationId", "correlationid", "requestID",
    "requestid", "request.id",
)  # fmt: skip
MAX_CARRIERS = 3
"""A queue may carry what a topic carries, and that an event."""
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_VERSION_IN_NAME = re.compile(r"[./_:\-]v([0-9]+(?:[.\-][0-9]+)*)$")
_UNNAMED = Envelope("unnamed", (), "{}", source=(), type=(), action=("action",))


class EventReader:
    """Reads the events of one source; for one thread."""

    def __init__(self) -> None:
        self._times = JsonTimes()

    def event(self, whole: Object, *, named_by_sender: str | None = None, carriers: int = 0) -> Event:
        """The facts of an object. What no row matches is an event without a name, unless the sender gives one.

        `carriers` are those that it was in.
        """
        row = envelope_of(whole) or _UNNAMED
        carried = object_at(whole, row.carries) if row.carries else None
        if carried is not None and carriers < MAX_CARRIERS and envelope_of(carried) is not None:
            return self._carried(row, whole, carried, named_by_sender, carriers)
        data = carried or object_at(whole, row.data) or whole
        by_itself = named(carried) if carried is not None else None
        name, version = _split_version(named_by_sender or by_itself or self._name(row, whole))
        schema = _first_text(whole, row.schema) or header_of(whole, "schema")
        if row.name == "self-describing" and schema is not None:
            name, version = _iglu_parts(schema)
        at, zone = self._time(row, whole, data if row.is_delivery else None)
        return Event(
            envelope=row.name,
            type=name,
            data=data,
            whole=whole,
            id=self._id(row, whole),
            source=header_of(whole, "source") or _first_text(whole, row.source),
            version=version or _first_text(whole, row.version),
            at=at,
            zone=zone,
            subject=_first_text(whole, row.subject) or header_of(whole, "subject"),
            schema=schema,
            action=_first_text(whole, row.action),
            is_failure=row.fails(whole),
            correlation=_correlation(whole, data),
        )

    def _carried(self, row: Envelope, whole: Object, inner: Object, name: str | None, carriers: int) -> Event:
        """The event inside; what it does not say of itself, its carrier does."""
        event = self.event(inner, named_by_sender=name, carriers=carriers + 1)
        at, zone = (event.at, event.zone) if event.at is not None else self._time(row, whole)
        return replace(
            event,
            id=event.id or self._id(row, whole),
            source=event.source or _first_text(whole, row.source),
            at=at,
            zone=zone,
            correlation=event.correlation or _correlation(whole, whole),
        )

    def _name(self, row: Envelope, whole: Object) -> str:
        name = _first_text(whole, row.type) if row.naming is None else row.naming(whole)
        return (name or "")[:MAX_NAME_CHARS]

    def _id(self, row: Envelope, whole: Object) -> str | None:
        made = None if row.identity is None else row.identity(whole)
        return (made[:MAX_NAME_CHARS] if made else None) or _first_text(whole, row.id) or header_of(whole, "id")

    def _time(self, row: Envelope, whole: Object, body: Object | None = None) -> tuple[datetime | None, str | None]:
        """That of a delivery is in its headers, else in its `body`."""
        values = [header_of(whole, "time")] if "headers" in whole else []
        values += [value_at(whole if body is None else body, path) for path in row.time]
        return next((read for value in values if (read := self._times.read(value))[0] is not None), (None, None))


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
    """Looked for in the envelope, in the payload, in its metadata, and in headers."""
    places = [whole, data, whole.get("metadata")]
    known = [place for place in places if isinstance(place, dict) and not _ID_HEADS.isdisjoint(place)]
    found: dict[str, str] = {}
    for name, keys, header in (("trace_id", TRACE_KEYS, "trace"), ("request_id", REQUEST_KEYS, "request")):
        value = next((text for place in known if (text := _first_text(place, keys)) is not None), None)
        value = value if value is not None else header_of(whole, header)
        if value is not None:
            parent = _TRACEPARENT.fullmatch(value)
            found[name] = parent[1] if parent else value
    return found


_ID_HEADS = frozenset(key.partition(".")[0] for key in (*TRACE_KEYS, *REQUEST_KEYS)) | {"trace.id", "request.id"}
