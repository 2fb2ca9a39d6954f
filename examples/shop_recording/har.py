"""Network events to HAR 1.2, with the extra fields that Chrome DevTools writes. A pure function of the events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from shop_recording.devtools import Event

Json = dict[str, Any]
NO_ANSWER: Json = {
    "status": 0, "statusText": "", "httpVersion": "", "headers": [], "cookies": [],
    "content": {"size": 0, "mimeType": "x-unknown"}, "redirectURL": "", "headersSize": -1, "bodySize": -1,
}  # fmt: skip


@dataclass
class Exchange:
    """All that the browser told about one request, as it came."""

    first_event: int
    sent: Json
    page: str
    sent_extra: Json = field(default_factory=dict)
    received: Json = field(default_factory=dict)
    received_extra: Json = field(default_factory=dict)
    finished: Json = field(default_factory=dict)
    failed: Json = field(default_factory=dict)
    bytes_received: int = 0

    @property
    def ended(self) -> float:
        end = self.finished or self.failed or self.sent
        return float(end["timestamp"])


def exchanges(events: list[Event]) -> list[Exchange]:
    """The requests in the order in which they were sent. data: URLs are none."""
    found: dict[str, Exchange] = {}
    early: dict[str, Json] = {}
    page = 0
    slots = {
        "Network.requestWillBeSentExtraInfo": "sent_extra",
        "Network.responseReceived": "received",
        "Network.responseReceivedExtraInfo": "received_extra",
        "Network.loadingFinished": "finished",
        "Network.loadingFailed": "failed",
    }
    for position, event in enumerate(events):
        method, parameters = event["method"], event["params"]
        request_id = parameters.get("requestId", "")
        if method == "Network.requestWillBeSent" and parameters["request"]["url"].startswith("http"):
            page += parameters["type"] == "Document"
            found[request_id] = Exchange(position, parameters, f"page_{page}", early.pop(request_id, {}))
        elif method == "Network.requestWillBeSentExtraInfo" and request_id not in found:
            early[request_id] = parameters
        elif method == "Network.dataReceived" and request_id in found:
            found[request_id].bytes_received += parameters["dataLength"]
        elif method in slots and request_id in found:
            setattr(found[request_id], slots[method], parameters)
    return list(found.values())


def har(events: list[Event], bodies: Mapping[str, tuple[str, bool]], browser: str) -> Json:
    """The whole archive. `bodies` maps CDP request ids to (text, is base64)."""
    every = exchanges(events)
    creator = {"name": "WebInspector", "version": "537.36", "comment": f"made by record_shop.py from {browser}"}
    entries = [entry(exchange, bodies.get(exchange.sent["requestId"])) for exchange in every]
    return {"log": {"version": "1.2", "creator": creator, "pages": _pages(events, every), "entries": entries}}


def _pages(events: list[Event], every: list[Exchange]) -> list[Json]:
    documents = [exchange for exchange in every if exchange.sent["type"] == "Document"]
    names = (("Page.domContentEventFired", "onContentLoad"), ("Page.loadEventFired", "onLoad"))
    fired = {field: [e["params"]["timestamp"] for e in events if e["method"] == name] for name, field in names}
    return [
        {
            "startedDateTime": _date(document.sent["wallTime"]),
            "id": document.page,
            "title": document.sent["request"]["url"],
            "pageTimings": {
                field: _ms(min(t for t in times if t > document.sent["timestamp"]) - document.sent["timestamp"])
                for field, times in fired.items()
            },
        }
        for document in documents
    ]


def entry(exchange: Exchange, body: tuple[str, bool] | None) -> Json:
    sent, answer = exchange.sent, exchange.received.get("response", {})
    whole = _ms(exchange.ended - sent["timestamp"])
    return {
        "_connectionId": str(answer.get("connectionId", 0)),
        "_initiator": sent["initiator"],
        "_priority": sent["request"]["initialPriority"],
        "_resourceType": sent["type"].lower(),
        "cache": {},
        "connection": str(answer["remotePort"]) if "remotePort" in answer else "",
        "pageref": exchange.page,
        "request": _request(exchange),
        "response": _response(exchange, body),
        "serverIPAddress": answer.get("remoteIPAddress", ""),
        "startedDateTime": _date(sent["wallTime"]),
        "time": whole,
        "timings": _timings(exchange, whole),
    }


def _request(exchange: Exchange) -> Json:
    request = exchange.sent["request"]
    headers = exchange.sent_extra.get("headers") or request["headers"]
    cookies = [
        item["cookie"] for item in exchange.sent_extra.get("associatedCookies", []) if not item["blockedReasons"]
    ]
    parts = urlsplit(request["url"])
    made: Json = {
        "method": request["method"],
        "url": request["url"],
        "httpVersion": exchange.received.get("response", {}).get("protocol", "http/1.1"),
        "headers": _pairs(headers),
        "queryString": [{"name": n, "value": v} for n, v in parse_qsl(parts.query, keep_blank_values=True)],
        "cookies": [_cookie(cookie) for cookie in cookies],
        "headersSize": _size_of(headers),
        "bodySize": len(request.get("postData", "").encode()),
    }
    if "postData" in request:
        made["postData"] = {"mimeType": headers.get("Content-Type", ""), "text": request["postData"]}
    return made


def _cookie(cookie: Json) -> Json:
    kept: Json = {
        name: cookie[name]
        for name in ("name", "value", "path", "domain", "httpOnly", "secure", "sameSite")
        if name in cookie
    }
    return {**kept, "expires": None if cookie.get("session") else _date(cookie["expires"])}


def _response(exchange: Exchange, body: tuple[str, bool] | None) -> Json:
    answer = exchange.received.get("response")
    if not answer:
        failure = exchange.failed.get("errorText", "net::ERR_FAILED")
        return {**NO_ANSWER, "_transferSize": 0, "_error": failure, "_fetchedViaServiceWorker": False}
    headers = exchange.received_extra.get("headers") or answer["headers"]
    size = int(exchange.finished.get("encodedDataLength", 0))
    made = {
        "status": answer["status"],
        "statusText": answer["statusText"],
        "httpVersion": answer["protocol"],
        "headers": _pairs(headers),
        "cookies": [],
        "content": _content(answer["mimeType"], exchange.bytes_received, body),
        "redirectURL": headers.get("Location", ""),
        "headersSize": _size_of(headers),
        "bodySize": exchange.bytes_received,
        "_transferSize": size,
        "_error": exchange.failed.get("errorText"),
        "_fetchedViaServiceWorker": False,
    }
    if "Set-Cookie" in headers:
        name, _, value = headers["Set-Cookie"].partition(";")[0].partition("=")
        made["cookies"] = [{"name": name, "value": value, "path": "/", "httpOnly": True}]
    return made


def _content(mime_type: str, size: int, body: tuple[str, bool] | None) -> Json:
    made: Json = {"size": size, "mimeType": mime_type, "compression": 0}
    if body and body[0]:
        made["text"] = body[0]
        if body[1]:
            made["encoding"] = "base64"
    return made


def _timings(exchange: Exchange, whole: float) -> Json:
    """Chrome's phases in ms; -1 where a phase did not happen. They add up to `whole`."""
    timing = exchange.received.get("response", {}).get("timing")
    if not timing:
        return {"blocked": whole, "dns": -1, "ssl": -1, "connect": -1, "send": 0, "wait": 0, "receive": 0}
    queued = _ms(timing["requestTime"] - exchange.sent["timestamp"])
    starts = [timing[name] for name in ("dnsStart", "connectStart", "sendStart") if timing[name] >= 0]
    blocked = round(queued + starts[0], 3)
    phases = {
        "dns": _phase(timing, "dnsStart", "dnsEnd"),
        "ssl": -1,
        "connect": _phase(timing, "connectStart", "connectEnd"),
        "send": _phase(timing, "sendStart", "sendEnd"),
        "wait": round(timing["receiveHeadersEnd"] - timing["sendEnd"], 3),
    }
    spent = blocked + sum(value for value in phases.values() if value > 0)
    receive = max(0.0, round(whole - spent, 3))
    return {"blocked": blocked, **phases, "receive": receive, "_blocked_queueing": queued}


def _phase(timing: Json, start: str, end: str) -> float:
    return round(timing[end] - timing[start], 3) if timing[start] >= 0 else -1


def _pairs(headers: Mapping[str, str]) -> list[Json]:
    return [{"name": name, "value": line} for name, value in headers.items() for line in value.split("\n")]


def _size_of(headers: Mapping[str, str]) -> int:
    return sum(len(name) + len(value) + 4 for name, value in headers.items())


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)


def _date(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
