"""Looks into the few packets that matter, of the flows of one batch: DNS, TLS, HTTP/1, ICMP errors."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from signal_pipeline.parsing.pcap.assignment import Assigned
from signal_pipeline.parsing.pcap.clear_logins import LOGIN_WORDS, clear_login
from signal_pipeline.parsing.pcap.content_marks import BEFORE_OTHERS, MARK_BYTES, service_by_content
from signal_pipeline.parsing.pcap.datagrams import whole_datagrams
from signal_pipeline.parsing.pcap.dns_conversations import (
    DNS_PORTS,
    NETBIOS_PORT,
    DnsSide,
    Names,
    answered_at_once,
    looks_like_dns,
    saw_message,
    uses_dns_port,
)
from signal_pipeline.parsing.pcap.dns_message import is_one_question
from signal_pipeline.parsing.pcap.dtls_records import begins_dtls, dtls_findings, looks_like_dtls
from signal_pipeline.parsing.pcap.flow import Flow
from signal_pipeline.parsing.pcap.flow_table import FlowTable
from signal_pipeline.parsing.pcap.header_columns import ICMP, ICMP6, TCP, UDP, Transports, is_one_of
from signal_pipeline.parsing.pcap.headers import HeaderReader
from signal_pipeline.parsing.pcap.http_messages import (
    ANSWER,
    LATE_ANSWER,
    METHODS,
    HttpConversation,
    HttpSide,
    begins_message,
)
from signal_pipeline.parsing.pcap.packets import Ints, PacketBatch, words
from signal_pipeline.parsing.pcap.tls_records import ALERTS, TlsFindings, TlsSide, begins_tls

_IS_DNS = is_one_of(*DNS_PORTS, bits=16)
_FIRST_WORDS = (*METHODS, ANSWER, LATE_ANSWER, *LOGIN_WORDS)
_WORDS = np.sort(np.array([int.from_bytes(word, "big") for word in _FIRST_WORDS], np.uint32))
_ANSWER_WORD = int.from_bytes(ANSWER, "big")
_RAW_LINK = 101
# (protocol, type and code): how the failure is called, and whether it is an error of size.
_UNREACHABLE: dict[tuple[int, int], str] = {
    (ICMP, 0x0300): "ENETUNREACH", (ICMP, 0x0301): "EHOSTUNREACH", (ICMP, 0x0302): "EPROTONOSUPPORT",
    (ICMP, 0x0303): "ECONNREFUSED", (ICMP, 0x0304): "EMSGSIZE", (ICMP, 0x0306): "ENETUNREACH",
    (ICMP, 0x0307): "EHOSTUNREACH", (ICMP, 0x0309): "EACCES", (ICMP, 0x030A): "EACCES", (ICMP, 0x030D): "EACCES",
    (ICMP, 0x0B00): "TTL exceeded", (ICMP6, 0x0100): "ENETUNREACH", (ICMP6, 0x0101): "EACCES",
    (ICMP6, 0x0103): "EHOSTUNREACH", (ICMP6, 0x0104): "ECONNREFUSED", (ICMP6, 0x0200): "EMSGSIZE",
    (ICMP6, 0x0300): "TTL exceeded",
}  # fmt: skip


class Dissector:
    """Tells the flows of a table what their packets say."""

    def __init__(self, table: FlowTable) -> None:
        self._table = table
        self._names = Names()
        self._waiting: set[int] = set()
        """Rows of the flows that wait for their next segment."""

    def inspect(self, batch: PacketBatch, read: Transports, packets: Assigned) -> None:
        """One batch, after its packets were counted."""
        wanted, data = _wanted(batch, read, packets)
        _name_by_content(batch, read, packets)
        looked_at = packets.row[wanted]
        whole = whole_datagrams(batch, read, looked_at[read.fragment[looked_at] < 0])
        segments = _Segments(batch, read, packets, np.flatnonzero(wanted), self._names, whole)
        looked_into = segments.by_flow()
        waiting = np.flatnonzero(np.isin(packets.counted, list(self._waiting))).tolist() if self._waiting else ()
        for n in sorted({n for n in waiting if packets.flows[n].waits}.union(looked_into)):
            flow, begin, end = packets.flows[n], packets.bounds[n], packets.bounds[n + 1]
            if not flow.waits and (begin := segments.feed(flow, *looked_into[n])) < 0:
                continue
            rest = np.flatnonzero(wanted[begin:end] | data[begin:end]) + begin
            _Segments(batch, read, packets, rest, self._names, whole).feed_all(flow, wanted)
            (self._waiting.add if flow.waits else self._waiting.discard)(flow.row)
        self._icmp_errors(batch, read, packets)
        for flow in packets.begun:
            flow.resolved_name = self._names.of(flow.addresses[0], flow.addresses[1])

    def _icmp_errors(self, batch: PacketBatch, read: Transports, packets: Assigned) -> None:
        """Each names the packet that it is about; its flow has failed."""
        icmp = (read.protocol == ICMP) | (read.protocol == ICMP6)
        rows = np.flatnonzero(icmp & (read.fragment == 0))
        rows = rows[
            [(int(p), int(f)) in _UNREACHABLE for p, f in zip(read.protocol[rows], read.flags[rows], strict=True)]
        ]
        if not len(rows):
            return
        starts = read.header[rows] + 8
        ends = np.maximum(batch.end[read.row[rows]], starts)
        link = np.full(len(rows), _RAW_LINK, np.int64)
        inner = HeaderReader(
            PacketBatch(batch.data, starts, ends, ends - starts, batch.at[read.row[rows]], link)
        ).read()
        inner_of = {int(row): n for n, row in reversed(list(enumerate(inner.row.tolist())))}
        keys = self._table.keys_of(inner)
        place_of = np.empty(len(packets.row), np.int64)
        place_of[packets.row] = np.arange(len(packets.row))
        for n, row in enumerate(rows.tolist()):
            code = _UNREACHABLE[int(read.protocol[row]), int(read.flags[row])]
            at = int(batch.at[read.row[row]])
            flow = self._table.named(int(keys[inner_of[n]])) if n in inner_of else None
            if flow is None:
                flow = packets.flows[int(np.searchsorted(packets.bounds, place_of[row], "right")) - 1]
            flow.fail(code, "", at)


def _name_by_content(batch: PacketBatch, read: Transports, packets: Assigned) -> None:
    """Names the service of flows by their first data each way."""
    rows = packets.row[packets.first_data]
    ported = (read.protocol[rows] == TCP) | (read.protocol[rows] == UDP)
    rows, places = rows[ported], packets.first_data[ported]
    starts = read.payload[rows]
    ends = starts + np.minimum(read.captured[rows], MARK_BYTES)
    number = np.searchsorted(packets.bounds, places, "right") - 1
    for n, start, end in zip(number.tolist(), starts.tolist(), ends.tolist(), strict=True):
        flow = packets.flows[n]
        if flow.service is None:
            flow.service = service_by_content(flow.protocol, batch.data[start:end].tobytes())


def _wanted(batch: PacketBatch, read: Transports, packets: Assigned) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which packets to look into, and which have data that are new; both by place in `packets`."""
    rows = packets.row
    protocol = read.protocol[rows]
    captured = read.captured[rows]
    has_data = (captured > 0) & (read.fragment[rows] <= 0)
    tcp = (protocol == TCP) & has_data & ~packets.again
    dns = _IS_DNS[read.source_port[rows]] | _IS_DNS[read.target_port[rows]]
    udp = (protocol == UDP) & has_data & (captured >= 12)
    others = np.flatnonzero(udp & ~dns)
    starts = read.payload[rows[others]]
    records = others[looks_like_dtls(batch.data, starts)]
    udp[others[~looks_like_dns(batch.data, starts)]] = False
    places = np.flatnonzero(udp)
    udp[records] = True
    if len(places):
        number = np.searchsorted(packets.bounds, places, "right") - 1
        udp[places[answered_at_once(batch.data, read.payload[rows[places]], places, number)]] = False
    word = np.zeros(len(rows), np.uint32)
    places = np.flatnonzero(tcp & (captured >= 3))
    word[places] = words(batch.data, read.payload[rows[places]], 4)
    tls = (word >> 24 >= 20) & (word >> 24 <= 22) & (word >> 16 & 0xFF == 3) & (word >> 8 & 0xFF <= 4)
    known = _WORDS[np.minimum(np.searchsorted(_WORDS, word), len(_WORDS) - 1)] == word
    wanted = tcp & (tls | (known & (captured >= 5)) | dns)
    few = np.flatnonzero(tcp & (captured < 5))
    unused = 8 * np.maximum(4 - captured[few], 0)  # the first line of an answer may come byte by byte
    wanted[few] |= words(batch.data, read.payload[rows[few]], 4) >> unused == _ANSWER_WORD >> unused
    return udp | wanted, tcp


class _Segments:
    """Packets to be looked into, by place in the batch's order by flow."""

    def __init__(
        self,
        batch: PacketBatch,
        read: Transports,
        packets: Assigned,
        places: Ints,
        names: Names,
        whole: dict[int, bytes],
    ) -> None:
        self._names = names
        self._whole = whole
        rows = packets.row[places]
        self._data = batch.data
        self._bounds = packets.bounds
        self.places = places
        starts, captured = read.payload[rows], read.captured[rows]
        columns = (
            packets.side[places],
            starts,
            starts + captured,
            read.length[rows] - captured,
            read.sequence[rows],
            batch.at[read.row[rows]],
            rows,
        )
        self._what = list(zip(*(column.tolist() for column in columns), strict=True))

    def by_flow(self) -> dict[int, tuple[int, int]]:
        """Which of the packets each flow has that has any, by its number in the batch."""
        number = np.searchsorted(self._bounds, self.places, "right") - 1
        begins = np.flatnonzero(np.diff(number, prepend=-1))
        ends = np.append(begins, len(number))[1:]
        return dict(zip(number[begins].tolist(), zip(begins.tolist(), ends.tolist(), strict=True), strict=True))

    def feed(self, flow: Flow, begin: int, end: int) -> int:
        """Gives a flow some of the packets until it waits for what follows; returns the place behind the last one."""
        for which in range(begin, end):
            self._one(flow, which)
            if flow.waits:
                return int(self.places[which]) + 1
        return -1

    def feed_all(self, flow: Flow, wanted: NDArray[np.bool_]) -> None:
        """Gives a flow all packets while it waits, and those that are wanted while it does not."""
        for which, is_wanted in enumerate(wanted[self.places].tolist()):
            if is_wanted or flow.waits:
                self._one(flow, which)

    def _one(self, flow: Flow, which: int) -> None:
        side, start, end, lost, sequence, at, row = self._what[which]
        data = self._whole.get(row) if self._whole else None
        segment = Segment(side, self._data[start:end].tobytes() if data is None else data, lost, sequence, at)
        if flow.protocol == UDP:
            _datagram(flow, segment, self._names)
        else:
            _segment(flow, segment, self._names)


class Segment(NamedTuple):
    """What one packet carries: `lost` of its bytes were not captured; `at` is ns since 1970."""

    side: int
    data: bytes
    lost: int
    sequence: int
    at: int


def _datagram(flow: Flow, segment: Segment, names: Names) -> None:
    if begins_dtls(segment.data):
        _take_tls(flow, segment, dtls_findings(segment.data), "DTLS")
    elif uses_dns_port(flow) or (flow.ports[1] != NETBIOS_PORT and is_one_question(segment.data)):
        saw_message(flow, segment.data, segment.at, names)


def _segment(flow: Flow, segment: Segment, names: Names) -> None:
    side, data = segment.side, segment.data
    own = flow.sides[side]
    stream = own.stream
    if flow.clear_login is None and (login := clear_login(data, flow.ports[1])) is not None:
        flow.clear_login = login
    if uses_dns_port(flow):
        if not isinstance(stream, DnsSide):
            stream = own.stream = DnsSide()
        for message in stream.messages(data, segment.lost):
            saw_message(flow, message, segment.at, names)
    elif stream is not None and stream.waits:
        (_tls if isinstance(stream, TlsSide) else _http)(flow, segment)
    elif begins_tls(data):
        _tls(flow, segment)
    elif begins_message(data) or (flow.http is not None and flow.http.waiting and ANSWER.startswith(data)):
        _http(flow, segment)


def _tls(flow: Flow, segment: Segment) -> None:
    own = flow.sides[segment.side]
    if not isinstance(own.stream, TlsSide):
        own.stream = TlsSide()
    _take_tls(flow, segment, own.stream.feed(segment.data, segment.lost), "TLS")


def _take_tls(flow: Flow, segment: Segment, found: TlsFindings, name: str) -> None:
    if flow.service is None or flow.service in BEFORE_OTHERS:
        flow.service = name.lower()
    flow.server_name = flow.server_name or found.server_name
    flow.version = found.version or flow.version
    if found.certificate is not None and not flow.certificate_ends:
        flow.certificate_ends, flow.self_signed = found.certificate.ends, found.certificate.self_signed
    for alert in found.alerts:
        flow.fail(f"{name} {ALERTS[alert]}", "to" if segment.side == 0 else "from", segment.at)


def _http(flow: Flow, segment: Segment) -> None:
    own, at = flow.sides[segment.side], segment.at
    if not isinstance(own.stream, HttpSide):
        own.stream = HttpSide()
    heads = own.stream.heads(segment.data, segment.sequence, flow.http is not None and flow.http.pipelined)
    if segment.lost and own.stream.waits and (torn := own.stream.torn()) is not None:
        heads.append((torn, b""))
    for head, body in heads:
        if flow.http is None:
            flow.http = HttpConversation()
        if flow.http.take(head, body, at):
            flow.service = flow.service or "http"
            if flow.http.waiting and flow.http.waiting[-1].headers.get("authorization", "")[:6].lower() == "basic ":
                flow.clear_login = "HTTP basic"
            if flow.http.waiting and flow.server_name is None:
                host = flow.http.waiting[-1].headers.get("host", "")
                flow.server_name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host or None
