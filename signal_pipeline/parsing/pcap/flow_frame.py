"""Flows as frames of the PARSED columns: the step where unredacted text becomes redacted text.

Texts of a capture are names and addresses, few of them and often repeated: each is redacted once, and sentences are
made of what came out. Numbers and all other words in them are this program's own.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from signal_pipeline.frame_schema import FLOW
from signal_pipeline.limits import Limits
from signal_pipeline.parsing.flow_facts import FLOW_FACTS, facts_column
from signal_pipeline.parsing.har.clean_text import cleaned
from signal_pipeline.parsing.pcap.exchange_frame import ExchangeFrames
from signal_pipeline.parsing.pcap.failures import note_failures, worded
from signal_pipeline.parsing.pcap.flow import PORTED, Flow
from signal_pipeline.parsing.pcap.header_columns import ICMP, ICMP6, TCP
from signal_pipeline.parsing.pcap.service_ports import service_by_port
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline.schemas import PARSED

FRAME_ROWS = 4_000
MAX_NAME_CHARS = 200
MAX_REMEMBERED = 20_000
_SAID = (
    "entry_index",
    "timestamp",
    "level",
    "component",
    "message",
    "duration_ms",
    "response_bytes",
    "net_error",
    "error_text",
)
_SCHEMA = {name: PARSED.polars[name] for name in _SAID}


class FlowFrames:
    """Collects what is over, unredacted and in memory only; frames come out redacted."""

    def __init__(self, redactor: Redactor, limits: Limits, form: str) -> None:
        self._limits = limits
        self._form = form
        self._texts = _Texts(redactor)
        self._flows: list[Flow] = []
        self._exchanges = ExchangeFrames(redactor, limits, form)
        self._made = 0

    def add(self, flow: Flow, capture_end: int) -> None:
        """One flow that is over: a row for it, or for each of its failures, and one for each HTTP exchange."""
        note_failures(flow, capture_end)
        self._exchanges.add(flow)
        self._flows.append(flow)

    def take(self, everything: bool = False) -> Iterator[pl.DataFrame]:
        """Frames that are full, or all that there is."""
        if len(self._exchanges) and (everything or self._exchanges.full):
            frame = self._exchanges.take(self._made)
            self._made += frame.height
            yield frame
        while len(self._flows) >= FRAME_ROWS or (everything and self._flows):
            flows, self._flows = self._flows[:FRAME_ROWS], self._flows[FRAME_ROWS:]
            yield self._frame(flows)

    def _frame(self, flows: list[Flow]) -> pl.DataFrame:
        self._texts.learn(flows)
        described = [_Described(flow, self._texts) for flow in flows]
        facts = _as_frame([one.facts() for one in described], FLOW_FACTS.polars)
        features = np.stack([flow.features for flow in flows if flow.features is not None])
        rows = [row for one in described for row in one.rows()]
        which = pl.Series([n for n, flow in enumerate(flows) for _ in range(max(len(flow.failures), 1))])
        frame = _as_frame(rows, _SCHEMA).with_columns(
            facts_column(facts, features).gather(which).alias("flow"),
            ordinal=pl.int_range(pl.len(), dtype=pl.Int64) + self._made,
            role=pl.lit(FLOW),
            format=pl.lit(self._form),
            timestamp_zone=pl.lit("UTC"),
        )
        self._made += frame.height
        limit = self._limits.max_message_chars
        return frame.with_columns(pl.col("message", "error_text").str.slice(0, limit))


def _as_frame(rows: list[tuple[object, ...]], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """Times are microseconds since 1970."""
    columns = zip(*rows, strict=True)
    plain = {name: pl.Int64() if dtype.is_temporal() else dtype for name, dtype in schema.items()}
    series = [pl.Series(name, values, dtype) for (name, dtype), values in zip(plain.items(), columns, strict=True)]
    return pl.DataFrame(series).cast(schema)  # type: ignore[arg-type]


def _us(at: int) -> int | None:
    return at // 1000 if at else None


class _Texts:
    """Texts as they came out of redaction."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._known: dict[str, str] = {}

    def learn(self, flows: list[Flow]) -> None:
        """Redacts what these flows have that is not known yet."""
        said = {text for flow in flows for text in _texts_of(flow)}
        if len(self._known) > MAX_REMEMBERED:
            self._known.clear()
        new = sorted(said - self._known.keys())
        passed = self._redactor.column(pl.Series([cleaned(text)[0] for text in new], dtype=pl.String()))
        self._known.update(zip(new, passed.str.slice(0, MAX_NAME_CHARS).to_list(), strict=True))

    def __getitem__(self, text: str) -> str:
        return self._known[text]


def _texts_of(flow: Flow) -> Iterator[str]:
    yield flow.address(0)
    yield flow.address(1)
    if name := flow.server_name or flow.resolved_name:
        yield name
    for _, subject in flow.failures:
        yield subject


class _Described:
    """One flow in words and numbers, of texts that have passed redaction."""

    def __init__(self, flow: Flow, texts: _Texts) -> None:
        self._flow = flow
        self._texts = texts
        self._ends = (texts[flow.address(0)], texts[flow.address(1)])
        name = flow.server_name or flow.resolved_name
        self._server_name = texts[name] if name else None
        self._host = self._server_name or self._ends[1]
        self._service = flow.service or service_by_port(flow.ports[1], flow.ports[0])
        self._state = None if flow.protocol in (ICMP, ICMP6) else flow.state

    def facts(self) -> tuple[object, ...]:
        """In the order of FLOW_FACTS."""
        flow = self._flow
        client, server = flow.sides
        ports = flow.ports if flow.protocol in PORTED else (None, None)
        return (
            flow.name, self._ends[0], ports[0], self._ends[1], ports[1], self._service, self._server_name, flow.version,
            self._state, _us(flow.start), _us(flow.end), client.packets, client.wire_bytes, client.payload_bytes,
            server.packets, server.wire_bytes, server.payload_bytes,
            None if flow.handshake_ns is None else flow.handshake_ns / 1e6,
            client.retransmitted + server.retransmitted, client.out_of_order + server.out_of_order,
            client.zero_windows + server.zero_windows, client.resets + server.resets, flow.clear_login,
            _us(flow.certificate_ends), flow.self_signed,
        )  # fmt: skip

    def rows(self) -> Iterator[tuple[object, ...]]:
        """In the order of _SAID."""
        flow, story = self._flow, self._story()
        duration, answered = (flow.end - flow.start) / 1e6, flow.sides[1].payload_bytes
        if not flow.failures:
            yield flow.number, _us(flow.start), "info", self._host, story, duration, answered, None, None
        for (code, subject), failed in flow.failures.items():
            level, text = worded(code, self._texts[subject], self._host, self._service or flow.name)
            times = f"{failed.count} times; " if failed.count > 1 else ""
            message = f"{text} ({times}{story})"
            yield flow.number, _us(failed.at), level, self._host, message, duration, answered, code, text

    def _endpoint(self, side: int) -> str:
        end, flow = self._ends[side], self._flow
        if flow.protocol not in PORTED:
            return end
        return f"[{end}]:{flow.ports[side]}" if ":" in end and end[0] != "<" else f"{end}:{flow.ports[side]}"

    def _story(self) -> str:
        """`TCP tls 10.0.0.2:50123 -> 10.0.0.9:443 SF, 12 packets 3400 bytes out, 10 packets 20480 bytes in, ...`"""
        flow, service = self._flow, self._service
        client, server = flow.sides
        said = f" {service}" if service and service != flow.name else ""
        version = f" {flow.version}" if flow.version else ""
        state = f" {self._state}" if self._state else ""
        description = (
            f"{flow.name}{said}{version} {self._endpoint(0)} -> {self._endpoint(1)}{state}, {client.packets} packets "
            f"{client.wire_bytes} bytes out, {server.packets} packets {server.wire_bytes} bytes in"
        )
        if flow.handshake_ns is not None:
            description += f", handshake {flow.handshake_ns / 1e6:.1f} ms"
        if flow.protocol == TCP:
            for name in ("retransmitted", "out_of_order", "zero_windows", "resets"):
                if count := getattr(client, name) + getattr(server, name):
                    description += f", {count} {name.replace('_', ' ')}"
        return description
