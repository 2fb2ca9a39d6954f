"""What headers say of an event: those of a webhook's delivery, and those of CloudEvents in binary mode."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from signal_pipeline.parsing.events.envelope import Object

HEADERS = {
    "type": (
        "ce-type", "x-github-event", "x-gitlab-event", "x-shopify-topic", "x-event-type", "x-event-key",
        "x-event-name", "x-webhook-event", "x-webhook-topic", "x-wc-webhook-topic", "x-hook-event", "x-gitea-event",
        "x-gogs-event", "x-discourse-event", "x-topic", "circleci-event-type", "linear-event", "webhook-event",
        "event-type", "x-bc-webhook-event",
    ),
    "id": (
        "ce-id", "x-github-delivery", "x-gitlab-event-uuid", "x-shopify-webhook-id", "x-event-id", "x-request-uuid",
        "x-wc-webhook-delivery-id", "x-gitea-delivery", "x-gogs-delivery", "linear-delivery", "webhook-id", "svix-id",
        "x-webhook-id", "x-hook-id", "x-delivery-id",
    ),
    "source": (
        "ce-source", "x-shopify-shop-domain", "x-wc-webhook-source", "x-github-hook-id", "x-gitlab-instance",
        "x-discourse-instance", "x-event-source",
    ),
    "time": ("ce-time", "x-shopify-triggered-at", "webhook-timestamp", "svix-timestamp", "x-event-time"),
    "subject": ("ce-subject",),
    "schema": ("ce-dataschema",),
    "trace": ("traceparent", "ce-traceparent", "x-trace-id", "x-b3-traceid"),
    "request": ("x-request-id", "x-correlation-id", "ce-correlationid", "ce-requestid", "correlation-id"),
}  # fmt: skip
"""In lower case, the most telling first."""
_KNOWN = frozenset(name for names in HEADERS.values() for name in names)


def header_of(event: Object, field: str) -> str | None:
    """What the headers of a delivery say: `type`, `id`, `source`, `time`, `subject`, `schema`, `trace`, `request`."""
    if "headers" not in event:
        return None
    found = {_plain(name): value for name, value in _pairs(event["headers"]) if isinstance(name, str)}
    value = next((found[name] for name in HEADERS[field] if found.get(name)), None)
    return None if value is None else unquote(value)


def kept_headers(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Those that say something of an event; empty where none says its type."""
    found = {_plain(name): value for name, value in headers if _plain(name) in _KNOWN}
    return found if any(name in found for name in HEADERS["type"]) else {}


def _pairs(headers: Any) -> Iterator[tuple[Any, str]]:
    """Of an object, or of a list of objects with key and value, of pairs, or of keys and values in turn."""
    if isinstance(headers, Mapping):
        for name, value in headers.items():
            first = value[0] if isinstance(value, list) and value else value
            if isinstance(first, str | int):
                yield name, str(first)
    elif isinstance(headers, list):
        if headers and all(isinstance(one, str) for one in headers):
            yield from zip(headers[::2], headers[1::2], strict=False)
        for one in headers:
            if isinstance(one, Mapping) and isinstance(one.get("value"), str):
                yield one.get("key", one.get("name")), one["value"]
            elif isinstance(one, list) and len(one) == 2 and isinstance(one[1], str):
                yield one[0], one[1]


def _plain(name: str) -> str:
    """Records of Kafka write `ce_type`."""
    return name.lower().replace("_", "-")
