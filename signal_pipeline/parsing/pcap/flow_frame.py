"""Flows and exchanges as frames of the PARSED columns: the step where unredacted text becomes redacted text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import polars as pl

from signal_pipeline.frame_schema import EXCHANGE, FLOW
from signal_pipeline.limits import Limits
from signal_pipeline.parsing.har.clean_text import cleaned
from signal_pipeline.parsing.har.entry import decode_entry
from signal_pipeline.parsing.har.facts import facts_of
from signal_pipeline.parsing.har.frame import FrameBuilder, Place
from signal_pipeline.parsing.pcap.failures import note_failures, worded
from signal_pipeline.parsing.pcap.flow import Endpoint, Flow
from signal_pipeline.parsing.pcap.header_columns import ICMP, ICMP6, TCP
from signal_pipeline.parsing.pcap.http_messages import HttpExchange
from signal_pipeline.parsing.pcap.service_ports import service_by_port
from signal_pipeline.parsing.pcap.tcp_state import conn_state
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline.schemas import PARSED

FRAME_ROWS = 4_000
MAX_NAME_CHARS = 200
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TEXTS = ("message", "error_text", "component")
_SCHEMA = {name: dtype for name, dtype in PARSED.polars.items() if name not in ("kind", "role")}


class FlowFrames:
    """Collects what is over, unredacted and in memory only; frames come out redacted."""

    def __init__(self, redactor: Redactor, limits: Limits, form: str) -> None:
        self._redactor = redactor
        self._limits = limits
        self._form = form
        self._rows: list[dict[str, object]] = []
        self._exchanges = FrameBuilder(redactor, limits)
        self._made = 0

    def add(self, flow: Flow, capture_end: int) -> None:
        """One flow that is over: a row for it, or for each of its failures, and one for each HTTP exchange."""
        note_failures(flow, capture_end)
        if flow.http is not None:
            for exchange in (*flow.http.done, *_unanswered(flow)):
                self._add_exchange(flow, exchange)
        base: dict[str, object] = {
            "entry_index": flow.number,
            "timestamp": _time(flow.start),
            "timestamp_zone": "UTC",
            "component": flow.host,
            "duration_ms": (flow.end - flow.start) / 1e6,
            "response_bytes": flow.sides[1].payload_bytes,
            "format": self._form,
        }
        story = _story(flow)
        if not flow.failures:
            self._rows.append(base | {"level": "info", "message": story})
        for (code, subject), failed in flow.failures.items():
            level, text = worded(flow, code, subject)
            times = f"{failed.count} times; " if failed.count > 1 else ""
            said = {"level": level, "net_error": code, "error_text": text, "message": f"{text} ({times}{story})"}
            self._rows.append(base | said | {"timestamp": _time(failed.at)})

    def _add_exchange(self, flow: Flow, exchange: HttpExchange) -> None:
        entry, flags = decode_entry(json.dumps(_as_har(flow, exchange)).encode("utf-8", "replace"))
        if (facts := facts_of(entry, flags, self._limits)) is not None:
            self._exchanges.add(facts, Place(flow.number, None, None))

    def take(self, everything: bool = False) -> Iterator[pl.DataFrame]:
        """Frames that are full, or all that there is."""
        if len(self._exchanges) and (everything or self._exchanges.full):
            frame, _, _ = self._exchanges.take(self._form, self._made)
            self._made += frame.height
            yield frame.with_columns(role=pl.lit(EXCHANGE))
        while len(self._rows) >= FRAME_ROWS or (everything and self._rows):
            rows, self._rows = self._rows[:FRAME_ROWS], self._rows[FRAME_ROWS:]
            yield self._frame(rows)

    def _frame(self, rows: list[dict[str, object]]) -> pl.DataFrame:
        for row in rows:
            for name in _TEXTS:
                if isinstance(text := row.get(name), str):
                    row[name] = cleaned(text)[0]
        frame = pl.DataFrame(rows, schema=_SCHEMA)
        frame = frame.with_columns(self._redactor.column(frame[name]) for name in _TEXTS)
        caps = {"message": self._limits.max_message_chars, "error_text": self._limits.max_message_chars}
        frame = frame.with_columns(pl.col(name).str.slice(0, caps.get(name, MAX_NAME_CHARS)) for name in _TEXTS)
        ordinal = pl.int_range(pl.len(), dtype=pl.Int64) + self._made
        self._made += frame.height
        return frame.with_columns(ordinal=ordinal, role=pl.lit(FLOW))


def _time(at: int) -> datetime | None:
    return _EPOCH + timedelta(microseconds=at // 1000) if at else None


def _story(flow: Flow) -> str:
    """`TCP tls 10.0.0.2:50123 -> 10.0.0.9:443 SF, 12 packets 3400 bytes out, 10 packets 20480 bytes in, ...`"""
    service = flow.service or service_by_port(flow.ports[1], flow.ports[0])
    version = f" {flow.version}" if flow.version else ""
    words = [flow.name + (f" {service}" if service and service != flow.name else "") + version]
    words.append(f"{flow.endpoint(0)} -> {flow.endpoint(1)}")
    if flow.protocol not in (ICMP, ICMP6):
        words.append(conn_state(flow))
    client, server = flow.sides
    told = [
        " ".join(words),
        f"{client.packets} packets {client.wire_bytes} bytes out",
        f"{server.packets} packets {server.wire_bytes} bytes in",
    ]
    if flow.handshake_ns is not None:
        told.append(f"handshake {flow.handshake_ns / 1e6:.1f} ms")
    if flow.protocol == TCP:
        for name in ("retransmitted", "out_of_order", "zero_windows", "resets"):
            if count := getattr(client, name) + getattr(server, name):
                told.append(f"{count} {name.replace('_', ' ')}")
    return ", ".join(told)


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
    if (started := _time(exchange.at)) is not None:
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
