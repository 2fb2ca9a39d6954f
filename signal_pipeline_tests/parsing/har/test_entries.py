"""What a row says about a request: answers, failures, ids, who recorded it."""

from __future__ import annotations

from typing import Any

import pytest

from signal_pipeline.parsing.har.producer import FAMILIES, producer_family
from signal_pipeline_tests.parsing.har.samples import entry, har_bytes, read, row


def _failed(response: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    one = entry(status=0, body="", **changes)
    one["response"] |= response or {}
    return one


# name, entry, net_error, message after the arrow, level
FAILURES: list[tuple[str, dict[str, Any], str | None, str, str]] = [
    (
        "Chrome",
        _failed({"_error": "net::ERR_NAME_NOT_RESOLVED"}),
        "net::ERR_NAME_NOT_RESOLVED",
        "no answer: net::ERR_NAME_NOT_RESOLVED",
        "error",
    ),
    ("Chrome, no error", _failed({"_error": None}), None, "no answer", "warning"),
    ("Firefox", _failed({"statusText": ""}), None, "no answer", "warning"),
    (
        "Firefox, blocked",
        _failed(_errorMessage="NS_ERROR_CONNECTION_REFUSED"),
        "NS_ERROR_CONNECTION_REFUSED",
        "no answer: NS_ERROR_CONNECTION_REFUSED",
        "error",
    ),
    ("Firebug", _failed({"statusText": "Aborted"}), "Aborted", "no answer: Aborted", "error"),
    (
        "Playwright",
        _failed({"_failureText": "net::ERR_FAILED"}, _failureText="x"),
        "net::ERR_FAILED",
        "no answer: net::ERR_FAILED",
        "error",
    ),
    (
        "comment",
        _failed(comment="failed with net::ERR_TIMED_OUT, see page"),
        "net::ERR_TIMED_OUT",
        "no answer: net::ERR_TIMED_OUT",
        "error",
    ),
    ("comment without an error", _failed(comment="my own note"), None, "no answer", "warning"),
    (
        "error object",
        _failed({"_error": {"code": "ECONNREFUSED", "message": "connect failed"}}),
        "ECONNREFUSED",
        "no answer: ECONNREFUSED: connect failed",
        "error",
    ),
    (
        "long text",
        _failed({"_error": "the peer (somewhere) did something that nobody had expected at all, so there"}),
        None,
        "no answer: the peer (somewhere) did something that nobody had expected at all, so there",
        "error",
    ),
    ("status null", _failed({"status": None}), None, "no answer", "warning"),
    ("WebPageTest code", _failed({"status": -2}), None, "no answer", "warning"),
    ("no response", entry(response=None), None, "no answer", "info"),
    (
        "cut off after the head",
        entry(status=200, _error="net::ERR_CONTENT_LENGTH_MISMATCH"),
        "net::ERR_CONTENT_LENGTH_MISMATCH",
        "200 OK: net::ERR_CONTENT_LENGTH_MISMATCH",
        "error",
    ),
    (
        "given up by the page",
        entry(status=200, _error="net::ERR_ABORTED"),
        None,
        "200",
        "info",
    ),
    ("refused", entry(status=404), None, "404 Not Found", "warning"),
    (
        "own words",
        entry(status=503, response={"status": 503, "statusText": "Tenant suspended"}),
        None,
        "503 Tenant suspended",
        "error",
    ),
    ("unknown status", entry(status=799), None, "799", "error"),
    ("redirect", entry(status=302), None, "302", "info"),
    ("status as text", entry(status="200"), None, "200", "info"),
    ("status as float", entry(status=200.0), None, "200", "info"),
    ("status absurd", entry(status=99_999), None, "?", "info"),
    ("status a list", entry(status=[200]), None, "?", "info"),
]


@pytest.mark.parametrize(("name", "one", "net_error", "answer", "level"), FAILURES, ids=[case[0] for case in FAILURES])
def test_answers(name: str, one: dict[str, Any], net_error: str | None, answer: str, level: str) -> None:
    found = row(har_bytes(one))
    assert found["net_error"] == net_error
    assert found["message"] == f"GET https://shop.example/api/cart -> {answer}"
    assert found["level"] == level


def test_facts_of_an_ordinary_entry() -> None:
    found = row(har_bytes(entry("https://Shop.example:8443/a/b?page=2&token=abc#top", mime="Text/HTML; charset=utf-8")))
    assert found["url"].startswith("https://Shop.example:8443/a/b?")
    assert "abc" not in found["url"]
    assert "top" not in found["url"]
    expected = {
        "kind": "har",
        "format": "chrome",
        "ordinal": 0,
        "entry_index": 0,
        "component": "shop.example:8443",
        "method": "GET",
        "status": 200,
        "duration_ms": 120.5,
        "slowest_phase": "wait",
        "mime_type": "text/html",
        "response_bytes": 2,
        "timestamp_zone": "+02:00",
        "level": "info",
        "flags": None,
    }
    assert {name: found[name] for name in expected} == expected
    assert found["timestamp"].isoformat() == "2024-03-01T08:00:00.250000+00:00"


UUID = "0d3c7f6e-1c8e-4d0e-8a5e-0d9b2c1f3a4b"
TRACE_IDS: list[tuple[str, Any, str | None]] = [
    (
        "traceparent",
        [{"name": "Traceparent", "value": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}],
        "0af7651916cd43dd8448eb211c80319c",
    ),
    (
        "b3",
        [{"name": "b3", "value": "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1"}],
        "80f198ee56343ba864fe8b2a57d3eff7",
    ),
    ("b3 in parts", [{"name": "X-B3-TraceId", "value": "80f198ee56343ba8"}], "80f198ee56343ba8"),
    ("request id", [{"name": "X-Request-ID", "value": UUID}], UUID),
    (
        "X-Ray",
        [{"name": "x-amzn-trace-id", "value": "Root=1-67891233-abcdef012345678912345678;Sampled=1"}],
        "Root=1-67891233-abcdef012345678912345678",
    ),
    ("Cloudflare", [{"name": "CF-RAY", "value": "230b030023ae2822-SJC"}], "230b030023ae2822-SJC"),
    ("object", {"X-Correlation-Id": UUID}, UUID),
    ("lines", [f"x-request-id: {UUID}"], UUID),
    ("pairs", [["x-request-id", UUID]], UUID),
    ("none", [{"name": "Accept", "value": "*/*"}], None),
    ("value null", [{"name": "x-request-id", "value": None}], None),
    ("headers null", None, None),
    ("headers a number", 7, None),
]


@pytest.mark.parametrize("side", ["request", "response"])
@pytest.mark.parametrize(("name", "headers", "expected"), TRACE_IDS, ids=[case[0] for case in TRACE_IDS])
def test_trace_ids(name: str, headers: Any, expected: str | None, side: str) -> None:
    one = entry()
    one[side]["headers"] = headers
    assert row(har_bytes(one))["trace_id"] == expected


def test_the_request_keeps_its_own_id_beside_that_of_the_trace() -> None:
    one = entry()
    one["request"]["headers"] = [
        {"name": "traceparent", "value": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
        {"name": "X-Request-Id", "value": "req-5278bb4b3fc7"},
    ]
    found = row(har_bytes(one))
    assert (found["trace_id"], found["request_id"]) == ("0af7651916cd43dd8448eb211c80319c", "req-5278bb4b3fc7")


def test_a_secret_in_a_trace_header_is_masked() -> None:
    key = "AKIA" + "Q7RSTUVWXYZ23456"
    one = entry()
    one["request"]["headers"] = [{"name": "x-request-id", "value": key}]
    assert key not in str(row(har_bytes(one)))


METHODS = [
    ("get", "GET"),
    ("M-SEARCH", "M-SEARCH"),
    ("AKIAQ7RSTUVWXYZ23456", None),
    ("", None),
    (5, None),
    (None, None),
]


@pytest.mark.parametrize(("method", "expected"), METHODS, ids=[str(case[0]) for case in METHODS])
def test_methods(method: Any, expected: str | None) -> None:
    one = entry()
    one["request"]["method"] = method
    assert row(har_bytes(one))["method"] == expected


@pytest.mark.parametrize(("part", "family"), FAMILIES, ids=[case[0] for case in FAMILIES])
def test_every_producer_in_the_table_can_be_found(part: str, family: str) -> None:
    assert producer_family(f'{{"name": "{part.title()} 1.0"}}'.encode()) == family


@pytest.mark.parametrize("raw", [b"{}", b'{"name": 5}', b'{"name": "my tool"}', b"[1]", b"{", b'{"name": "\xff"}'])
def test_unknown_producers(raw: bytes) -> None:
    assert producer_family(raw) == "har"


def test_the_creator_counts_before_the_browser() -> None:
    frame, outcome = read(har_bytes(entry(), creator={"name": "Playwright"}, browser={"name": "chromium"}))
    assert (frame["format"][0], outcome.format) == ("playwright", "playwright")


def test_many_entries_come_in_several_frames_numbered_through() -> None:
    frame, outcome = read(har_bytes(*[entry()] * 9_345))
    assert frame["ordinal"].to_list() == frame["entry_index"].to_list() == list(range(9_345))
    assert (outcome.entries, outcome.share_understood) == (9_345, 1.0)
