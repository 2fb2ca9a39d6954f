"""The shapes in which events come, one row each: how one is recognised, and where its id, source, name and time are.

An object is an event when a row of its envelope matches. Log records in JSON are not: what holds a level or a message
beside its name is a log line, and only an envelope that says of itself what it is outweighs that.
"""

from __future__ import annotations

import re
from typing import Any

from signal_pipeline.parsing.events.carriers import CARRIERS
from signal_pipeline.parsing.events.envelope import (
    DATA_KEYS,
    ID_KEYS,
    SCHEMA_KEYS,
    TIME_KEYS,
    VERSION_KEYS,
    Envelope,
    Object,
    is_log_record,
    named,
    texts,
)
from signal_pipeline.parsing.events.github import github_family, is_github
from signal_pipeline.parsing.events.headers import header_of
from signal_pipeline.parsing.events.producers import PRODUCERS


def _is_webhook(event: Object) -> bool:
    """A name and a payload of its own, and an id or a time in one of them."""
    if is_log_record(event) or named(event) is None:
        return False
    data = next((found for key in DATA_KEYS if isinstance(found := event.get(key), dict)), None)
    return data is not None and any(key in event or key in data for key in (*ID_KEYS, *TIME_KEYS))


def _is_plain(event: Object) -> bool:
    """A name, a time, and the id of the event or of what it is about."""
    if is_log_record(event) or named(event) is None or not any(key in event for key in TIME_KEYS):
        return False
    return any(key in event for key in ID_KEYS) or any(_ENTITY_ID.fullmatch(key) for key in event)


_ENTITY_ID = re.compile(
    r"(?:order|cart|checkout|customer|payment|invoice|shipment|subscription|account|booking|item|product"
    r"|transaction|basket|refund|delivery|session|user)_?[iI]d"
)


_BODIES = ("payload", "body", "data")

ENVELOPES: tuple[Envelope, ...] = (
    Envelope(
        "cloudevents",
        ("specversion", "type", "source"),
        '{"specversion":"1.0","id":"1","source":"/shop","type":"order.placed","data":{"order_id":"A-17"}}',
        texts("specversion", "type", "source"),
        id=("id",), source=("source",), type=("type",), time=("time",), subject=("subject",),
        data=("data", "data_base64"),
        schema=("dataschema",), version=("dataversion", "schemaversion"),
    ),
    *CARRIERS,
    Envelope(
        "delivery",
        ("headers",),
        '{"headers":{"X-GitHub-Event":"issues","X-GitHub-Delivery":"7f"},"payload":{"action":"closed","issue":{}}}',
        lambda event: header_of(event, "type") is not None and any(event.get(key) for key in _BODIES),
        naming=lambda event: header_of(event, "type"), id=(), source=("repository.full_name",), data=_BODIES,
        time=TIME_KEYS, action=("payload.action", "body.action"), is_delivery=True,
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
        texts("detail-type", "source"),
        type=("detail-type",), data=("detail",),
    ),
    Envelope(
        "eventgrid",
        ("eventType", "eventTime", "subject", "data"),
        '{"id":"1","eventType":"order.placed","subject":"orders/17","eventTime":"2024-03-01T10:00:00Z","data":{}}',
        texts("eventType"),
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
        is_github,
        naming=github_family, id=("delivery_id",), source=("repository.full_name", "organization.login"), type=(),
        action=("action",),
        subject=("issue.number", "pull_request.number", "number", "release.tag_name", "ref"),
        time=(
            "review.submitted_at", "comment.updated_at", "issue.updated_at", "pull_request.updated_at", "starred_at",
            "release.published_at", "release.created_at", "head_commit.timestamp", "forkee.created_at",
            "repository.updated_at",
        ),
    ),
    *PRODUCERS,
    Envelope(
        "webhook",
        (),
        '{"id":"1","event":"order.paid","created_at":"2024-03-01T10:00:00Z","data":{"order_id":"A-17","amount":12.5}}',
        _is_webhook,
        naming=named, data=DATA_KEYS, schema=SCHEMA_KEYS, version=VERSION_KEYS,
    ),
    Envelope(
        "plain",
        (),
        '{"event":"order_placed","order_id":"A-17","amount":12.5,"timestamp":"2024-03-01T10:00:00Z"}',
        _is_plain,
        naming=named, schema=SCHEMA_KEYS, version=VERSION_KEYS,
    ),
)  # fmt: skip


def envelope_of(event: Any) -> Envelope | None:
    """The row that matches first; None for what is not an event."""
    if not isinstance(event, dict):
        return None
    keys = event.keys()
    return next((row for row in ENVELOPES if row.heads <= keys and row.matches(event)), None)
