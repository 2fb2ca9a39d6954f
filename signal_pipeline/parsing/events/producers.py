"""Envelopes of producers whose events do not say what they are by a key of their own. Rows for envelopes.py."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from signal_pipeline.parsing.events.envelope import Envelope, Object, value_at

_ANALYTICS = frozenset({"track", "page", "screen", "identify", "group", "alias"})
_CHANGES = {"c": "created", "u": "updated", "d": "deleted", "r": "read", "t": "truncated"}
_CHANGE_WORDS = {"insert": "created", "update": "updated", "delete": "deleted", "bootstrap-insert": "read"}


def _is_one_of(value: Any, words: Container[str]) -> bool:
    return isinstance(value, str) and value in words


def _analytics_name(event: Object) -> str | None:
    """What was tracked has a name; of other calls the kind is the name."""
    name = event.get("event")
    return name if event["type"] == "track" and isinstance(name, str) else str(event["type"])


def _change(event: Object) -> Object:
    inner = event.get("payload")
    return inner if isinstance(inner, dict) else event


def _is_change(event: Object) -> bool:
    found = _change(event)
    source = found.get("source")
    op = found.get("op")
    return isinstance(op, str) and op in _CHANGES and isinstance(source, dict) and _table(source) is not None


def _table(source: Object) -> str | None:
    table = source.get("table") or source.get("collection")
    return table if isinstance(table, str) else None


def _change_name(event: Object) -> str | None:
    found = _change(event)
    source = found["source"]
    return f"{_table(source)}.{_CHANGES[found['op']]}"


def _change_id(event: Object) -> str | None:
    """Where it is in the log of the database."""
    source = _change(event)["source"]
    keys = ("lsn", "gtid", "file", "pos", "row", "scn", "commit_lsn", "event_serial_no", "ord")
    place = [str(source[key]) for key in keys if source.get(key) is not None]
    return ":".join([str(source.get("db") or ""), *place]) if place and _change(event)["op"] != "r" else None


def _row_id(event: Object) -> str | None:
    return ":".join(str(event[key]) for key in ("position", "xid", "xoffset") if key in event) or None


def _adyen_id(event: Object) -> str | None:
    item = event["NotificationRequestItem"]
    parts = [item.get(key) for key in ("pspReference", "eventCode", "success")]
    return ":".join(str(part) for part in parts) if isinstance(parts[0], str) else None


def _channel_name(event: Object) -> str | None:
    """The event of a channel (`/event/Order_Event__e`), or what became of which object."""
    header = value_at(event, "payload.ChangeEventHeader") or value_at(event, "data.payload.ChangeEventHeader")
    if isinstance(header, dict):
        return ".".join(
            str(header.get(key)) for key in ("entityName", "changeType") if isinstance(header.get(key), str)
        )
    channel = event.get("channel")
    return channel.rstrip("/").rpartition("/")[2] if isinstance(channel, str) else "platform_event"


def _gitlab_name(event: Object) -> str | None:
    action = value_at(event, "object_attributes.action")
    return f"{event['object_kind']}.{action}" if isinstance(action, str) else str(event["object_kind"])


def _status_name(event: Object) -> str | None:
    """`message.failed`, `call.completed`."""
    for key, what in (("MessageStatus", "message"), ("SmsStatus", "message"), ("CallStatus", "call")):
        if isinstance(event.get(key), str):
            return f"{what}.{event[key]}"
    return None


PRODUCERS: tuple[Envelope, ...] = (
    Envelope(
        "slack",
        ("event", "event_id", "event_time"),
        '{"type":"event_callback","event_id":"Ev1","event_time":1709287200,"team_id":"T1","event":{"type":"app_mention"}}',
        lambda event: isinstance(event["event"], dict) and isinstance(value_at(event, "event.type"), str),
        id=("event_id",), type=("event.type",), action=("event.subtype",), time=("event_time",),
        source=("team_id", "api_app_id"), subject=("event.channel", "event.user"), data=("event",),
    ),
    Envelope(
        "wrapped",
        ("event",),
        '{"event":{"id":"5a","event_type":"incident.triggered","occurred_at":"2024-03-01T10:00:00Z","data":{"id":"P1"}}}',
        lambda event: isinstance(event["event"], dict)
        and isinstance(value_at(event, "event.event_type") or value_at(event, "event.type"), str)
        and isinstance(value_at(event, "event.id"), str),
        id=("event.id",), type=("event.event_type", "event.type"),
        time=("event.occurred_at", "event.created_at", "event.time", "event.timestamp", "event.event_timestamp_ms"),
        source=("source", "api_version"), subject=("event.data.id", "event.resource_id"), data=("event.data", "event"),
    ),
    Envelope(
        "analytics",
        ("type", "messageId"),
        '{"type":"track","event":"Order Completed","messageId":"m1","timestamp":"2024-03-01T10:00Z","properties":{}}',
        lambda event: _is_one_of(event["type"], _ANALYTICS)
        and not event.keys().isdisjoint(("userId", "anonymousId", "event", "properties")),
        id=("messageId",), time=("timestamp", "originalTimestamp", "sentAt", "receivedAt"), naming=_analytics_name,
        data=("properties", "traits"), source=("writeKey", "channel"), subject=("userId", "anonymousId"),
    ),
    Envelope(
        "change",
        (),
        '{"before":null,"after":{"id":1},"source":{"connector":"mysql","name":"shop","table":"orders"},"op":"c","ts_ms":1}',
        _is_change,
        naming=_change_name, identity=_change_id, id=(),
        source=("payload.source.name", "source.name"),
        time=("payload.source.ts_ms", "source.ts_ms", "payload.ts_ms", "ts_ms"),
        data=("payload.after", "payload.before", "after", "before"),
    ),
    Envelope(
        "row-change",
        ("database", "table", "type", "data"),
        '{"database":"shop","table":"orders","type":"insert","ts":1709287200,"xid":2,"data":{"id":1}}',
        lambda event: _is_one_of(event["type"], _CHANGE_WORDS)
        and isinstance(event["table"], str)
        and isinstance(event["data"], dict),
        naming=lambda event: f"{event['table']}.{_CHANGE_WORDS[str(event['type'])]}",
        identity=_row_id,
        id=(), time=("ts", "ts_ms"), source=("database",), data=("data",),
    ),
    Envelope(
        "payment-notification",
        ("NotificationRequestItem",),
        '{"NotificationRequestItem":{"eventCode":"AUTHORISATION","success":"true","pspReference":"7","eventDate":"2024"}}',
        lambda event: isinstance(value_at(event, "NotificationRequestItem.eventCode"), str),
        identity=_adyen_id, id=(), type=("NotificationRequestItem.eventCode",),
        time=("NotificationRequestItem.eventDate",), source=("NotificationRequestItem.merchantAccountCode",),
        subject=("NotificationRequestItem.merchantReference",), data=("NotificationRequestItem",),
    ),
    Envelope(
        "platform-event",
        (),
        '{"schema":"dff","payload":{"CreatedDate":"2024-03-01T10:00:00Z","Order__c":"1"},"event":{"replayId":2}}',
        lambda event: any(
            isinstance(value_at(event, f"{place}event.replayId"), int)
            and isinstance(value_at(event, f"{place}payload"), dict)
            for place in ("", "data.")
        ),
        naming=_channel_name,
        id=("event.EventUuid", "event.replayId", "data.event.EventUuid", "data.event.replayId"),
        time=tuple(f"{place}payload.{key}" for place in ("", "data.")
                   for key in ("CreatedDate", "ChangeEventHeader.commitTimestamp")),
        source=("channel",), data=("payload", "data.payload"),
        subject=("payload.ChangeEventHeader.transactionKey",),
    ),
    Envelope(
        "hook",
        ("object_kind",),
        '{"object_kind":"pipeline","object_attributes":{"id":31,"status":"failed"},"project":{"path_with_namespace":"a/b"}}',
        lambda event: isinstance(event["object_kind"], str) and ("project" in event or "project_id" in event),
        naming=_gitlab_name, id=(), source=("project.path_with_namespace", "project_name", "repository.homepage"),
        time=("object_attributes.finished_at", "object_attributes.updated_at", "object_attributes.created_at",
              "build_finished_at", "build_started_at", "build_created_at"),
        subject=("object_attributes.iid", "object_attributes.id", "build_id", "ref"), data=("object_attributes",),
    ),
    Envelope(
        "issue-tracker",
        ("webhookEvent", "timestamp"),
        '{"timestamp":1709287200000,"webhookEvent":"jira:issue_updated","issue":{"id":"1","key":"SHOP-1"}}',
        id=(), type=("webhookEvent",), time=("timestamp",), subject=("issue.key", "version.id", "sprint.id"),
    ),
    Envelope(
        "mail",
        ("event", "sg_event_id"),
        '{"email":"a@example.com","timestamp":1709287200,"event":"bounce","sg_event_id":"6g","reason":"500 unknown"}',
        id=("sg_event_id",), type=("event",), time=("timestamp",), subject=("sg_message_id",), source=("ip",),
    ),
    Envelope(
        "mail",
        ("event-data",),
        '{"signature":{"token":"a"},"event-data":{"event":"failed","timestamp":1709287200.3,"id":"DA","reason":"bounce"}}',
        lambda event: isinstance(value_at(event, "event-data.event"), str),
        id=("event-data.id",), type=("event-data.event",), time=("event-data.timestamp",), data=("event-data",),
        source=("event-data.envelope.sending-ip",), subject=("event-data.message.headers.message-id",),
    ),
    Envelope(
        "message-status",
        ("AccountSid",),
        '{"MessageSid":"SM1","MessageStatus":"failed","AccountSid":"AC1","ErrorCode":"30003","ApiVersion":"2010-04-01"}',
        lambda event: _status_name(event) is not None,
        naming=_status_name, id=(), time=("Timestamp",), source=("AccountSid",),
        subject=("MessageSid", "SmsSid", "CallSid"),
    ),
    Envelope(
        "sign-in",
        ("log_id",),
        '{"log_id":"90","data":{"date":"2024-03-01T10:00:00Z","type":"fp","description":"Wrong password"}}',
        lambda event: any(
            isinstance(value_at(event, f"{place}type"), str) and isinstance(value_at(event, f"{place}date"), str)
            for place in ("data.", "")
        ),
        id=("log_id",), type=("data.type", "type"), time=("data.date", "date"), data=("data",),
        source=("data.client_name", "client_name"), subject=("data.user_id", "user_id"),
        fails=lambda event: str(value_at(event, "data.type") or event.get("type")).startswith("f"),
    ),
    Envelope(
        "record",
        ("eventSource", "eventName"),
        '{"eventSource":"aws:s3","eventName":"ObjectCreated:Put","eventTime":"2024-03-01T10:00:00Z","s3":{"bucket":{}}}',
        lambda event: isinstance(event["eventSource"], str)
        and event["eventSource"].startswith("aws:")
        and not isinstance(event.get("kinesis"), dict),
        id=("eventID", "responseElements.x-amz-request-id"), type=("eventName",),
        time=("eventTime", "dynamodb.ApproximateCreationDateTime"), source=("eventSourceARN", "eventSource"),
        subject=("s3.object.key",), data=("s3", "dynamodb"),
    ),
)  # fmt: skip
