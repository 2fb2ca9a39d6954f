"""What an envelope of events is, and the keys under which events keep their facts. The rows: envelopes.py."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

Object = Mapping[str, Any]

LOG_KEYS = frozenset(
    {
        "level", "severity", "lvl", "loglevel", "log_level", "log.level", "levelname", "@l", "@m", "@mt", "@t", "msg",
        "message", "MESSAGE", "short_message", "textPayload", "jsonPayload", "logger", "logger_name", "loggerName",
        "log", "@timestamp", "@version", "stack_trace", "stack", "severityText", "severity_text", "eventVersion",
        "stream", "hostname", "actor", "thread_name", "pid", "process", "message_template", "PRIORITY", "level_name",
        "logGroup", "logStream",
    }
)  # fmt: skip
"""Keys of log records and audit trails (who did what, the `actor`). An object with one of them at its top is none of
the shapes without an envelope of their own."""

ID_KEYS = ("id", "event_id", "eventId", "message_id", "messageId", "uuid", "eventID", "event_uuid", "delivery_id")
NAME_KEYS = (
    "event",
    "event_type",
    "eventType",
    "event_name",
    "eventName",
    "type",
    "topic",
    "subscriptionType",
    "name",
    "eventKey",
    "alert_name",
    "scope",
    "action",
)
SOURCE_KEYS = ("source", "producer", "service", "origin", "app", "application", "publisher", "portalId")
TIME_KEYS = (
    "time", "timestamp", "occurred_at", "occurredAt", "created_at", "createdAt", "created", "event_time", "eventTime",
    "date", "ts", "sent_at", "sentAt", "published_at", "publishedAt", "at", "create_time", "createTime", "occurred_on",
    "occurredOn", "event_date", "eventDate", "event_timestamp", "eventTimestamp", "date_created", "dateCreated",
    "created_date", "createdDate", "generatedDateTime", "triggered_at", "triggeredAt", "emitted_at", "emittedAt",
    "publishTime", "ts_ms", "timestamp_ms", "timestampMs", "createdOn", "created_on", "happened_at", "happenedAt",
)  # fmt: skip
DATA_KEYS = ("data", "payload", "detail", "properties", "object", "body", "attributes", "resource", "context")
VERSION_KEYS = ("schema_version", "schemaVersion", "event_version", "dataversion", "dataVersion", "version")
SCHEMA_KEYS = ("dataschema", "schema", "schema_id", "$schema", "dataSchema")
SUBJECT_KEYS = ("subject", "key", "entity_id", "aggregate_id", "aggregateId", "resource_id", "objectId")

NAME = re.compile(
    r"[A-Za-z][A-Za-z0-9]*(?:[._:/\-][A-Za-z0-9]+)+|[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+)+|[a-z]+(?:[A-Z][a-z]+)+"
)
"""The name of an event has two words (`order.placed`, `OrderPlaced`, `order_placed`); one word is what a log says."""


@dataclass(frozen=True)
class Envelope:
    """A shape of events. Each field is the keys that may hold it, the first that holds something wins; a dot leads into
    an object. `matches` is asked of an object whose keys `needs` are all there."""

    name: str
    needs: tuple[str, ...]
    example: str
    matches: Callable[[Object], bool] = lambda _: True
    id: tuple[str, ...] = ID_KEYS
    source: tuple[str, ...] = SOURCE_KEYS
    type: tuple[str, ...] = NAME_KEYS
    time: tuple[str, ...] = TIME_KEYS
    subject: tuple[str, ...] = SUBJECT_KEYS
    data: tuple[str, ...] = ()
    schema: tuple[str, ...] = ()
    version: tuple[str, ...] = ()
    action: tuple[str, ...] = ()
    naming: Callable[[Object], str | None] | None = None
    """In place of `type`."""
    identity: Callable[[Object], str | None] | None = None
    """In place of `id`, where an id is made of several parts."""
    fails: Callable[[Object], bool] = lambda _: False
    """Whether it reports a failure that neither its name nor its status says."""
    carries: tuple[str, ...] = ()
    """Where a message of any kind is, as an object, or as JSON in a text or in base64: an event inside counts
    like one that was sent directly."""
    is_delivery: bool = False
    """Headers and a body, in which the times are."""

    @cached_property
    def heads(self) -> frozenset[str]:
        """`needs`, to be compared with the keys of an object at once."""
        return frozenset(self.needs)


def texts(*keys: str) -> Callable[[Object], bool]:
    return lambda event: all(isinstance(event[key], str) and event[key] for key in keys)


def named(event: Object) -> str | None:
    """The name that an object without an envelope gives itself, if one looks like the name of an event."""
    for key in NAME_KEYS:
        value = event.get(key)
        if isinstance(value, str) and len(value) <= 200 and NAME.fullmatch(value):
            return value
    return None


def is_log_record(event: Object) -> bool:
    return not LOG_KEYS.isdisjoint(event)


def value_at(value: Any, path: str) -> Any:
    """What a dotted path leads to in nested objects; None where it leads nowhere. A key with dots in it wins."""
    if not isinstance(value, dict):
        return None
    if path in value or "." not in path:
        return value.get(path)
    head, _, rest = path.partition(".")
    return value_at(value.get(head), rest)
