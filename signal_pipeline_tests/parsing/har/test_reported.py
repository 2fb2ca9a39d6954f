"""Each shape in which an answer of status 200 reports a failure, and healthy answers that look like one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from signal_pipeline.parsing.har.error_pages import ERROR_PAGES, page_problem
from signal_pipeline.parsing.har.reported import IN_A_BATCH, REPORTS, reported_problem
from signal_pipeline_tests.parsing.har.samples import entry, har_bytes, read, row


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_each_row_recognises_its_example(report: Any) -> None:
    assert reported_problem(json.loads(report.example)) is not None


@pytest.mark.parametrize("report", IN_A_BATCH, ids=lambda report: report.name)
def test_in_a_list_each_row_recognises_its_example_behind_a_good_answer(report: Any) -> None:
    assert reported_problem([{"id": 1, "result": 1}, json.loads(report.example)]) is not None


@pytest.mark.parametrize("page", ERROR_PAGES, ids=lambda page: page.name)
def test_each_error_page_gives_what_it_shows(page: Any) -> None:
    found = page_problem(page.example)
    assert found.text
    assert (found.exception_class is not None) == (page.exception is not None)


# MIME type, body, what the error says
REPORTED: list[tuple[str, str, str, str]] = [
    ("SOAP", "text/xml", "<s:Envelope><s:Fault><faultstring>no stock</faultstring></s:Fault></s:Envelope>", "no stock"),
    ("S3", "application/xml", "<Error><Code>InternalError</Code><Message>try again</Message></Error>", "try again"),
    ("events", "text/event-stream", 'data: {"a":1}\n\nevent: error\ndata: {"message":"late"}\n\n', "late"),
    ("lines", "application/x-ndjson", '{"a":1}\n{"error":{"message":"late"}}\n', "late"),
    (
        "parts",
        "multipart/mixed",
        '--b\r\n\r\nHTTP/1.1 409 Conflict\r\nA: b\r\n\r\n{"message":"taken"}\r\n--b--',
        "taken",
    ),
    ("PHP", "text/html", "<b>Fatal error</b>:  Uncaught TypeError: no cart in /a.php:3\n", "no cart"),
    ("JSON as a page", "text/html", '{"success": false, "message": "no cart"}', "no cart"),
    ("Prometheus", "application/json", '{"status":"error","errorType":"bad_data","error":"parse it"}', "parse it"),
    ("Slack", "application/json", '{"ok":false,"error":"channel_not_found"}', "channel_not_found"),
    ("bulk", "application/json", '{"errors":true,"items":[{"index":{"error":{"reason":"no field"}}}]}', "no field"),
    ("tRPC", "application/json", '[{"result":{"data":1}},{"error":{"message":"gone","code":-32004}}]', "gone"),
    (
        "result",
        "application/json",
        '{"resultCode":"FAIL","resultMessage":"the session is over"}',
        "the session is over",
    ),
    ("text as data", "application/json", '{"success":false,"data":"the nonce is stale"}', "the nonce is stale"),
    (
        "OGC",
        "text/xml",
        '<o:ExceptionReport xmlns:o="http://www.opengis.net/ows"><o:ExceptionText>no layer</o:ExceptionText>',
        "no layer",
    ),
    (
        "GraphQL in parts",
        "multipart/mixed",
        '---\r\n\r\n{"data":{},"hasNext":true}\r\n---\r\n\r\n{"incremental":[{"errors":[{"message":"late"}]}],"hasNext":false}\r\n',
        "late",
    ),
    ("fault in a text", "text/plain", "Error: cart 7 is closed\n", "cart 7 is closed"),
    ("trace in a text", "text/plain", "shop.CartException: is closed\n\tat shop.Cart.add(Cart.java:7)", "is closed"),
    (
        "search whose shards failed",
        "application/json",
        '{"took":3,"timed_out":false,"_shards":{"total":3,"successful":2,"failed":1,"failures":[{"shard":0,"reason":'
        '{"type":"query_shard_exception","reason":"no field total"}}]},"hits":{"hits":[]}}',
        "no field total",
    ),
    (
        "search whose shards failed for no reason",
        "application/json",
        '{"took":3,"timed_out":false,"_shards":{"total":3,"successful":2,"failed":1,"failures":[]},"hits":{}}',
        "shards failed",
    ),
    (
        "search behind Kibana",
        "application/json",
        '{"id":7,"rawResponse":{"took":3,"timed_out":true,"_shards":{"total":3,"successful":3,"failed":0},"hits":{}}}',
        "search timed out",
    ),
    ("long", "application/json", '{"errors":[{"message":"gone"}],"data":{"a":"' + "x" * 1_500_000 + '"}}', "gone"),
]


@pytest.mark.parametrize(("mime", "body", "text"), [case[1:] for case in REPORTED], ids=[case[0] for case in REPORTED])
def test_failures_under_a_status_of_success(mime: str, body: str, text: str) -> None:
    found = row(har_bytes(entry(mime=mime, body=body)))
    assert text in found["error_text"]
    assert "reported_in_body" in found["flags"]


HEALTHY: list[Any] = [
    *({"error": None, "data": 1}, {"errors": []}, {"success": True}, {"code": 0, "msg": "success"}, {"error": False}),
    *({"code": 200, "message": "OK"}, {"ok": True, "error": ""}, {"errcode": 0, "errmsg": "ok"}, {"status": "active"}),
    {"total": 2, "page": 1, "errors": [{"message": "boom", "lastSeen": "2024-01-01", "count": 3}]},
    {"id": 7, "name": "nightly", "status": "failed", "error": "disk full"},
    [{"id": 7, "name": "nightly", "state": "failed", "error": "disk full"}],
    {"items": [{"error": "x"}], "next": 3},
    {"took": 3, "timed_out": False, "_shards": {"total": 3, "successful": 3, "failed": 0}, "hits": {"hits": []}},
    {"countries": [{"code": "DE", "name": "Germany"}]},
]


@pytest.mark.parametrize("body", HEALTHY, ids=lambda body: json.dumps(body)[:40])
def test_healthy_answers_report_nothing(body: Any) -> None:
    found = row(har_bytes(entry(body=json.dumps(body))))
    assert (found["error_text"], found["flags"]) == (None, None)


def test_texts_of_an_application_report_nothing() -> None:
    texts = json.dumps({"error": "Something went wrong", "message": "Hello"})
    urls = ("https://a.example/locales/en.json", "https://a.example/assets/i18n/de", "https://a.example/languages/7")
    assert [row(har_bytes(entry(url, body=texts)))["error_text"] is None for url in urls] == [True, True, False]


# Where a redirect leads, and what it says of a refusal.
REDIRECTS = [
    ("https://a.example/cb?error=access_denied&error_description=User+said+no", "access_denied: User said no"),
    ("https://a.example/cb#error=invalid_scope&state=s", "invalid_scope"),
    ("https://a.example/cb?error=AADSTS50105&error_description=Not+assigned", "AADSTS50105: Not assigned"),
    ("https://a.example/cb?error=login_required&error_description=none", None),
    ("https://a.example/cb?error=1", None),
    ("https://a.example/cb?code=c&state=s", None),
]


@pytest.mark.parametrize(("target", "text"), REDIRECTS, ids=[case[0].partition("/cb")[2] for case in REDIRECTS])
def test_refusals_in_redirects(target: str, text: str | None) -> None:
    one = entry("https://id.example/authorize", 302, body="")
    one["response"]["redirectURL"] = target
    found = row(har_bytes(one))
    assert (found["error_text"], "reported_in_body" in (found["flags"] or "")) == (text, text is not None)


def test_texts_that_are_no_fault_report_nothing() -> None:
    texts = ("Error handling\n==============\n\nA chapter.", "ok", "0 errors", "Error: is what a log says\nand goes on")
    found = [row(har_bytes(entry(mime="text/plain", body=text)))["error_text"] for text in texts]
    assert found == [None] * len(texts)


def test_grpc_status_in_a_header() -> None:
    one = entry(mime="application/grpc-web+proto", body="")
    one["response"]["headers"] = [{"name": "grpc-status", "value": "5"}, {"name": "grpc-message", "value": "no%20cart"}]
    assert row(har_bytes(one))["error_text"] == "NOT_FOUND: no cart"


# The messages of a socket, and what they report.
SOCKETS = [
    ("close code", {"opcode": 8, "data": "\x03\xf3"}, "closed with code 1011 internal error"),
    ("close code in base64", {"opcode": 8, "data": "A+4="}, "closed with code 1006 abnormal closure"),
    ("code and reason in base64", {"opcode": 8, "data": "A/Bubw=="}, "closed with code 1008 no"),
    ("ordinary close", {"opcode": 8, "data": "\x03\xe8"}, None),
    ("ordinary close in base64", {"opcode": 8, "data": "A+gtYnll"}, None),
    (
        "the browser's own error",
        {"type": "error", "opcode": -1, "data": "Invalid frame header"},
        "Invalid frame header",
    ),
    ("Socket.IO refuses", {"opcode": 1, "data": '44{"message":"who are you"}'}, "who are you"),
    ("graphql-ws", {"opcode": 1, "data": '{"type":"connection_error","payload":{"message":"bad token"}}'}, "bad token"),
]


@pytest.mark.parametrize(("message", "text"), [case[1:] for case in SOCKETS], ids=[case[0] for case in SOCKETS])
def test_messages_of_sockets(message: Any, text: str | None) -> None:
    one = entry("wss://a.example/ws", 101, _webSocketMessages=[{"type": "receive", "time": 1, **message}])
    assert row(har_bytes(one))["error_text"] == text


# What came as a page although something else was asked for: URL, Accept, the browser's word, and what is noted.
PAGES = [
    ("script", "https://a.example/app.js", "*/*", None, "a script or stylesheet"),
    ("script by its resource", "https://a.example/app", "*/*", "script", "a script or stylesheet"),
    ("page in a frame", "https://a.example/arbiter.js", "text/html,*/*;q=0.8", None, None),
    ("JSON", "https://a.example/api/cart", "application/json", "xhr", "JSON"),
    ("anything", "https://a.example/part", "application/json, text/javascript, */*; q=0.01", "xhr", None),
]


@pytest.mark.parametrize("case", PAGES, ids=lambda case: case[0])
def test_pages_in_place_of_something_else(case: Any) -> None:
    _, url, accepts, resource, wanted = case
    one = entry(url, mime="text/html", body="<title>Login</title>", **({"_resourceType": resource} if resource else {}))
    one["request"]["headers"] = [{"name": "Accept", "value": accepts}]
    assert row(har_bytes(one))["error_text"] == (f"an HTML page in place of {wanted}" if wanted else None)


def test_problem_details_under_a_status_of_success() -> None:
    body = json.dumps({"type": "about:blank", "title": "Out of stock", "status": 409, "detail": "SKU gone"})
    assert "SKU gone" in (row(har_bytes(entry(mime="application/problem+json", body=body)))["error_text"] or "")


def test_a_failure_without_its_body_gets_that_of_its_repeats() -> None:
    def texts(*entries: Any) -> list[str | None]:
        return read(har_bytes(*entries))[0]["error_text"].to_list()

    named, bare = '{"message":"no cart 17"}', '{"message":"boom"}'
    assert texts(entry("https://a.example/c/17", 500, body=bare), entry("https://a.example/c/18", 500)) == ["boom"] * 2
    assert texts(entry("https://a.example/c/17", 500, body=named), entry("https://a.example/c/18", 500))[1] is None
    assert texts(entry("https://a.example/c/17", 500, body=named), entry("https://a.example/c/17", 500))[1]
    assert texts(entry("https://a.example/v1/c", 500, body=bare), entry("https://a.example/v2/c", 500))[1] is None


def test_what_neighbours_tell() -> None:
    refused = entry("https://a.example/me", 401)
    preflight = entry("https://b.example/x", 403, _resourceType="preflight")
    preflight["request"]["method"] = "OPTIONS"
    stopped = entry("https://b.example/x", 0, _error="net::ERR_FAILED")
    slow = entry("https://a.example/heavy", time=30_000, timings={"wait": 29_000})
    frame, _ = read(har_bytes(refused, entry("https://a.example/me"), preflight, stopped, slow, entry("data:a,b", 0)))
    flags = frame["flags"].to_list()
    assert flags == ["renewed", None, "cors", "cors_stopped", "slow", "no_request"]
    assert frame["error_text"][2] == "CORS: the preflight was refused with HTTP 403"
    assert frame["error_text"][4] == "slow: 30.0 s (wait)"


def test_refusals_that_a_client_answers_by_itself() -> None:
    unknown = entry("https://a.example/graphql?q=1", body='{"errors":[{"message":"PersistedQueryNotFound"}]}')
    whole = entry("https://a.example/graphql", body='{"data":{}}')
    whole["request"]["method"] = "POST"
    misdirected, again = entry("https://b.example/x", 421), entry("https://b.example/x")
    flags = read(har_bytes(unknown, whole, misdirected, again))[0]["flags"].to_list()
    assert flags == ["reported_in_body,handshake", None, "renewed", None]
    assert read(har_bytes(unknown, misdirected))[0]["flags"].to_list() == ["reported_in_body", None]
