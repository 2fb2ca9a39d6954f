"""Looks into the few packets that matter, of the flows of one batch: DNS, TLS, HTTP/1, ICMP errors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from signal_pipeline.parsing.pcap.assignment import Assigned
from signal_pipeline.parsing.pcap.dns_message import RCODES, DnsMessage, dns_message
from signal_pipeline.parsing.pcap.flow import Flow
from signal_pipeline.parsing.pcap.flow_table import FlowTable
from signal_pipeline.parsing.pcap.header_columns import ICMP, ICMP6, TCP, UDP, Transports
from signal_pipeline.parsing.pcap.headers import HeaderReader
from signal_pipeline.parsing.pcap.http_messages import ANSWER, METHODS, HttpConversation, HttpSide
from signal_pipeline.parsing.pcap.packets import PacketBatch
from signal_pipeline.parsing.pcap.tls_records import ALERTS, TlsSide, begins_tls

DNS_PORTS = (53, 5353, 5355)
MAX_ASKED = 64
_HTTP_WORDS = np.array([int.from_bytes(word, "big") for word in (*METHODS, ANSWER)], np.int64)
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

    def look(self, batch: PacketBatch, read: Transports, packets: Assigned) -> None:
        """One batch, after its packets were counted."""
        rows = packets.row
        wanted, data = _wanted(batch, read, packets)
        places = np.flatnonzero(wanted).tolist()
        at_place, count = 0, len(places)
        for n, flow in enumerate(packets.flows):
            begin, end = packets.bounds[n], packets.bounds[n + 1]
            first = at_place
            while at_place < count and places[at_place] < end:
                at_place += 1
            if first == at_place and not _waits(flow):
                continue
            where = begin
            chosen = iter(places[first:at_place])
            upcoming = next(chosen, end)
            while where < end:
                if not _waits(flow):
                    where = upcoming
                if where >= end:
                    break
                if where == upcoming or data[where]:
                    row = int(rows[where])
                    start = int(read.payload[row])
                    content = batch.data[start : start + int(read.captured[row])].tobytes()
                    lost = int(read.length[row] - read.captured[row])
                    _segment(flow, int(packets.side[where]), content, lost, int(batch.at[read.row[row]]))
                while upcoming <= where:
                    upcoming = next(chosen, end)
                where += 1
        self._icmp_errors(batch, read, packets)

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
        by_row = {int(row): n for n, row in enumerate(packets.row.tolist())} if len(rows) else {}
        for n, row in enumerate(rows.tolist()):
            code = _UNREACHABLE[int(read.protocol[row]), int(read.flags[row])]
            at = int(batch.at[read.row[row]])
            flow = self._table.named(int(keys[inner_of[n]])) if n in inner_of else None
            if flow is None:
                place = by_row[row]
                flow = packets.flows[int(np.searchsorted(packets.bounds, place, "right")) - 1]
            flow.fail(code, "", at)


def _wanted(batch: PacketBatch, read: Transports, packets: Assigned) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which packets to look into, and which have data that are new; both by place in `packets`."""
    rows = packets.row
    protocol = read.protocol[rows]
    captured = read.captured[rows]
    has_data = (captured > 0) & (read.fragment[rows] <= 0)
    tcp = (protocol == TCP) & has_data & ~packets.again
    dns = np.isin(read.source_port[rows], DNS_PORTS) | np.isin(read.target_port[rows], DNS_PORTS)
    udp = (protocol == UDP) & has_data & dns & (captured >= 12)
    at = np.minimum(read.payload[rows], len(batch.data) - 8)
    first = [batch.data[at + n].astype(np.int64) for n in range(4)]
    tls = (first[0] >= 20) & (first[0] <= 22) & (first[1] == 3) & (first[2] <= 4) & (captured >= 5)
    word = first[0] << 24 | first[1] << 16 | first[2] << 8 | first[3]
    http = np.isin(word, _HTTP_WORDS) & (captured >= 5)
    return udp | (tcp & (tls | http | dns)), tcp


def _waits(flow: Flow) -> bool:
    return any(side.stream is not None and side.stream.waits for side in flow.sides)


def _segment(flow: Flow, side: int, data: bytes, lost: int, at: int) -> None:
    stream = flow.sides[side].stream
    if flow.protocol == UDP or flow.ports[1] in DNS_PORTS or flow.ports[0] in DNS_PORTS:
        _dns(flow, data[2:] if flow.protocol == TCP else data, at)
    elif stream is not None and stream.waits:
        (_tls if isinstance(stream, TlsSide) else _http)(flow, side, data, lost, at)
    elif begins_tls(data):
        _tls(flow, side, data, lost, at)
    elif data[:4] in METHODS or data[:4] == ANSWER:
        _http(flow, side, data, lost, at)


def _tls(flow: Flow, side: int, data: bytes, lost: int, at: int) -> None:
    flow.service = flow.service or "tls"
    own = flow.sides[side]
    if not isinstance(own.stream, TlsSide):
        own.stream = TlsSide()
    found = own.stream.feed(data, lost)
    flow.server_name = flow.server_name or found.server_name
    flow.version = found.version or flow.version
    if found.alert is not None:
        flow.fail(f"TLS {ALERTS[found.alert]}", "to" if side == 0 else "from", at)


def _http(flow: Flow, side: int, data: bytes, lost: int, at: int) -> None:
    own = flow.sides[side]
    if not isinstance(own.stream, HttpSide):
        own.stream = HttpSide()
    heads = own.stream.heads(data)
    if lost and own.stream.waits and (torn := own.stream.torn()) is not None:
        heads.append((torn, b""))
    for head, body in heads:
        if flow.http is None:
            flow.http = HttpConversation()
        if flow.http.take(head, body, at):
            flow.service = flow.service or "http"
            if flow.http.waiting and flow.server_name is None:
                host = flow.http.waiting[-1].headers.get("host", "")
                flow.server_name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host or None


def _dns(flow: Flow, data: bytes, at: int) -> None:
    message = dns_message(data)
    if message is None:
        return
    flow.service = flow.service or "dns"
    asked: dict[int, tuple[DnsMessage, int]] = flow.dns if flow.dns is not None else {}
    flow.dns = asked
    if not message.is_answer:
        if len(asked) < MAX_ASKED:
            asked.setdefault(message.identification, (message, at))
        return
    query, _ = asked.pop(message.identification, (message, 0))
    if message.code and flow.ports[1] != 5353:
        flow.fail(_rcode(message), message.name or query.name or "?", at)


def _rcode(message: DnsMessage) -> str:
    return f"DNS {RCODES.get(message.code, f'rcode {message.code}')}"
