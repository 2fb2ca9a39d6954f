"""Sending business events over the API: recorded once, judged, redacted, counted."""

from __future__ import annotations

import gzip
import json
import re
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from signal_pipeline.parsing.events.checks import event_checks
from signal_pipeline_tests.api.conftest import Client
from signal_pipeline_tests.api.test_reports import pages


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


def test_binary_mode_and_webhooks_with_their_headers(api: Client) -> None:
    headers = {"ce-specversion": "1.0", "ce-id": "b1", "ce-source": "/shop/binary", "ce-type": "order.placed",
               "ce-time": "2024-03-01T10:00:00Z", "Content-Type": "application/json"}  # fmt: skip
    body = json.dumps({"order_id": "B-1", "amount": "x", "currency": "EUR"}).encode()
    first, again = (json.loads(api.ask("POST", "/v1/events", body, headers).body) for _ in range(2))
    assert (first["accepted"], again["duplicates"]) == (1, 1)
    assert [(one["event_id"], one["field"]) for one in first["violated"]] == [("b1", "/amount")]
    passed_on = {"X-Event-Type": "shipment.sent", "X-Event-Id": "b2", "X-Event-Source": "/shop/binary"}
    order = b'{"order_id": "B-2", "created_at": "2024-03-01T10:00:00Z"}'
    assert json.loads(api.ask("POST", "/v1/events", order, passed_on).body)["accepted"] == 1
    found = {
        one["event_id"]: one
        for one in api.get("/v1/signals/list?source=/shop/binary&rule=shipped_unpaid").json["items"]
    }
    assert found["b2"]["entity"] == "B-2"
    batch = json.dumps([PLACED | {"id": "b3"}, PLACED | {"id": "b4"}]).encode()
    kind = {"Content-Type": "application/cloudevents-batch+json"}
    assert json.loads(api.ask("POST", "/v1/events", batch, kind).body)["accepted"] == 2
    assert api.ask("POST", "/v1/events", b"", headers).status == 422


def test_rules_that_cannot_be_used(api: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The producer keeps its events and sends them again."""
    (tmp_path / "rules.toml").write_text("nonsense = 1")
    monkeypatch.setattr(
        "signal_pipeline.api.routes.events.checks_of", lambda _: event_checks(rules=str(tmp_path / "rules.toml"))
    )
    answer = api.ask("POST", "/v1/events", json.dumps(PLACED).encode(), {"Content-Type": "application/json"})
    assert (answer.status, answer.json["code"]) == (503, "checks_invalid")


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


def many(count: int, source: str) -> list[dict[str, Any]]:
    events = [cloud(f"m{n}", "order.placed", f"11:{n:02d}:00", order_id=f"M-{n}", amount="x") for n in range(count)]
    return [{**event, "source": source} for event in events]


def test_signals_one_by_one_and_by_what_is_asked_for(api: Client) -> None:
    source = "/shop/listed <b>"
    api.post_json("/v1/events", many(5, source))
    where = f"source={quote(source)}"
    found = pages(api, "/v1/signals/list", source=quote(source), limit=3)
    assert len(found) == len({(one["rule"], one["subject"], one["event_id"]) for one in found}) == 20
    assert [one["at"] for one in found] == sorted((one["at"] for one in found), reverse=True)
    assert {one["rule"] for one in found} == {"schema", "order_not_paid", "order_stalled"}
    assert {one["report_id"] for one in found} == {None}
    asked = [
        ("rule=order_not_paid", 5),
        ("entity=M-3", 2),
        ("q=currency+required", 5),
        ("q=order.placed", 20),
        ("since=2024-03-02", 5),
        ("until=2024-03-01T11:02:00Z", 4),
        ("until=2024-03-01T11:02:00Z&q=currency&rule=", 2),
    ]
    for more, count in asked:
        assert len(api.get(f"/v1/signals/list?{where}&{more}&limit=200").json["items"]) == count, more
        groups = api.get(f"/v1/signals?{where}&{more}").json["items"]
        assert sum(one["count"] for one in groups) == count, more
    assert api.get("/v1/signals/list?since=yesterday").status == 422
    assert api.get("/v1/signals/list?cursor=forged").status == 422


def test_the_page_of_signals(api: Client, sample_report_id: Any) -> None:
    assert b'href="/signals"' in api.get("/").body
    text = api.get("/signals?rule=order_placed_twice").body.decode()
    assert "order_placed_twice: order.placed again within 10m" in text
    assert f'href="/reports/{sample_report_id}"' in text, "the events of the sample report"
    search = re.findall(r'href="(/problems\?q=[^"]+)"', text)[0].replace("&amp;", "&")
    assert b"order_placed_twice" in api.get(search).body.partition(b"<h2>Found</h2>")[2].partition(b"<h2>All")[0]
    source = "/shop/hostile <script>"
    api.post_json("/v1/events", many(3, source))
    hostile = api.get(f"/signals?source={quote(source)}&entity=&since=").body.decode()
    assert "<script>" not in hostile and "/shop/hostile &lt;script&gt;" in hostile and "sent alone" in hostile
    assert b"Nothing matches" in api.get("/signals?q=nothingofthekind").body


def test_older_signals_are_on_further_pages(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signal_pipeline.api.routes.signals.SIGNALS_ON_A_PAGE", 2)
    api.post_json("/v1/events", many(2, "/shop/paged"))
    first = api.get("/signals?source=/shop/paged").body.decode()
    older = unescape(re.findall(r'<a href="([^"]+)" rel="next">', first)[0])
    second = api.get(older).body.decode()
    assert first.count('class="id"') == second.count('class="id"') == 2 and first != second


SENT_IN_GZIP = [cloud(f"z{number}", "sample.packed", "10:00:00") for number in range(2)]
# Header, what is sent of the packed body, answer, its code or how many events were taken.
PACKED: list[tuple[dict[str, str], slice, int, Any]] = [
    ({"Content-Encoding": "gzip"}, slice(None), 202, 2),
    ({"Content-Type": "application/gzip"}, slice(None), 202, 2),
    ({"Content-Encoding": "gzip"}, slice(0, -12), 422, "bad_gzip"),
    ({"Content-Encoding": "br"}, slice(None), 415, "content_encoding"),
]


@pytest.mark.parametrize(("headers", "sent", "status", "told"), PACKED)
def test_a_body_in_gzip(api: Client, headers: dict[str, str], sent: slice, status: int, told: Any) -> None:
    answer = api.ask("POST", "/v1/events", gzip.compress(json.dumps(SENT_IN_GZIP).encode())[sent], headers)
    found = answer.json
    assert (answer.status, found.get("code") or found["accepted"] + found["duplicates"]) == (status, told)


@pytest.mark.parametrize(("megabytes", "status"), [(7, 202), (9, 413)])
@pytest.mark.parametrize("is_packed", [False, True])
def test_up_to_eight_mebibytes_of_events(api: Client, megabytes: int, status: int, *, is_packed: bool) -> None:
    """The limit of other JSON, 1 MiB, was in force."""
    padded = [cloud(f"p{number}", "sample.padded", "10:00:00", pad="x" * 2**20) for number in range(megabytes)]
    body = json.dumps(padded).encode()
    answer = api.ask("POST", "/v1/events", gzip.compress(body, 1) if is_packed else body)
    assert answer.status == status
