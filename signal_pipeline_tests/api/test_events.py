"""Sending business events over the API: recorded once, judged, redacted, counted."""

from __future__ import annotations

import json
from typing import Any

import pytest

from signal_pipeline_tests.api.conftest import Client


def cloud(id_: str, type_: str, at: str, **data: Any) -> dict[str, Any]:
    time = f"2024-03-01T{at}Z"
    return {"specversion": "1.0", "id": id_, "source": "/shop/api-test", "type": type_, "time": time, "data": data}


PLACED = cloud("e1", "order.placed", "10:00:00", order_id="A-1", amount=5, currency="EUR")
ODD = cloud("e2", "order.placed", "10:01:00", order_id="A-2", amount="x", currency="EUR")
SENT = cloud("e3", "shipment.sent", "10:02:00", order_id="A-3")


def test_events_are_recorded_once(api: Client) -> None:
    body = b"".join(json.dumps(event).encode() + b"\n" for event in (PLACED, ODD, SENT)) + b'{"a": 1}\n'
    first = api.ask("POST", "/v1/events", body, {"Content-Type": "application/x-ndjson"})
    assert first.status == 202
    told = json.loads(first.body)
    assert (told["accepted"], told["duplicates"], told["violations"], told["rejected"]) == (3, 0, 1, [3])
    assert told["violated"] == [
        {"event_id": "e2", "schema": "order.placed", "version": "1", "field": "/amount", "keyword": "type"}
    ]
    again = json.loads(api.post_json("/v1/events", [PLACED, ODD]).body)
    assert (again["accepted"], again["duplicates"]) == (0, 2)
    found = {item["subject"]: item for item in json.loads(api.get("/v1/signals").body)["items"]}
    assert found["schema order.placed 1: /amount type"]["count"] == 1
    assert found["shipped_unpaid: shipment.sent without payment.captured or order.paid before it"]["severity"] == "high"
    metrics = api.get("/metrics").body.decode()
    assert 'events_total{outcome="violation"}' in metrics
    assert 'signals_total{rule="shipped_unpaid"} 1.0' in metrics


BAD = [
    ("nothing", b""),
    ("text", b"hello"),
    ("no event", b'{"a": 1}'),
    ("torn", b'{"specversion": "1.0", "id'),
    ("deep", b"[" * 9000),
]


@pytest.mark.parametrize(("name", "body"), BAD, ids=[name for name, _ in BAD])
def test_bad_bodies(api: Client, name: str, body: bytes) -> None:
    answer = api.ask("POST", "/v1/events", body, {"Content-Type": "application/json"})
    assert answer.status == 422
    assert json.loads(answer.body)["code"] == "no_events"
