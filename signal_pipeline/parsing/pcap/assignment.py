"""Which flow each packet of a batch belongs to, and what the flows have counted by then.

Packets are sorted by conversation; only those that may begin or end a connection are looked at one by one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from signal_pipeline.parsing.pcap.conversation_keys import conversation_keys, swapped
from signal_pipeline.parsing.pcap.flow import ACK, FIN, PORTED, RST, SYN, Endpoint, Flow
from signal_pipeline.parsing.pcap.flow_counts import Counted
from signal_pipeline.parsing.pcap.flow_table import FlowTable
from signal_pipeline.parsing.pcap.header_columns import TCP, Transports
from signal_pipeline.parsing.pcap.packets import Ints, PacketBatch
from signal_pipeline.parsing.pcap.sequences import Segments, judge
from signal_pipeline.parsing.pcap.service_ports import SERVER_PORTS
from signal_pipeline.parsing.pcap.tcp_state import saw_flags, saw_segments


@dataclass(frozen=True)
class Assigned:
    """Packets sorted by flow, in the order of the file within each.

    `row` is the place in the `Transports`, `side` who sent it, `again` whether its bytes were seen before; the flow
    `flows[n]` has the packets `bounds[n]:bounds[n + 1]`.
    """

    row: Ints
    side: Ints
    again: NDArray[np.bool_]
    flows: list[Flow]
    bounds: list[int]


def assign(table: FlowTable, batch: PacketBatch, read: Transports) -> Assigned:
    """Counts the packets of a batch into the flows of the table."""
    return _Assignment(table, batch, read).run()


class _Assignment:
    """One batch on its way into the table."""

    def __init__(self, table: FlowTable, batch: PacketBatch, read: Transports) -> None:
        self._table = table
        self._batch = batch
        self._read = read
        self._ports = ports = table.ports(read)
        swap = swapped(read, *ports)
        key = conversation_keys(read, *ports, swap)
        order = np.argsort(key, kind="stable")
        self._order = order
        self._key = key[order]
        self._swap = swap[order]
        self._at = batch.at[read.row][order]
        tcp = read.protocol[order] == TCP
        whole = read.fragment[order] <= 0
        self._flags = np.where(tcp & whole, read.flags[order], 0)
        self._wire = batch.wire[read.row][order]
        self._length = np.where(whole, read.length[order], 0)
        self._tcp = tcp & whole
        self._begun: list[tuple[int, Flow]] = []
        self._flows: list[Flow] = []
        self._bounds: list[int] = []

    def run(self) -> Assigned:
        n = len(self._order)
        if not n:
            return Assigned(self._order, self._order, np.zeros(0, np.bool_), [], [0])
        first = np.concatenate(([0], np.flatnonzero(np.diff(self._key)) + 1))
        gap = np.diff(self._at, prepend=self._at[0])
        events = (self._flags & (SYN | FIN | RST) > 0) | (gap > self._table.shortest)
        places = np.flatnonzero(events).tolist()
        at, flags, swap = self._at.tolist(), self._flags.tolist(), self._swap.tolist()
        next_event = 0
        ends = [*first.tolist()[1:], n]
        keys = self._key[first].tolist()
        for key, begin, end in zip(keys, first.tolist(), ends, strict=True):
            flow = self._table.named(key)
            start = begin
            if (
                flow is None
                or self._table.is_over(flow, at[begin] - flow.end)
                or _reuses(flow, flags[begin], swap[begin])
            ):
                flow = self._begin(key, begin)
            while next_event < len(places) and places[next_event] < end:
                place = places[next_event]
                next_event += 1
                if place > start:
                    self._plain(flow, start, place, at)
                if place > begin and self._splits(flow, place, at, flags, swap):
                    flow = self._begin(key, place)
                start = place
                if flags[place] & (SYN | FIN | RST):
                    self._put(flow, place)
                    saw_flags(flow, int(swap[place] != flow.flipped), flags[place], at[place])
                    flow.end = max(flow.end, at[place])
                    start = place + 1
            if start < end:
                self._plain(flow, start, end, at)
        return self._assigned(n)

    def _splits(self, flow: Flow, place: int, at: list[int], flags: list[int], swap: list[bool]) -> bool:
        return self._table.is_over(flow, at[place] - flow.end) or _reuses(flow, flags[place], swap[place])

    def _put(self, flow: Flow, start: int) -> None:
        if not self._flows or self._flows[-1] is not flow:
            self._flows.append(flow)
            self._bounds.append(start)

    def _plain(self, flow: Flow, start: int, end: int, at: list[int]) -> None:
        """Packets that neither begin nor end anything."""
        self._put(flow, start)
        flow.end = max(flow.end, at[end - 1])
        if flow.protocol == TCP:
            sides = self._swap[start:end] != flow.flipped
            if flow.sides[1].state == Endpoint.INACTIVE and sides.any():
                saw_segments(flow, 1)
            if flow.sides[0].state == Endpoint.INACTIVE and not sides.all():
                saw_segments(flow, 0)

    def _begin(self, key: int, place: int) -> Flow:
        row = self._order.item(place)
        read, ports = self._read, (self._ports[0].item(row), self._ports[1].item(row))
        source, target = (side.item(row, 0) << 64 | side.item(row, 1) for side in (read.source, read.target))
        flags, protocol, at = self._flags.item(place), read.protocol.item(row), self._at.item(place)
        turned = flags & (SYN | ACK) == SYN | ACK if flags & SYN else _is_server(ports[0]) and not _is_server(ports[1])
        turned = turned and protocol in PORTED
        flow = Flow(
            number=self._table.count,
            protocol=protocol,
            family=read.family.item(row),
            addresses=(target, source) if turned else (source, target),
            ports=(ports[1], ports[0]) if turned else ports,
            start=at,
            end=at,
            key=key,
            row=self._table.counts.take_row(),
            tunnelled=read.tunnelled.item(row),
            flipped=self._swap.item(place) != turned,
        )
        self._table.begin(flow)
        self._begun.append((row, flow))
        return flow

    def _assigned(self, n: int) -> Assigned:
        first = self._table.count - len(self._begun)
        for place, (_, flow) in enumerate(sorted(self._begun, key=lambda begun: begun[0])):
            flow.number = first + place
        bounds = np.array([*self._bounds, n])
        rows = np.array([flow.row for flow in self._flows], np.int64)
        number = np.repeat(np.arange(len(self._flows)), np.diff(bounds))
        flipped = np.array([flow.flipped for flow in self._flows], np.bool_)[number]
        side = (self._swap != flipped).astype(np.int64)
        again, late = self._judged(rows[number] * 2 + side)
        read, order = self._read, self._order
        header = read.payload[order] - read.header[order]
        counted = Counted(
            at=self._at, side=side, wire=self._wire, payload=self._length, header=header, flags=self._flags,
            window=read.window[order], is_tcp=self._tcp, again=again, late=late,
        )  # fmt: skip
        self._table.counts.add(rows, bounds, counted)
        return Assigned(order, side, again, self._flows, bounds.tolist())

    def _judged(self, side: Ints) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """(sent again, out of order) of each packet; `side`: whose it is, as the table counts."""
        again, late = np.zeros(len(side), np.bool_), np.zeros(len(side), np.bool_)
        places = np.flatnonzero(self._tcp)
        if not len(places):
            return again, late
        places = places[np.argsort(side[places], kind="stable")]
        sides = side[places]
        begins = np.concatenate(([0], np.flatnonzero(np.diff(sides)) + 1))
        segments = Segments(
            begins,
            self._read.sequence[self._order[places]],
            self._length[places],
            self._flags[places],
            self._at[places],
        )
        counts = self._table.counts
        judged = judge(segments, *counts.sequences(sides[begins]))
        again[places], late[places] = judged.again, judged.late
        counts.learn_sequences(sides[begins], judged.sequence, judged.advanced_at)
        return again, late


def _is_server(port: int) -> bool:
    return port in SERVER_PORTS


def _reuses(flow: Flow, flags: int, swap: bool) -> bool:
    """A SYN on a connection that has ended, or with data both ways: the ports are used again."""
    if flags & (SYN | ACK | RST) != SYN or flow.protocol != TCP:
        return False
    states = [side.state for side in flow.sides]
    ended = Endpoint.RESET in states or states[0] == states[1] == Endpoint.CLOSED
    return ended and flow.sides[int(swap != flow.flipped)].state != Endpoint.SYN_SENT
