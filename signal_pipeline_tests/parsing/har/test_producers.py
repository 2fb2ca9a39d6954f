"""What the programs that record HARs write each in their own way, read to the same columns."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from signal_pipeline_tests.parsing.har.samples import entry, har, read

_AT = datetime(2024, 3, 1, 8, 0, 0, 250_000, tzinfo=UTC)
_FAILED = {"status": 0, "body": "", "mime": "", "time": 0}


def _response(one: dict[str, Any], **changes: Any) -> dict[str, Any]:
    one["response"] |= changes
    return one


# creator's name, entry, what the row holds
PRODUCERS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (
        "WebKit Web Inspector",
        entry(**_FAILED, _fetchType="Network Load", serverIPAddress="", timings={"blocked": -1, "dns": -1, "wait": 0}),
        {
            "format": "safari",
            "timestamp": _AT,
            "status": 0,
            "level": "warning",
            "net_error": None,
            "slowest_phase": None,
        },
    ),
    (
        "WebInspector",
        _response(entry(**_FAILED), _error="net::ERR_CONNECTION_REFUSED", _transferSize=0),
        {"format": "chrome", "net_error": "net::ERR_CONNECTION_REFUSED", "level": "error"},
    ),
    (
        "WebInspector",
        _response(entry("wss://shop.example/live", 101, _resourceType="websocket", _webSocketMessages=[]), content={}),
        {"format": "chrome", "status": 101, "level": "info", "url": "wss://shop.example/live"},
    ),
    (
        "Firefox",
        entry(**_FAILED, timings={"blocked": 0, "dns": 0, "connect": 0, "ssl": 0, "send": 0, "wait": 0, "receive": 0}),
        {"format": "firefox", "status": 0, "level": "warning", "slowest_phase": None},
    ),
    (
        "Charles Proxy",
        _response(
            entry(
                status=503,
                mime="text/html; charset=utf-8",
                body="PGh0bWw+PHRpdGxlPkNoYXJsZXMgRXJyb3IgUmVwb3J0PC90aXRsZT48aDE+RmFpbGVkIHRvIGNvbm5lY3QgdG8gcmVtb3RlI"
                "Ghvc3Q8L2gxPjwvaHRtbD4=",
                encoding="base64",
            ),
            statusText=None,
            redirectURL=None,
            _charlesStatus="FAILED",
        ),
        {"format": "charles", "error_text": "Charles Error Report: Failed to connect to remote host"},
    ),
    (
        "Fiddler",
        _response(
            entry(
                status=502, mime="text/html", body='[Fiddler] DNS Lookup for "x.example" failed. No such host is known'
            ),
            statusText="Fiddler - DNS Lookup Failed",
        )
        | {"startedDateTime": "2024-03-01T01:00:00.2501234-07:00", "comment": "[#12]"},
        {
            "format": "fiddler",
            "timestamp": datetime(2024, 3, 1, 8, 0, 0, 250_123, tzinfo=UTC),
            "error_text": '[Fiddler] DNS Lookup for "x.example" failed. No such host is known',
        },
    ),
    (
        "Fiddler",
        _response(entry(status=504, body=""), statusText="Fiddler - Receive Failure"),
        {"error_text": "Fiddler - Receive Failure", "message": "Fiddler - Receive Failure"},
    ),
    (
        "Proxyman",
        entry(status=502, timings={"send": 1, "wait": 10, "receive": 0}, _isHTTPS=True, _clientName="Safari"),
        {"format": "proxyman", "status": 502, "level": "error", "slowest_phase": "wait"},
    ),
    (
        "Insomnia REST Client",
        entry(
            status=0, time=12.5, timings={"blocked": -1, "dns": -1, "connect": -1, "send": 0, "wait": 0, "receive": 0}
        ),
        {"format": "insomnia", "status": 0, "level": "warning", "duration_ms": 12.5},
    ),
    (
        "Polly.JS",
        entry(
            status=500,
            body='["H4sIABzVBWsC/6tWyk0tLk5MT1WyUsrLV0hOLCpRqgUAx2VCbhUAAAA="]',
            encoding="base64",
            _id="ab",
            _order=0,
        ),
        {"format": "polly", "error_text": "no cart"},
    ),
    (
        "HTTP Toolkit",
        entry(**_FAILED, _requestStatus="no-response"),
        {"format": "httptoolkit", "net_error": "no-response", "level": "error"},
    ),
    (
        "HTTP Toolkit",
        entry(status=200, _requestStatus="completed"),
        {"net_error": None, "level": "info", "status": 200},
    ),
    (
        "WebPagetest",
        entry(status=200, time=12_000, _ttfb_ms=11_000, _load_ms=12_000, pageref="page_1_0"),
        {"format": "webpagetest", "duration_ms": 12_000.0, "level": "warning", "flags": "slow"},
    ),
    (
        "WebPagetest",
        _response(entry(status=0, time=0), _error="DNS Error"),
        {"net_error": "DNS Error", "level": "error"},
    ),
    (
        "k6 Browser Recorder",
        _response(entry(status=429, body='{"message":"Slow down"}'), statusText="Too Many Requests"),
        {"format": "k6", "status": 429, "error_text": "Slow down", "level": "warning"},
    ),
    (
        "curl-to-har",
        entry(status=403, mime="application/xml", body="<Error><Code>AccessDenied</Code><Message>No</Message></Error>"),
        {"format": "curl", "error_text": "AccessDenied: No"},
    ),
    (
        "mitmproxy har_dump",
        entry(status=0, _error=None, comment="Connection killed."),
        {"format": "mitmproxy", "status": 0, "level": "warning"},
    ),
    (
        "Playwright",
        _response(entry(status=-1, time=-1, body="", mime="x-unknown"), statusText="", _failureText="net::ERR_FAILED"),
        {"format": "playwright", "net_error": "net::ERR_FAILED", "level": "error"},
    ),
    (
        "BrowserMob Proxy",
        _response(entry(status=0), _errorMessage="Unable to resolve host: x.example"),
        {"format": "browsermob", "error_text": "Unable to resolve host: x.example", "level": "error"},
    ),
    (
        "Selenium Wire HAR dump",
        _response(entry(status=504, time=30_010, body="", timings={"wait": 30_010}), statusText="Gateway Time-out"),
        {"format": "seleniumwire", "error_text": None, "slowest_phase": "wait"},
    ),
    (
        "OWASP ZAP",
        _response(entry(status=500), statusText="Internal Server Error", _zapMessageId=1, _zapMessageNote=""),
        {"format": "zap", "error_text": None, "status": 500},
    ),
    (
        "Postman",
        entry(status="500", body='{"error":"boom"}'),
        {"format": "postman", "status": 500, "error_text": "boom"},
    ),
    (
        "Reqable",
        entry(status=500, body='{"code":500,"msg":"cart is gone"}', _app={"name": "Chrome", "path": "/Applications"}),
        {"format": "reqable", "error_text": "cart is gone"},
    ),
    (
        "Burp Suite Professional",
        entry(status=500, comment="", mime="HTML", body="<html><title>Error</title></html>"),
        {"format": "burp", "status": 500},
    ),
    ("sitespeed.io browsertime", entry(status=404, body=""), {"format": "browsertime", "status": 404}),
    ("F12 Developer Tools", entry(status=200), {"format": "edge", "status": 200, "level": "info"}),
    ("my own recorder", entry(status=200), {"format": "har", "status": 200}),
]


@pytest.mark.parametrize(
    ("creator", "one", "wanted"), PRODUCERS, ids=[f"{creator} {place}" for place, (creator, *_) in enumerate(PRODUCERS)]
)
def test_a_producer_s_entry_is_read(creator: str, one: dict[str, Any], wanted: dict[str, Any]) -> None:
    frame, outcome = read(json.dumps(har(one, creator={"name": creator, "version": "1"})).encode())
    assert outcome.status == "ok"
    (row,) = frame.iter_rows(named=True)
    found = {name: row[name] for name in wanted}
    if "message" in wanted:
        found["message"] = wanted["message"] if str(row["message"]).endswith(wanted["message"]) else row["message"]
    assert found == wanted


_ONE = entry(status=500, body='{"message":"cart is gone"}')
_TEXT = json.dumps(har(_ONE))
_TWO = json.dumps(har(entry("https://shop.example/api/user")))

# how the file is written, bytes, number of entries
WRITINGS: list[tuple[str, bytes, int]] = [
    ("pretty, CR LF", json.dumps(har(_ONE), indent=2).replace("\n", "\r\n").encode(), 1),
    ("byte-order mark", b"\xef\xbb\xbf" + _TEXT.encode(), 1),
    ("UTF-16 LE", _TEXT.encode("utf-16"), 1),
    ("UTF-16 BE, no mark", _TEXT.encode("utf-16-be"), 1),
    ("JSONP", f"onInputData({_TEXT});".encode(), 1),
    ("in a list", f"[{_TEXT}]".encode(), 1),
    ("two in a list", f"[{_TEXT},{_TWO}]".encode(), 2),
    ("entries first", json.dumps({"log": {"entries": [_ONE], "creator": {"name": "x"}}}).encode(), 1),
    ("no creator", json.dumps({"log": {"entries": [_ONE]}}).encode(), 1),
]


@pytest.mark.parametrize(("writing", "data", "count"), WRITINGS, ids=[name for name, *_ in WRITINGS])
def test_a_har_is_read_however_it_is_written(writing: str, data: bytes, count: int) -> None:
    frame, outcome = read(data)
    assert outcome.status == "ok"
    assert frame.height == outcome.entries == count
    assert frame.row(0, named=True)["error_text"] == "cart is gone"
    assert frame["entry_index"].to_list() == list(range(count))


@pytest.mark.parametrize("between", ["", "\n"])
def test_a_second_document_is_read_and_said(between: str) -> None:
    frame, outcome = read(f"{_TEXT}{between}{_TWO}".encode())
    assert (frame.height, outcome.reasons) == (2, ("trailing_data",))
