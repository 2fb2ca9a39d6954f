"""Which scenario caused which request, console message, log record, business event and connection.

A join by event position and request id; connections, which have none, by time: one scenario runs after another.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from shop_recording.capture import Capture
from shop_recording.console_log import ConsoleRecord
from shop_recording.har import Exchange
from shop_recording.scenarios import Scenario

_RECORD = re.compile(r"\d{4}-\d\d-\d\dT\S{1,20} ([A-Z]{4,8}) (\S{1,40}) \[trace_id=(\S{1,64}) request_id=(\S{1,64})\]")
QUIET_LEVELS = ("INFO", "log", "info")


@dataclass(frozen=True)
class Step:
    """One run of a scenario: the events from `begin` up to `end`, and its times (s since 1970)."""

    scenario: Scenario
    visitor: str
    begin: int
    end: int
    began: float
    ended: float


@dataclass(frozen=True)
class Recorded:
    """What the shop itself wrote, and what passed between it and the payment service."""

    log: str
    events: str
    capture: Capture | None


@dataclass(frozen=True)
class LogRecord:
    """`line` is 1-based; `line_count` includes the traceback."""

    line: int
    line_count: int
    level: str
    logger: str
    trace_id: str
    request_id: str


def log_records(text: str) -> list[LogRecord]:
    lines = text.splitlines()
    heads = [(number, match) for number, line in enumerate(lines, start=1) if (match := _RECORD.match(line))]
    ends = [number for number, _ in heads[1:]] + [len(lines) + 1]
    return [LogRecord(head, end - head, *match.groups()) for (head, match), end in zip(heads, ends, strict=True)]


def ground_truth(
    steps: list[Step], every: list[Exchange], console: list[ConsoleRecord], recorded: Recorded
) -> dict[str, Any]:
    """One list of occurrences for each scenario. Indices into log.entries and flows are 0-based, lines 1-based.

    Requests are those of the API and those that failed; of the server's log only what is not INFO.
    """
    lines, records = _console_lines(console), log_records(recorded.log)
    events = [json.loads(line) for line in recorded.events.splitlines()]
    connections = recorded.capture.connections if recorded.capture else []
    found: dict[str, dict[str, Any]] = {}
    for step in steps:
        scenario = step.scenario
        entry = found.setdefault(
            scenario.name,
            {"name": scenario.name, "fault": scenario.fault, "error_type": scenario.error_type, "occurrences": []},
        )
        requests = [_request(i, e) for i, e in enumerate(every) if step.begin <= e.first_event < step.end]
        told = [request for request in requests if request["failed"] or request["trace_id"]]
        ids = {request["request_id"] for request in requests}
        messages = [m for c, m in zip(console, lines, strict=True) if step.begin <= c.position < step.end]
        entry["occurrences"].append(
            {
                "visitor": step.visitor,
                "trace_ids": sorted({r["trace_id"] for r in requests if r["trace_id"]}),
                "requests": told,
                "console": messages,
                "server_log": [asdict(r) for r in records if r.request_id in ids and r.level not in QUIET_LEVELS],
                "events": [_event(i, e) for i, e in enumerate(events) if e.get("requestid") in ids],
                "flows": [
                    {"flow": c.number, "refused": c.refused} for c in connections if step.began <= c.at < step.ended
                ],
            }
        )
    return {"scenarios": list(found.values())}


def _console_lines(console: list[ConsoleRecord]) -> list[dict[str, Any]]:
    made, line = [], 1
    for record in console:
        count = record.text.count("\n") + 1
        made.append({"line": line, "line_count": count, "level": record.level})
        line += count
    return made


def _event(index: int, event: dict[str, Any]) -> dict[str, Any]:
    return {"line": index + 1, "type": event["type"], "order_id": event["data"]["order_id"]}


def _request(index: int, exchange: Exchange) -> dict[str, Any]:
    request, response = exchange.sent["request"], exchange.received.get("response", {})
    sent = {name.lower(): value for name, value in request["headers"].items()}
    got = {name.lower(): value for name, value in response.get("headers", {}).items()}
    trace = sent.get("traceparent", "").split("-")
    return {
        "entry_index": index,
        "method": request["method"],
        "path": urlsplit(request["url"]).path,
        "status": response.get("status", 0),
        "net_error": exchange.failed.get("errorText"),
        "failed": response.get("status", 0) >= 400 or bool(exchange.failed),
        "trace_id": trace[1] if len(trace) == 4 else None,
        "request_id": sent.get("x-request-id") or got.get("x-request-id"),
    }
