"""Envelopes of brokers and queues, which carry messages of any kind. Rows for envelopes.py."""

from __future__ import annotations

from typing import Any

from signal_pipeline.parsing.events.carried import object_at
from signal_pipeline.parsing.events.envelope import Envelope, Object, is_log_record, value_at
from signal_pipeline.parsing.events.headers import header_of

_NAMES = ("eventType", "event_type", "event-type", "eventName", "event_name", "event", "type", "ce-type")


def _carries_no_log(event: Object, *paths: str) -> bool:
    """What is carried is no log record, and an object where it has to be one."""
    inner = object_at(event, paths)
    return inner is None or not is_log_record(inner)


def _attribute(attributes: Any) -> str | None:
    """The name of the event among the attributes of a message."""
    if not isinstance(attributes, dict):
        return None
    for key in _NAMES:
        value = attributes.get(key)
        if isinstance(value, dict):
            value = value.get("Value") or value.get("stringValue") or value.get("StringValue")
        if isinstance(value, str) and value:
            return value
    return None


def _last_part(name: Any) -> str | None:
    """`orders` of `arn:aws:sns:us-west-2:1:orders` and of `projects/p/subscriptions/orders`."""
    return name.rstrip("/").replace(":", "/").rpartition("/")[2] or None if isinstance(name, str) else None


def _topic_name(event: Object) -> str | None:
    inner = event.get("Sns")
    outer = inner if isinstance(inner, dict) else event
    return _attribute(outer.get("MessageAttributes")) or _last_part(outer.get("TopicArn"))


def _queue_name(event: Object) -> str | None:
    return _attribute(event.get("messageAttributes")) or _last_part(event.get("eventSourceARN"))


def _pushed_name(event: Object) -> str | None:
    return _attribute(value_at(event, "message.attributes")) or _last_part(event.get("subscription"))


def _record_name(event: Object) -> str | None:
    return header_of(event, "type") or str(event["topic"])


def _record_id(event: Object) -> str | None:
    return header_of(event, "id") or ":".join(str(event[key]) for key in ("topic", "partition", "offset"))


CARRIERS: tuple[Envelope, ...] = (
    Envelope(
        "topic",
        (),
        '{"Type":"Notification","MessageId":"22","TopicArn":"arn:aws:sns:us-west-2:1:orders","Message":"{}","Timestamp":"2024"}',
        lambda event: any(
            isinstance(value_at(event, f"{place}TopicArn"), str) and isinstance(value_at(event, f"{place}Message"), str)
            for place in ("", "Sns.")
        )
        and _carries_no_log(event, "Message", "Sns.Message"),
        naming=_topic_name, id=("MessageId", "Sns.MessageId"), source=("TopicArn", "Sns.TopicArn"),
        time=("Timestamp", "Sns.Timestamp"), carries=("Message", "Sns.Message"),
    ),
    Envelope(
        "queue",
        ("messageId", "body", "eventSource"),
        '{"messageId":"05","body":"{}","attributes":{"SentTimestamp":"1545082649183"},"eventSource":"aws:sqs"}',
        lambda event: isinstance(event["body"], str) and _carries_no_log(event, "body"),
        naming=_queue_name, id=("messageId",), source=("eventSourceARN", "eventSource"),
        time=("attributes.SentTimestamp",), carries=("body",),
    ),
    Envelope(
        "shard",
        ("kinesis", "eventID"),
        '{"kinesis":{"data":"e30=","partitionKey":"1","sequenceNumber":"49"},"eventSource":"aws:kinesis","eventID":"s:49"}',
        lambda event: object_at(event, ("kinesis.data",)) is not None and _carries_no_log(event, "kinesis.data"),
        naming=lambda event: _last_part(event.get("eventSourceARN")) or "record", id=("eventID",),
        source=("eventSourceARN", "eventSource"), time=("kinesis.approximateArrivalTimestamp",),
        carries=("kinesis.data",),
    ),
    Envelope(
        "push",
        ("message", "subscription"),
        '{"message":{"data":"e30=","messageId":"20","publishTime":"2024"},"subscription":"projects/p/subscriptions/orders"}',
        lambda event: isinstance(event["subscription"], str)
        and isinstance(event["message"], dict)
        and ("messageId" in event["message"] or "message_id" in event["message"])
        and _carries_no_log(event, "message.data"),
        naming=_pushed_name, id=("message.messageId", "message.message_id"), source=("subscription",),
        time=("message.publishTime", "message.publish_time"), carries=("message.data",),
    ),
    Envelope(
        "partition",
        ("topic", "partition", "offset"),
        '{"topic":"orders","partition":0,"offset":17,"timestamp":1709287200000,"key":"A","value":{"order_id":"A"}}',
        lambda event: isinstance(event["topic"], str)
        and isinstance(event["offset"], int)
        and object_at(event, ("value", "payload")) is not None
        and _carries_no_log(event, "value", "payload"),
        naming=_record_name, identity=_record_id, id=(), source=("topic",), time=("timestamp", "ts"), subject=("key",),
        carries=("value", "payload"),
    ),
)  # fmt: skip
