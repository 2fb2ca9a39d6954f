"""Small HARs for the tests, written here. `entry` and `har` give the parts; `read` reads bytes as a HAR."""

from __future__ import annotations

import io
import json
from typing import Any

import polars as pl

from signal_pipeline.limits import DEFAULT_LIMITS, Limits
from signal_pipeline.parsing.har.reader import read_har
from signal_pipeline.parsing.outcome import OutcomeNotes, SignalOutcome
from signal_pipeline.redaction.redactor import Redactor


def entry(url: str = "https://shop.example/api/cart", status: Any = 200, **changes: Any) -> dict[str, Any]:
    """One ordinary entry; `body`, `mime` and `encoding` set the response's content, other names the entry's own."""
    content = {"size": 2, "mimeType": changes.pop("mime", "application/json"), "text": changes.pop("body", "{}")}
    if "encoding" in changes:
        content["encoding"] = changes.pop("encoding")
    response = {"status": status, "statusText": "", "httpVersion": "HTTP/2", "headers": [], "content": content}
    return {
        "startedDateTime": "2024-03-01T10:00:00.250+02:00",
        "time": 120.5,
        "request": {"method": "GET", "url": url, "headers": [], "cookies": [], "queryString": []},
        "response": response,
        "cache": {},
        "timings": {"blocked": 1, "dns": -1, "connect": 30, "ssl": 20, "send": 0.5, "wait": 80, "receive": 9},
        **changes,
    }


def har(*entries: Any, **log: Any) -> dict[str, Any]:
    creator = {"name": "WebInspector", "version": "537.36"}
    return {"log": {"version": "1.2", "creator": creator, "pages": [], "entries": list(entries), **log}}


def har_bytes(*entries: Any, **log: Any) -> bytes:
    return json.dumps(har(*entries, **log)).encode()


def read(data: bytes, limits: Limits = DEFAULT_LIMITS) -> tuple[pl.DataFrame, SignalOutcome]:
    """All frames of the HAR as one, and the outcome. Raises SignalRejected as the reader does."""
    notes = OutcomeNotes(kind="har")
    redactor = Redactor(b"k" * 32)
    frames = list(read_har(io.BytesIO(data), size_hint=len(data), redactor=redactor, limits=limits, notes=notes))
    empty = pl.DataFrame(schema={"message": pl.String(), "url": pl.String(), "flags": pl.String()})
    return (pl.concat(frames) if frames else empty), notes.finish()


def row(data: bytes) -> dict[str, Any]:
    """The only entry of the HAR."""
    frame, _ = read(data)
    assert frame.height == 1
    return frame.row(0, named=True)
