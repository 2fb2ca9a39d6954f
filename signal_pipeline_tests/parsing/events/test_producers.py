"""Events as well-known producers, brokers and queues send them: name, id, time, source, subject, and what failed."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest

from signal_pipeline.parsing.events.checked import events_in
from signal_pipeline.parsing.events.envelopes import envelope_of
from signal_pipeline.parsing.events.failure import failure_of
from signal_pipeline.parsing.events.headers import kept_headers
from signal_pipeline.parsing.events.kind import EVENTS
from signal_pipeline.parsing.events.reading import EventReader

Facts = tuple[str, str | None, str | None, str | None]
"""Name, id, time up to the second, source."""
TOPIC = "arn:aws:sns:us-west-2:1:orders"


def packed(value: Any) -> str:
    return base64.b64encode(json.dumps(value).encode()).decode()


CASES: list[tuple[str, Any, Facts]] = [
    ("a charge", {"id": "evt_1", "object": "event", "created": 1709287200, "type": "charge.failed",
                  "data": {"object": {"id": "ch_1", "failure_code": "card_declined"}}},
     ("charge.failed", "evt_1", "2024-03-01T10:00:00", None)),
    ("a chat", {"team_id": "T1", "type": "event_callback", "event_id": "Ev1", "event_time": 1709287200,
                "event": {"type": "message", "subtype": "bot_message", "ts": "1709287200.000005"}},
     ("message.bot_message", "Ev1", "2024-03-01T10:00:00", "T1")),
    ("a status of a text message", {"MessageSid": "SM1", "MessageStatus": "undelivered", "AccountSid": "AC1"},
     ("message.undelivered", None, None, "AC1")),
    ("mail, flat", {"email": "a@b.example", "timestamp": 1709287200, "event": "bounce", "sg_event_id": "6g4"},
     ("bounce", "6g4", "2024-03-01T10:00:00", None)),
    ("mail, nested", {"signature": {}, "event-data": {"event": "failed", "timestamp": 1709287200.3, "id": "DA"}},
     ("failed", "DA", "2024-03-01T10:00:00", None)),
    ("tracked", {"type": "track", "event": "Order Completed", "userId": "u", "messageId": "m1",
                 "timestamp": "2024-03-01T10:00:00Z", "properties": {"orderId": "A-1"}, "context": {}},
     ("Order Completed", "m1", "2024-03-01T10:00:00", None)),
    ("a page", {"type": "page", "name": "Home", "anonymousId": "a", "messageId": "m2",
                "timestamp": "2024-03-01T10:00:00Z", "properties": {}},
     ("page", "m2", "2024-03-01T10:00:00", None)),
    ("a change with its schema",
     {"schema": {}, "payload": {"before": None, "after": {"id": 1}, "op": "c", "ts_ms": 1709287201000,
      "source": {"name": "shop", "db": "s", "table": "orders", "lsn": 240, "ts_ms": 1709287200000}}},
     ("orders.created", "s:240", "2024-03-01T10:00:00", "shop")),
    ("a change", {"before": {"id": 1}, "after": None, "op": "d", "ts_ms": 1709287200000,
                  "source": {"name": "shop", "db": "s", "table": "orders", "file": "bin.3", "pos": 154, "row": 0}},
     ("orders.deleted", "s:bin.3:154:0", "2024-03-01T10:00:00", "shop")),
    ("a row", {"database": "shop", "table": "orders", "type": "update", "ts": 1709287200, "xid": 7, "data": {"id": 1}},
     ("orders.updated", "7", "2024-03-01T10:00:00", "shop")),
    ("an outbox", {"id": "e1", "aggregatetype": "Order", "aggregateid": "17", "type": "OrderCreated",
                   "payload": '{"orderId":17}', "timestamp": 1709287200000},
     ("OrderCreated", "e1", "2024-03-01T10:00:00", None)),
    ("a topic", {"Type": "Notification", "MessageId": "22", "TopicArn": TOPIC, "Timestamp": "2024-03-01T10:00:00.5Z",
                 "Message": '{"order_id":"A-1","event":"order.placed"}'},
     ("order.placed", "22", "2024-03-01T10:00:00", TOPIC)),
    ("a topic with words", {"Type": "Notification", "MessageId": "22", "TopicArn": TOPIC, "Message": "Hello",
                            "Timestamp": "2024-03-01T10:00:00Z"},
     ("orders", "22", "2024-03-01T10:00:00", TOPIC)),
    ("a topic in records", {"Records": [{"EventSource": "aws:sns", "Sns": {"MessageId": "9", "TopicArn": TOPIC,
                            "Message": "Hello", "Timestamp": "2024-03-01T10:00:00Z"}}]},
     ("orders", "9", "2024-03-01T10:00:00", TOPIC)),
    ("an event on a topic in a queue",
     {"Records": [{"messageId": "05", "eventSource": "aws:sqs", "attributes": {"SentTimestamp": "1709287209000"},
                   "body": json.dumps({"Type": "Notification", "MessageId": "22", "TopicArn": TOPIC, "Message": json.dumps(
                       {"specversion": "1.0", "id": "e9", "source": "/shop", "type": "order.placed",
                        "time": "2024-03-01T10:00:00Z", "data": {"order_id": "A-1"}})})}]},
     ("order.placed", "e9", "2024-03-01T10:00:00", "/shop")),
    ("an object that was put",
     {"Records": [{"eventVersion": "2.1", "eventSource": "aws:s3", "eventTime": "2024-03-01T10:00:00.000Z",
                   "eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": "b"}, "object": {"key": "k"}}}]},
     ("ObjectCreated:Put", None, "2024-03-01T10:00:00", "aws:s3")),
    ("a stream", {"kinesis": {"data": packed({"type": "order.placed"}), "approximateArrivalTimestamp": 1709287200.5},
                  "eventSource": "aws:kinesis", "eventID": "shard:49", "eventName": "aws:kinesis:record",
                  "eventSourceARN": "arn:aws:kinesis:us-east-1:1:stream/orders"},
     ("order.placed", "shard:49", "2024-03-01T10:00:00", "arn:aws:kinesis:us-east-1:1:stream/orders")),
    ("a push", {"message": {"attributes": {"eventType": "order.placed"}, "data": packed({"order_id": "A-1"}),
                            "messageId": "20", "publishTime": "2024-03-01T10:00:00.7Z"},
                "subscription": "projects/p/subscriptions/orders"},
     ("order.placed", "20", "2024-03-01T10:00:00", "projects/p/subscriptions/orders")),
    ("a record of Kafka", {"topic": "orders", "partition": 0, "offset": 17, "timestamp": 1709287200000, "key": "A-1",
                           "value": {"order_id": "A-1"}, "headers": []},
     ("orders", "orders:0:17", "2024-03-01T10:00:00", "orders")),
    ("headers of Kafka", {"topic": "orders", "partition": 0, "offset": 17, "ts": 1, "payload": '{"order_id":"A-1"}',
                          "headers": ["ce_type", "order.placed", "ce_id", "9", "ce_source", "/s", "ce_time",
                                      "2024-03-01T10:00:00Z"]},
     ("order.placed", "9", "2024-03-01T10:00:00", "/s")),
    ("a bus", {"version": "0", "id": "6a", "detail-type": "Order Placed", "source": "shop", "detail": {},
               "time": "2024-03-01T10:00:00Z"},
     ("Order Placed", "6a", "2024-03-01T10:00:00", "shop")),
    ("a grid", [{"topic": "/t", "subject": "/b", "eventType": "Microsoft.Storage.BlobCreated", "id": "83", "data": {},
                 "eventTime": "2024-03-01T10:00:00.95Z", "dataVersion": ""}],
     ("Microsoft.Storage.BlobCreated", "83", "2024-03-01T10:00:00", "/t")),
    ("a platform", {"channel": "/event/Order_Event__e", "data": {"schema": "d", "event": {"replayId": 2},
                    "payload": {"CreatedDate": "2024-03-01T10:00:00.517Z", "Order__c": "17"}}},
     ("Order_Event__e", "2", "2024-03-01T10:00:00", "/event/Order_Event__e")),
    ("a change of an object", {"schema": "d", "event": {"replayId": 6}, "payload": {"ChangeEventHeader": {
        "entityName": "Account", "changeType": "UPDATE", "commitTimestamp": 1709287200000}}},
     ("Account.UPDATE", "6", "2024-03-01T10:00:00", None)),
    ("notifications below scalars", {"live": "false", "notificationItems": [{"NotificationRequestItem": {
        "eventCode": "AUTHORISATION", "success": "false", "reason": "Refused", "eventDate": "2024-03-01T11:00:00+01:00",
        "merchantAccountCode": "M", "pspReference": "79", "merchantReference": "A-1"}}]},
     ("AUTHORISATION", "79:AUTHORISATION:false", "2024-03-01T10:00:00", "M")),
    ("a resource", {"id": "WH-5", "create_time": "2024-03-01T10:00:00.000Z", "event_type": "PAYMENT.CAPTURE.DENIED",
                    "resource": {"id": "7NW", "status": "DECLINED"}, "summary": "denied"},
     ("PAYMENT.CAPTURE.DENIED", "WH-5", "2024-03-01T10:00:00", None)),
    ("a pipeline", {"object_kind": "pipeline", "object_attributes": {"id": 31, "status": "failed",
                    "finished_at": "2024-03-01 10:00:00 UTC"}, "project": {"path_with_namespace": "g/t"}},
     ("pipeline", None, "2024-03-01T10:00:00", "g/t")),
    ("an issue", {"timestamp": 1709287200000, "webhookEvent": "jira:issue_updated", "issue": {"key": "SHOP-1"}},
     ("jira:issue_updated", None, "2024-03-01T10:00:00", None)),
    ("an alert", {"event": {"id": "5a", "event_type": "incident.triggered", "occurred_at": "2024-03-01T10:00:00.1Z",
                            "data": {"id": "P1", "status": "triggered"}}},
     ("incident.triggered", "5a", "2024-03-01T10:00:00", None)),
    ("a sign-in", {"log_id": "90", "data": {"date": "2024-03-01T10:00:00.193Z", "type": "fp",
                                            "description": "Wrong password"}},
     ("fp", "90", "2024-03-01T10:00:00", None)),
    ("an action", {"action": "payment.failed", "body": {"id": "pay_1", "final_amount": 0}},
     ("payment.failed", None, None, None)),
    ("a scope", {"scope": "store/order/updated", "store_id": "1", "producer": "stores/a", "created_at": 1709287200,
                 "data": {"type": "order", "id": 250}},
     ("store/order/updated", None, "2024-03-01T10:00:00", "stores/a")),
    ("what happened at a time", {"type": "workflow-completed", "id": "3a", "happened_at": "2024-03-01T10:00:00.4Z",
                                 "workflow": {"id": "w", "status": "failed"}},
     ("workflow-completed", "3a", "2024-03-01T10:00:00", None)),
    ("a delivery", {"headers": {"X-Shopify-Topic": "orders/create", "X-Shopify-Webhook-Id": "b5",
                                "X-Shopify-Shop-Domain": "a.example"}, "body": {"id": 8, "created_at": "2024-03-01T10:00Z"}},
     ("orders/create", "b5", "2024-03-01T10:00:00", "a.example")),
    ("a delivery with a text", {"headers": {"x-wc-webhook-topic": ["order.updated"], "x-wc-webhook-delivery-id": ["d1"]},
                                "body": '{"id":727,"date_created":"2024-03-01T10:00:00Z"}'},
     ("order.updated", "d1", "2024-03-01T10:00:00", None)),
    ("binary mode", {"headers": {"ce-specversion": "1.0", "ce-type": "order.placed", "ce-id": "9", "ce-source": "/caf%C3%A9",
                                 "ce-time": "2024-03-01T10:00:00Z"}, "body": {"order_id": "A-1"}},
     ("order.placed", "9", "2024-03-01T10:00:00", "/café")),
    ("data in base64", {"specversion": "1.0", "id": "1", "source": "/s", "type": "order.failed",
                        "time": "2024-03-01T10:00:00Z", "data_base64": packed({"error_code": "E1"})},
     ("order.failed", "1", "2024-03-01T10:00:00", "/s")),
]  # fmt: skip
FAILURES = {
    "a charge": ("card_declined", None),
    "a status of a text message": (None, None),
    "mail, flat": (None, None),
    "mail, nested": (None, None),
    "notifications below scalars": (None, "Refused"),
    "a resource": (None, "denied"),
    "an action": (None, None),
    "a pipeline": (None, None),
    "a sign-in": (None, "Wrong password"),
    "data in base64": ("E1", None),
}
NO_EVENTS: list[tuple[str, Any]] = [
    ("a log line on a topic", {"Type": "Notification", "MessageId": "2", "TopicArn": TOPIC,
                               "Message": '{"level":"error","msg":"x"}'}),
    ("a log entry that is pushed", {"message": {"data": packed({"severity": "ERROR", "textPayload": "x"}),
                                                "messageId": "2"}, "subscription": "projects/p/subscriptions/logs"}),
    ("a log line of Kafka", {"topic": "logs", "partition": 0, "offset": 1, "value": "2024-03-01 10:00:00 ERROR x"}),
    ("a log record of Kafka", {"topic": "logs", "partition": 0, "offset": 1, "value": {"level": "info", "msg": "x"}}),
    ("an audit trail", {"eventSource": "s3.amazonaws.com", "eventName": "GetObject", "eventVersion": "1.08",
                        "eventTime": "2024-03-01T10:00:00Z", "eventID": "1"}),
    ("a row of a table", {"database": "shop", "table": "orders", "type": "InnoDB", "data": {}}),
    ("a build's own word", {"object_kind": "x"}),
    ("an order", {"id": 820982911946154508, "created_at": "2024-03-01T10:00:00Z", "line_items": [{"id": 1}]}),
]  # fmt: skip


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """As a body or a file brings them."""
    for found in events_in(json.dumps(value).encode()):
        assert found is not None
        yield found


@pytest.mark.parametrize(("name", "value", "expected"), CASES, ids=[name for name, *_ in CASES])
def test_events(name: str, value: Any, expected: Facts) -> None:
    (whole,) = objects(value)
    assert envelope_of(whole) is not None
    event = EventReader().event(whole)
    at = None if event.at is None else event.at.isoformat()[:19]
    assert (event.name, event.id, at, event.source) == expected
    failure = failure_of(event)
    assert (None if failure is None else (failure.code, failure.text)) == FAILURES.get(name)
    assert EVENTS.claims(json.dumps(value).encode())
    assert EVENTS.claims(json.dumps(value, indent=2).encode())


@pytest.mark.parametrize(("name", "value"), NO_EVENTS, ids=[name for name, _ in NO_EVENTS])
def test_no_events(name: str, value: Any) -> None:
    assert envelope_of(value) is None, name
    assert not EVENTS.claims(json.dumps(value).encode())


def test_what_is_nested_without_end_is_read_as_far_as_it_says_something() -> None:
    message: Any = {"order_id": "A-1"}
    for _ in range(30):
        message = {
            "Type": "Notification",
            "MessageId": "1",
            "TopicArn": TOPIC,
            "Message": json.dumps(message)[:900_000],
        }
        if len(json.dumps(message)) > 900_000:
            break
    assert EventReader().event(message).name == "orders"


def test_headers_that_are_kept() -> None:
    given = [("Authorization", "Bearer x"), ("Cookie", "a"), ("CE-Type", "order.placed"), ("ce-id", "1")]
    assert kept_headers(given) == {"ce-type": "order.placed", "ce-id": "1"}
    assert kept_headers([("X-Request-Id", "1"), ("ce-id", "1")]) == {}
