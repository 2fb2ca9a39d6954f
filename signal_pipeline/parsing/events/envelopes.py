"""The shapes in which events come, one row each: how one is recognised, and where its id, source, name and time are.

An object is an event when a row of its envelope matches. Log records in JSON are not: what holds a level or a message
beside its name is a log line, and only an envelope that says of itself what it is outweighs that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
NAME_KEYS = ("event", "event_type", "eventType", "event_name", "eventName", "type", "topic", "subscriptionType", "name")
SOURCE_KEYS = ("source", "producer", "service", "origin", "app", "application", "publisher", "portalId")
TIME_KEYS = (
    "time", "timestamp", "occurred_at", "occurredAt", "created_at", "createdAt", "created", "event_time", "eventTime",
    "date", "ts", "sent_at", "sentAt", "published_at", "at",
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


def _texts(*keys: str) -> Callable[[Object], bool]:
    return lambda event: all(isinstance(event[key], str) and event[key] for key in keys)


def named(event: Object) -> str | None:
    """The name that an object without an envelope gives itself, if one looks like the name of an event."""
    for key in NAME_KEYS:
        value = event.get(key)
        if isinstance(value, str) and len(value) <= 200 and NAME.fullmatch(value):
            return value
    return None


def _is_log_record(event: Object) -> bool:
    return not LOG_KEYS.isdisjoint(event)


def _is_webhook(event: Object) -> bool:
    """A name and a payload of its own, and an id or a time."""
    if _is_log_record(event) or named(event) is None or not any(isinstance(event.get(key), dict) for key in DATA_KEYS):
        return False
    return any(key in event for key in (*ID_KEYS, *TIME_KEYS))


def _is_plain(event: Object) -> bool:
    """A name, a time, and the id of the event or of what it is about."""
    if _is_log_record(event) or named(event) is None or not any(key in event for key in TIME_KEYS):
        return False
    return any(key in event for key in ID_KEYS) or any(_ENTITY_ID.fullmatch(key) for key in event)


_ENTITY_ID = re.compile(
    r"(?:order|cart|checkout|customer|payment|invoice|shipment|subscription|account|booking|item|product"
    r"|transaction|basket|refund|delivery|session|user)_?[iI]d"
)

GITHUB_FAMILIES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("review", "pull_request"), "pull_request_review"),
    (("thread", "pull_request"), "pull_request_review_thread"),
    (("comment", "pull_request"), "pull_request_review_comment"),
    (("comment", "issue"), "issue_comment"),
    (("comment", "discussion"), "discussion_comment"),
    (("check_run",), "check_run"),
    (("check_suite",), "check_suite"),
    (("deployment_status",), "deployment_status"),
    (("workflow_job",), "workflow_job"),
    (("workflow_run",), "workflow_run"),
    (("pull_request",), "pull_request"),
    (("issue",), "issues"),
    (("release",), "release"),
    (("forkee",), "fork"),
    (("starred_at",), "star"),
    (("discussion",), "discussion"),
    (("ref", "before", "after"), "push"),
    (("deployment",), "deployment"),
    (("milestone",), "milestone"),
    (("label",), "label"),
    (("hook",), "ping"),
)  # fmt: skip
"""Which webhook of GitHub a payload is, by keys that are all there; the header that says it is rarely kept."""


def _is_github(event: Object) -> bool:
    repository = event.get("repository") or event.get("organization")
    return (
        isinstance(repository, dict)
        and isinstance(event.get("sender"), dict)
        and ("action" in event or "ref" in event or "forkee" in event)
    )


_BODIES = ("payload", "body", "data")

ENVELOPES: tuple[Envelope, ...] = (
    Envelope(
        "cloudevents",
        ("specversion", "type", "source"),
        '{"specversion":"1.0","id":"1","source":"/shop","type":"order.placed","data":{"order_id":"A-17"}}',
        _texts("specversion", "type", "source"),
        id=("id",), source=("source",), type=("type",), time=("time",), subject=("subject",), data=("data",),
        schema=("dataschema",), version=("dataversion", "schemaversion"),
    ),
    Envelope(
        "delivery",
        ("headers",),
        '{"headers":{"X-GitHub-Event":"issues","X-GitHub-Delivery":"7f"},"payload":{"action":"closed","issue":{}}}',
        lambda event: _header(event, "type") is not None and any(isinstance(event.get(key), dict) for key in _BODIES),
        data=_BODIES, action=("payload.action", "body.action"),
    ),
    Envelope(
        "self-describing",
        ("schema", "data"),
        '{"schema":"iglu:com.hubspot/deal_creation/jsonschema/1-0-0","data":{"objectId":1}}',
        lambda event: isinstance(event["schema"], str) and event["schema"].startswith("iglu:"),
        id=(*ID_KEYS, "data.id", "data.eventId"), data=("data",), schema=("schema",),
        time=(*TIME_KEYS, *(f"data.{key}" for key in TIME_KEYS)), type=(),
    ),
    Envelope(
        "eventbridge",
        ("detail-type", "source", "detail"),
        '{"version":"0","id":"1","detail-type":"Order Placed","source":"shop","detail":{}}',
        _texts("detail-type", "source"),
        type=("detail-type",), data=("detail",),
    ),
    Envelope(
        "eventgrid",
        ("eventType", "eventTime", "subject", "data"),
        '{"id":"1","eventType":"order.placed","subject":"orders/17","eventTime":"2024-03-01T10:00:00Z","data":{}}',
        _texts("eventType"),
        type=("eventType",), time=("eventTime",), data=("data",), version=("dataVersion",), source=("topic",),
    ),
    Envelope(
        "stripe",
        ("object", "type", "data"),
        '{"id":"evt_1","object":"event","type":"charge.failed","created":1709287200,"data":{"object":{"id":"ch_1"}}}',
        lambda event: event["object"] == "event" and isinstance(event["type"], str),
        type=("type",), time=("created",), data=("data.object", "data"),
        subject=("data.object.id",), source=("account",),
    ),
    Envelope(
        "github",
        ("sender",),
        '{"action":"closed","issue":{"number":1},"repository":{"full_name":"a/b"},"sender":{"login":"c"}}',
        _is_github,
        id=("delivery_id",), source=("repository.full_name", "organization.login"), type=(), action=("action",),
        subject=("issue.number", "pull_request.number", "number", "release.tag_name", "ref"),
        time=(
            "review.submitted_at", "comment.updated_at", "issue.updated_at", "pull_request.updated_at", "starred_at",
            "release.published_at", "release.created_at", "head_commit.timestamp", "forkee.created_at",
            "repository.updated_at",
        ),
    ),
    Envelope(
        "webhook",
        (),
        '{"id":"1","event":"order.paid","created_at":"2024-03-01T10:00:00Z","data":{"order_id":"A-17","amount":12.5}}',
        _is_webhook,
        data=DATA_KEYS, schema=SCHEMA_KEYS, version=VERSION_KEYS,
    ),
    Envelope(
        "plain",
        (),
        '{"event":"order_placed","order_id":"A-17","amount":12.5,"timestamp":"2024-03-01T10:00:00Z"}',
        _is_plain,
        schema=SCHEMA_KEYS, version=VERSION_KEYS,
    ),
)  # fmt: skip

HEADERS = {
    "type": (
        "x-github-event",
        "x-gitlab-event",
        "x-shopify-topic",
        "x-event-type",
        "x-event-key",
        "ce-type",
        "x-event-name",
    ),
    "id": ("x-github-delivery", "x-gitlab-event-uuid", "x-shopify-webhook-id", "x-event-id", "x-request-uuid", "ce-id"),
    "source": ("ce-source", "x-shopify-shop-domain", "x-github-hook-id"),
}
"""Headers of webhook deliveries, in lower case."""


def _header(event: Object, field: str) -> str | None:
    headers = event.get("headers")
    if not isinstance(headers, Mapping):
        return None
    lowered = {name.lower(): value for name, value in headers.items() if isinstance(name, str)}
    return next((str(lowered[name]) for name in HEADERS[field] if lowered.get(name)), None)


def header_of(event: Object, field: str) -> str | None:
    """`type`, `id` or `source` of a delivery, from its headers."""
    return _header(event, field)


def github_family(event: Object) -> str:
    """`issues`, `push`; empty where no row says."""
    return next((name for keys, name in GITHUB_FAMILIES if all(key in event for key in keys)), "")


def envelope_of(event: Any) -> Envelope | None:
    """The row that matches first; None for what is not an event."""
    if not isinstance(event, dict):
        return None
    return next(
        (row for row in ENVELOPES if all(key in event for key in row.needs) and row.matches(event)),
        None,
    )
