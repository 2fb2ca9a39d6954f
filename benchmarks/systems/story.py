"""A made report: what the programs of a system wrote while one or more faults happened, and the truth of each.

Records are kept as values until they are rendered, so that one story can be told by other clocks, without ids, or as
JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

BEGIN = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
HAR = "session.har"


@dataclass(frozen=True)
class Record:
    """`at` is in seconds after the beginning of the story; `trace` what is below the message."""

    at: float
    level: str
    logger: str
    message: str
    trace: str = ""
    thread: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)

    def clock(self, shift: float) -> datetime:
        return BEGIN + timedelta(seconds=self.at + shift)


@dataclass(frozen=True)
class Request:
    """One of the client. `error` is what the browser says where there was no response."""

    at: float
    method: str
    url: str
    status: int
    milliseconds: float = 40.0
    error: str | None = None
    body: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)


Render = Callable[[Record, datetime], str]


@dataclass(frozen=True)
class Truth:
    """One fault: files with entries that may be called its root, and a text that the message or trace of those holds.
    Without a file the root is in none: `service` is what is to blame, or empty where nobody can know.
    """

    files: tuple[str, ...]
    text: str = ""
    service: str = ""


@dataclass
class Story:
    """Lines by file, in any order; `requests` are the browser's or the app's."""

    name: str
    renders: Mapping[str, Render]
    truths: list[Truth] = field(default_factory=list)
    records: dict[str, list[Record]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    def log(self, file: str, at: float, level: str, logger: str, message: str, trace: str = "", **more: object) -> None:
        thread, ids = more.pop("thread", ""), more.pop("ids", None)
        record = Record(at, level, logger, message, trace, str(thread), dict(ids or {}))  # type: ignore[call-overload]
        self.records.setdefault(file, []).append(record)

    def request(
        self, at: float, method: str, url: str, status: int, milliseconds: float = 40.0, **more: object
    ) -> None:
        self.requests.append(Request(at, method, url, status, milliseconds, **more))  # type: ignore[arg-type]

    def files(self, shifts: Mapping[str, float] | None = None) -> dict[str, str]:
        """Their texts by name; clocks are wrong by `shifts` seconds."""
        found = {}
        for file, records in self.records.items():
            render, shift = self.renders[file], (shifts or {}).get(file, 0.0)
            ordered = sorted(records, key=lambda record: record.at)
            found[file] = "".join(f"{render(record, record.clock(shift))}\n" for record in ordered)
        if self.requests:
            found[HAR] = har(self.requests, (shifts or {}).get(HAR, 0.0))
        return found

    def without_ids(self) -> Story:
        records = {file: [replace(record, ids={}) for record in records] for file, records in self.records.items()}
        requests = [replace(request, ids={}) for request in self.requests]
        return Story(self.name, self.renders, self.truths, records, requests)

    def as_json(self) -> Story:
        return replace(self, renders=dict.fromkeys(self.renders, json_line))


def json_line(record: Record, at: datetime) -> str:
    row: dict[str, object] = {
        "timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"), "level": record.level,
        "logger": record.logger, "message": record.message,
    }  # fmt: skip
    if record.thread:
        row["thread"] = record.thread
    if record.trace:
        row["stack_trace"] = record.trace
    return json.dumps(row | dict(record.ids))


def har(requests: Sequence[Request], shift: float = 0.0) -> str:
    entries = [_entry(request, shift) for request in sorted(requests, key=lambda request: request.at)]
    creator = {"name": "WebInspector", "version": "537.36"}
    return json.dumps({"log": {"version": "1.2", "creator": creator, "pages": [], "entries": entries}})


def _entry(request: Request, shift: float) -> dict[str, object]:
    began = BEGIN + timedelta(seconds=request.at + shift)
    headers = [{"name": name.replace("_", "-"), "value": value} for name, value in request.ids.items()]
    body = {"size": len(request.body), "mimeType": "application/json", "text": request.body}
    response: dict[str, object] = {
        "status": request.status, "statusText": "", "httpVersion": "HTTP/1.1", "headers": headers, "cookies": [],
        "content": body, "redirectURL": "", "headersSize": -1, "bodySize": len(request.body),
    }  # fmt: skip
    if request.error:
        response["_error"] = request.error
    return {
        "startedDateTime": began.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "time": request.milliseconds,
        "request": {
            "method": request.method, "url": request.url, "httpVersion": "HTTP/1.1", "headers": [], "queryString": [],
            "cookies": [], "headersSize": -1, "bodySize": 0,
        },
        "response": response,
        "cache": {},
        "timings": {"send": 0, "wait": request.milliseconds, "receive": 0},
    }  # fmt: skip
