"""What is between a header and its message: logger names and request ids. And consoles of browsers."""

from __future__ import annotations

from datetime import time

import pytest

from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline_tests.parsing.logs.reading import read, records

HEADER = "2026-01-02T03:04:05.678Z ERROR "
NAMED_HEADER = "2026-01-02 03:04:05,678 - shop.cart - ERROR - "
TRACE = "9cc84ac03f37b427cd3207921ba05745"
SPAN = "97b6fd8dd0d033fb"
UUID = "38101a0b-2096-447d-96ea-a692162415ae"

LEADS = [
    (f"shop.cart [trace_id={TRACE} request_id=req-1f] Cannot pay", "shop.cart", TRACE, "Cannot pay"),
    ("shop.cart [trace_id=- request_id=req-cf24d5] Cannot pay", "shop.cart", "req-cf24d5", "Cannot pay"),
    ("shop.cart [trace_id=- request_id=-] Cannot pay", "shop.cart", None, "Cannot pay"),
    (f"[traceId={TRACE}, spanId={SPAN}] cannot pay", None, TRACE, "cannot pay"),
    (f"(request_id: {UUID}) cannot pay", None, UUID, "cannot pay"),
    (f"{{correlationId={UUID}; user_id=17}} cannot pay", None, UUID, "cannot pay"),
    (f"[shop,{TRACE},{SPAN}] cannot pay", None, TRACE, "cannot pay"),
    (f"[{TRACE},{SPAN}] cannot pay", None, TRACE, "cannot pay"),
    ("[shop,,] cannot pay", None, None, "cannot pay"),
    (f"[{UUID}] cannot pay", None, UUID, "cannot pay"),
    (f"req_id={SPAN} cannot pay", None, SPAN, "cannot pay"),
    (f"[req_id={SPAN}] shop.cart: cannot pay", "shop.cart", SPAN, "cannot pay"),
    (f"root [dd.trace_id={SPAN} dd.span_id=1] cannot pay", "root", SPAN, "cannot pay"),
    (f"[traceparent=00-{TRACE}-{SPAN}-01] cannot pay", None, TRACE, "cannot pay"),
]


@pytest.mark.parametrize(("rest", "component", "trace_id", "message"), LEADS, ids=[row[0][:40] for row in LEADS])
def test_context_leaves_the_message(rest, component, trace_id, message):
    (record,) = records(HEADER + rest)
    assert (record["component"], record["trace_id"], record["message"]) == (component, trace_id, message)


REQUEST_IDS = [
    (HEADER + f"shop.cart [trace_id={TRACE} request_id=req-1f22aa] Cannot pay", "req-1f22aa"),
    (HEADER + f"[traceId={TRACE}, spanId={SPAN}] cannot pay", None),
    (f'{{"level":"error","message":"cannot pay","trace_id":"{TRACE}","request_id":"{UUID}"}}', UUID),
    (f"time=2026-01-02T03:04:05Z level=error msg=no trace_id={TRACE} request_id={SPAN}", SPAN),
]


@pytest.mark.parametrize(("line", "request_id"), REQUEST_IDS)
def test_the_request_id_is_kept_beside_the_trace_id(line, request_id):
    (record,) = records(line)
    assert (record["trace_id"], record["request_id"]) == (TRACE, request_id)


def test_a_time_without_a_date_is_kept_as_time_of_day():
    first, second = records("08:24:41.140 catalog.js:40 Uncaught TypeError: x\n" + HEADER + "a.b x")
    assert (first["timestamp"], first["clock_time"]) == (None, time(8, 24, 41, 140_000))
    assert second["timestamp"] is not None and second["clock_time"] is None


STAYS = [
    f"Request [request_id={SPAN}] failed",
    f"[code=17 request_id={SPAN}] cannot pay",
    "[a=1 b=2] cannot pay",
    "[1, 2, 3] is no cart",
    "{'id': 5} cannot pay",
    "[cart] cannot pay",
    "fetch(url=/a) failed",
    f"[trace_id={SPAN}]",
]


@pytest.mark.parametrize("message", STAYS)
def test_other_brackets_stay(message):
    assert records(NAMED_HEADER + message)[0]["message"] == message


def test_a_trace_id_in_prose_is_found_and_the_text_stays():
    (record,) = records(f"{HEADER}Payment failed (trace {TRACE}): refused")
    assert record["trace_id"] == TRACE
    assert record["message"] == f"Payment failed (trace {TRACE}): refused"


JSON_IDS = [
    (f'"trace_id":"{TRACE}"', TRACE),
    (f'"traceparent":"00-{TRACE}-{SPAN}-01"', TRACE),
    (f'"req":{{"id":"{UUID}"}}', UUID),
    (f'"span_id":"{SPAN}"', SPAN),
]


@pytest.mark.parametrize(("field", "trace_id"), JSON_IDS)
def test_ids_survive_redaction_in_json(field, trace_id):
    line = f'{{"level":"error","message":"cannot pay",{field}}}'
    assert read(line.encode(), redactor=Redactor(b"k" * 32))[0]["trace_id"].to_list() == [trace_id]


def test_ids_survive_redaction_in_text_and_nothing_else_does():
    secret = "ghp_" + "aB3dE5fG7hI9" * 3
    text = f"{HEADER}a.b [trace_id={TRACE}] x\n{HEADER}a.b [trace_id={secret}] x"
    found = read(text.encode(), redactor=Redactor(b"k" * 32))[0]
    assert found["trace_id"][0] == TRACE
    assert secret not in found["trace_id"][1]


CONSOLE = f"""08:24:37.593 hit.gif:1 Failed to load resource: net::ERR_NAME_NOT_RESOLVED
08:24:37.981 account.js:12 Logged in as ada
08:24:41.140 catalog.js:40 Uncaught (in promise) TypeError: Cannot read properties of null (reading 'amount')
    at formatPrice (catalog.js:40:27)
    at openProduct (catalog.js:35:79)
formatPrice @ catalog.js:40
(anonymous) @ VM12 setup.js:35
08:24:41.671 product-0005.png:1 Failed to load resource: the server responded with a status of 404 (Not Found)
08:24:43.930 api.js:34 GET https://shop.example/api/search?q=lamp 504 (Gateway Timeout)
send @ api.js:34
setTimeout (async)
get @ (index):40
08:24:44.743 (index):60 No suggestions: TimeoutError: signal timed out
08:24:45.000 api.js:34 POST https://shop.example/api/orders net::ERR_EMPTY_RESPONSE
await in send @ api.js:34
08:24:46.639 checkout.js:33 Checkout failed (trace {TRACE}): ApiError: 500
    at send (api.js:36:27)
pay @ checkout.js:33
"""
EXPECTED = [
    ("error", "hit.gif", "Failed to load resource: net::ERR_NAME_NOT_RESOLVED", 1),
    (None, "account.js", "Logged in as ada", 1),
    ("error", "catalog.js", "TypeError: Cannot read properties of null (reading 'amount')", 5),
    ("error", "product-0005.png", "Failed to load resource: the server responded with a status of 404 (Not Found)", 1),
    ("error", "api.js", "GET https://shop.example/api/search?q=lamp 504 (Gateway Timeout)", 4),
    (None, "(index)", "No suggestions: TimeoutError: signal timed out", 1),
    ("error", "api.js", "POST https://shop.example/api/orders net::ERR_EMPTY_RESPONSE", 2),
    (None, "checkout.js", f"Checkout failed (trace {TRACE}): ApiError: 500", 3),
]


@pytest.mark.parametrize("dated", [True, False])
def test_a_console_message_and_who_called_are_one_record(dated):
    text = CONSOLE if dated else "\n".join(line[13:] if line[:2] == "08" else line for line in CONSOLE.split("\n"))
    frame, notes = read(text.encode())
    found = frame.select("level", "component", "message", "line_count").rows()
    assert found == EXPECTED
    assert notes.format == "chrome-console"
    assert notes.understood == notes.units
    assert frame["status"].to_list() == [None, None, None, 404, 504, None, None, None]
    assert frame["trace_id"].to_list() == [None] * 7 + [TRACE]
