"""HTTP exchanges of flows as frames of the PARSED columns, by way of the facts of a HAR's entries."""

from __future__ import annotations

import json
from collections.abc import Iterator

import polars as pl

from signal_pipeline.frame_schema import EXCHANGE
from signal_pipeline.limits import Limits
from signal_pipeline.parsing.har.entry import decode_entry
from signal_pipeline.parsing.har.facts import facts_of
from signal_pipeline.parsing.har.frame import FrameBuilder, Place
from signal_pipeline.parsing.pcap.flow import Endpoint, Flow, moment
from signal_pipeline.parsing.pcap.http_messages import HttpExchange
from signal_pipeline.redaction.redactor import Redactor


class ExchangeFrames:
    """Collects the exchanges of flows that are over, unredacted and in memory only; frames come out redacted."""

    def __init__(self, redactor: Redactor, limits: Limits, form: str) -> None:
        self._limits = limits
        self._form = form
        self._builder = FrameBuilder(redactor, limits)

    def __len__(self) -> int:
        return len(self._builder)

    @property
    def full(self) -> bool:
        return self._builder.full

    def add(self, flow: Flow) -> None:
        """What was asked and answered in a flow, which forgets it."""
        if flow.http is None:
            return
        for exchange in (*flow.http.done, *_unanswered(flow)):
            entry, flags = decode_entry(json.dumps(_as_har(flow, exchange)).encode("utf-8", "replace"))
            if (facts := facts_of(entry, flags, self._limits)) is not None:
                self._builder.add(facts, Place(flow.number, None, None))
        flow.http = None

    def take(self, first_ordinal: int) -> pl.DataFrame:
        """All that was collected; `ordinal` is counted from the given one."""
        frame, _, _ = self._builder.take(self._form, first_ordinal)
        return frame.with_columns(role=pl.lit(EXCHANGE))


def _unanswered(flow: Flow) -> Iterator[HttpExchange]:
    """Requests that the end of the connection left without an answer."""
    server = flow.sides[1]
    if not server.packets or server.state not in (Endpoint.CLOSED, Endpoint.RESET):
        return
    for request in flow.http.waiting:
        yield HttpExchange(request, request.at, flow.reset_at or flow.end, 0)


def _as_har(flow: Flow, exchange: HttpExchange) -> dict[str, object]:
    """The exchange as an entry of a HAR, so that it becomes facts as one does."""
    request = exchange.request
    entry: dict[str, object] = {"time": (exchange.end - exchange.at) / 1e6}
    if (started := moment(exchange.at)) is not None:
        entry["startedDateTime"] = started.isoformat()
    if request is not None:
        target = request.target
        host = request.headers.get("host") or flow.endpoint(1)
        url = (
            target
            if "://" in target[:12]
            else f"http://{host}{target}"
            if target.startswith("/")
            else f"http://{target}"
        )
        entry["request"] = {"method": request.method, "url": url, "headers": _named(request.headers)}
    if exchange.status:
        headers = exchange.headers
        length = headers.get("content-length", "")
        entry["response"] = {
            "status": exchange.status,
            "statusText": exchange.reason,
            "headers": _named(headers),
            "bodySize": int(length) if length.isascii() and length.isdigit() and len(length) < 16 else None,
            "content": {"mimeType": headers.get("content-type"), "text": exchange.body},
        }
    else:
        reset = flow.sides[1].state == Endpoint.RESET
        entry["response"] = {
            "status": 0,
            "_error": "net::ERR_CONNECTION_RESET" if reset else "net::ERR_EMPTY_RESPONSE",
        }
    return entry


def _named(headers: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers.items()]
