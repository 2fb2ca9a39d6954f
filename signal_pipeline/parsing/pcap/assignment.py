"""Which flow each packet of a batch belongs to, and what the flows have counted by then.

Packets are sorted by conversation; only those that may begin or end a connection are looked at one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from signal_pipeline.parsing.pcap.conversation_keys import conversation_keys, swapped
from signal_pipeline.parsing.pcap.flow import ACK, FIN, PORTED, RST, SYN, Endpoint, Flow
from signal_pipeline.parsing.pcap.flow_counts import Counted
from signal_pipeline.parsing.pcap.flow_table import FlowTable
from signal_pipeline.parsing.pcap.header_columns import TCP, Transports
from signal_pipeline.parsing.pcap.packets import Ints, PacketBatch, words
from signal_pipeline.parsing.pcap.retransmissions import FAST_NS, Acknowledged, Repeated, sent_again
from signal_pipeline.parsing.pcap.sequences import Segments, judge
from signal_pipeline.parsing.pcap.service_ports import is_server
from signal_pipeline.parsing.pcap.tcp_state import saw_flags, saw_segment

_Head = tuple[Any, ...]
"""Addresses (halves of 64 bits), row, protocol, family, ports, whether inside a tunnel."""


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
    counted: Ints
    """Where each of the flows is counted: its `row`."""
    bounds: list[int]
    begun: list[Flow]
    """Those of the flows that have their first packet here."""
    first_data: Ints
    """The packets that are the first with data of their side of a flow."""


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
            return Assigned(self._order, self._order, np.zeros(0, np.bool_), [], self._order, [0], [], self._order)
        first = np.concatenate(([0], np.flatnonzero(np.diff(self._key)) + 1))
        gap = np.diff(self._at, prepend=self._at[0])
        marked = self._flags & (SYN | FIN | RST)
        events = np.flatnonzero((marked > 0) | (gap > self._table.shortest))
        at = self._at.tolist()
        heads = self._heads(first)
        beginnings = events[(marked[events] & SYN > 0) | (marked[events] == 0)]
        heads_of = dict(zip(beginnings.tolist(), self._heads(beginnings), strict=True))
        marks = zip(
            events.tolist(),
            marked[events].tolist(),
            self._flags[events].tolist(),
            self._swap[events].tolist(),
            self._read.sequence[self._order[events]].tolist(),
            strict=True,
        )
        nothing = (n, 0, 0, False, 0)
        place, mark, flags, swap, sequence = next(marks, nothing)
        groups = zip(self._key[first].tolist(), first.tolist(), [*first.tolist()[1:], n], heads, strict=True)
        opened, over_after = self._table.opened, self._table.shortest
        for key, begin, end, head in groups:
            flow = opened.get(key)
            if flow is not None and flow.settled and place >= end and at[begin] - flow.end <= over_after:
                self._flows.append(flow)  # of most flows, most batches only have packets of their middle
                self._bounds.append(begin)
                flow.end = max(flow.end, at[end - 1])
                continue
            first_mark = flags if place == begin else 0
            if flow is None or self._splits(flow, at[begin], first_mark, sequence):
                flow = self._begin(key, begin, head)
            start = begin
            while place < end:
                if place > start:
                    self._plain(flow, start, place, at)
                if place > begin and self._splits(flow, at[place], flags, sequence):
                    flow = self._begin(key, place, heads_of.get(place) or next(self._heads(np.array([place]))))
                start = place
                if mark:
                    self._put(flow, place)
                    flow.settled = False
                    saw_flags(flow, int(swap != flow.flipped), flags, at[place], sequence if mark & SYN else -1)
                    flow.end = max(flow.end, at[place])
                    start = place + 1
                place, mark, flags, swap, sequence = next(marks, nothing)
            if start < end:
                self._plain(flow, start, end, at)
        return self._assigned(n)

    def _splits(self, flow: Flow, at: int, flags: int, sequence: int) -> bool:
        """Whether the packet at this time begins a new flow."""
        if self._table.is_over(flow, at):
            return True
        return bool(flags & SYN) and self._table.is_reuse(flow, flags, sequence)

    def _put(self, flow: Flow, start: int) -> None:
        if not self._flows or self._flows[-1] is not flow:
            self._flows.append(flow)
            self._bounds.append(start)

    def _plain(self, flow: Flow, start: int, end: int, at: list[int]) -> None:
        """Packets that neither begin nor end anything."""
        self._put(flow, start)
        flow.end = max(flow.end, at[end - 1])
        if flow.settled:
            return
        if flow.protocol != TCP:
            flow.settled = True
            return
        client, server = flow.sides
        if Endpoint.INACTIVE in (client.state, server.state):
            self._open_sides(flow, start, end)
        if flow.handshake_ns is not None and not flow.round_trip_ns:
            first = start  # mostly it is the next segment that acknowledges the answer
            if self._swap.item(start) != flow.flipped:
                first += int(np.argmax(self._swap[start:end] == flow.flipped))
            if self._swap.item(first) == flow.flipped:
                flow.round_trip_ns = at[first] - flow.syn_at
        answered = flow.handshake_ns is None or flow.round_trip_ns != 0
        flow.settled = answered and Endpoint.INACTIVE not in (client.state, server.state)

    def _open_sides(self, flow: Flow, start: int, end: int) -> None:
        """Segments of sides that have sent nothing yet."""
        sender = self._swap[start:end] != flow.flipped
        for side in (int(sender[0]), 1 - int(sender[0])):
            if flow.sides[side].state != Endpoint.INACTIVE:
                continue
            own = np.flatnonzero(sender == bool(side)) + start
            for place in own[:1].tolist() + own[self._length[own] > 0][:1].tolist():
                if flow.sides[side].state == Endpoint.INACTIVE:
                    saw_segment(flow, side, self._length.item(place) > 0, bool(self._flags.item(place) & ACK))

    def _heads(self, places: Ints) -> Iterator[_Head]:
        """What a flow that begins at each of these places is told of."""
        rows, read = self._order[places], self._read
        source, target = read.source[rows].tolist(), read.target[rows].tolist()
        columns = (
            rows,
            read.protocol[rows],
            read.family[rows],
            self._ports[0][rows],
            self._ports[1][rows],
            read.tunnelled[rows],
        )
        return zip(source, target, *(column.tolist() for column in columns), strict=True)

    def _begin(self, key: int, place: int, head: _Head) -> Flow:
        (source_high, source_low), (target_high, target_low), row, protocol, family, *ends, tunnelled = head
        source, target = source_high << 64 | source_low, target_high << 64 | target_low
        flags, at = self._flags.item(place), self._at.item(place)
        turned = protocol in PORTED and _is_from_server(flags, protocol, *ends)
        ports = (ends[0], ends[1]) if protocol in PORTED else (0, 0)
        flow = Flow(
            number=self._table.count,
            protocol=protocol,
            family=family,
            addresses=(target, source) if turned else (source, target),
            ports=(ports[1], ports[0]) if turned else ports,
            start=at,
            end=at,
            key=key,
            row=self._table.counts.take_row(),
            tunnelled=tunnelled,
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
        again, late = self._judged(rows, bounds, number, side)
        read, order = self._read, self._order
        header = read.payload[order] - read.header[order]
        counted = Counted(
            at=self._at, side=side, wire=self._wire, payload=self._length, header=header, flags=self._flags,
            window=read.window[order], is_tcp=self._tcp, again=again, late=late,
        )  # fmt: skip
        has_sent = self._table.counts.has_sent(rows)
        self._table.counts.add(rows, bounds, counted)
        sides = number * 2 + side
        told = np.flatnonzero((self._length > 0) & ~has_sent[sides])
        first_data = told[np.unique(sides[told], return_index=True)[1]]
        begun = [flow for _, flow in self._begun]
        return Assigned(order, side, again, self._flows, rows, bounds.tolist(), begun, first_data)

    def _judged(
        self, rows: Ints, bounds: Ints, number: Ints, side: Ints
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """(sent again, out of order) of each packet; it is of flow `number`, which is counted in `rows[number]`."""
        again, late = np.zeros(len(side), np.bool_), np.zeros(len(side), np.bool_)
        places = np.flatnonzero(self._tcp)
        if not len(places):
            return again, late
        owner = rows[number] * 2 + side
        places = places[np.argsort(owner[places], kind="stable")]
        owners = owner[places]
        begins = np.concatenate(([0], np.flatnonzero(np.diff(owners)) + 1))
        sequence, length, flags = self._read.sequence[self._order[places]], self._length[places], self._flags[places]
        counts = self._table.counts
        judged = judge(Segments(begins, sequence, length, flags, self._at[places]), *counts.sequences(owners[begins]))
        counts.learn_sequences(owners[begins], judged.sequence, judged.advanced_at)
        found = judged.places
        where = places[found]
        if len(found):
            acknowledged = self._acknowledged(where, bounds, number, side)
            round_trip = np.array([flow.round_trip_ns for flow in self._flows], np.int64)[number[where]]
            repeated = Repeated(
                where, judged.begins_before, judged.ends_before, judged.since, sequence[found], length[found],
                flags[found], round_trip,
            )  # fmt: skip
            again[where], late[where] = sent_again(repeated, acknowledged)
        return again, late

    def _acknowledged(self, where: Ints, bounds: Ints, number: Ints, side: Ints) -> Acknowledged:
        """What the other sides of the packets at `where` had acknowledged, as far as this batch says."""
        header, begins = self._read.header[self._order], bounds[number[where]]
        has_ack = self._tcp & (self._flags & ACK > 0)
        before = _last_of(has_ack, side, where)
        acknowledged = np.where(before >= begins, _number(self._batch.data, header[before]), -1)
        wanted = self._read.sequence[self._order[where]]
        asked, last, at = np.ones(len(where), np.bool_), where, self._at
        alone = has_ack & (self._length == 0)
        for n in range(3):
            last = _last_of(alone, side, last if n == 0 else last - 1, side[where])
            asked &= (last >= begins) & (_number(self._batch.data, header[last]) == wanted)
            if n == 0:
                asked &= at[where] - at[last] < FAST_NS
        return Acknowledged(acknowledged, asked)


def _last_of(which: NDArray[np.bool_], side: Ints, places: Ints, own: Ints | None = None) -> Ints:
    """The last of these packets up to each place that the other side than `own` sent, or a negative place."""
    every = np.arange(len(side))
    last = [np.maximum.accumulate(np.where(which & (side == n), every, -1)) for n in (0, 1)]
    own = side[places] if own is None else own
    inside = np.maximum(places, 0)
    return np.where(places < 0, -1, np.where(own == 1, last[0][inside], last[1][inside]))


def _number(data: NDArray[np.uint8], header: Ints) -> Ints:
    """The acknowledgement number of TCP headers."""
    return words(data, header + 8, 4).astype(np.int64)


def _is_from_server(flags: int, protocol: int, source: int, target: int) -> bool:
    """Whether the first packet that was captured is an answer."""
    if flags & SYN:
        return bool(flags & ACK)
    return is_server(source, target, protocol == TCP)
