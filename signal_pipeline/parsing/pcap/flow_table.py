"""Which flow each packet belongs to, for a batch at once, and what the flows have counted by then.

Packets are sorted by conversation; only those that may begin or end a connection are looked at one by one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from signal_pipeline.parsing.pcap.flow import ACK, FIN, RST, SYN, Endpoint, Flow
from signal_pipeline.parsing.pcap.header_columns import ICMP, ICMP6, SCTP, TCP, UDP, Transports
from signal_pipeline.parsing.pcap.packets import Ints, PacketBatch
from signal_pipeline.parsing.pcap.sequences import Segments, judge
from signal_pipeline.parsing.pcap.service_ports import SERVER_PORTS
from signal_pipeline.parsing.pcap.tcp_state import saw_flags, saw_segments
from signal_pipeline.parsing.pcap.timeouts import Timeouts

MAX_OPEN_FLOWS = 40_000
_PORTED = (TCP, UDP, SCTP)
_MIX = (
    0x9E3779B97F4A7C15,
    0xC2B2AE3D27D4EB4F,
    0x165667B19E3779F9,
    0xD6E8FEB86659FD93,
    0xA0761D6478BD642F,
    0xE7037ED1A0B428DB,
)


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


class FlowTable:
    """Open flows by conversation; those that are over are given out once by `finished`."""

    def __init__(self, timeouts: Timeouts) -> None:
        self._timeouts = timeouts
        self._open: dict[int, Flow] = {}
        self._over: list[Flow] = []
        self._fragments: dict[tuple[int, int, int], tuple[int, int]] = {}
        self.count = 0

    def add(self, batch: PacketBatch, read: Transports) -> Assigned:
        """Counts the packets of a batch into their flows."""
        ports = self._ports(read)
        return _Adding(self, batch, read, ports).run()

    def finished(self, now: int | None = None) -> list[Flow]:
        """Flows that are over, and those that are silent at `now` (ns), or all."""
        over, self._over = self._over, []
        if now is None:
            over += self._open.values()
            self._open = {}
        elif len(self._open) > MAX_OPEN_FLOWS // 4:
            silent = [key for key, flow in self._open.items() if now - flow.end > self._timeouts.of(flow.protocol)]
            over += [self._open.pop(key) for key in silent]
            if len(self._open) > MAX_OPEN_FLOWS:
                oldest = sorted(self._open.values(), key=lambda flow: flow.end)[: MAX_OPEN_FLOWS // 4]
                over += [self._open.pop(flow.key) for flow in oldest]
        return over

    def named(self, key: int) -> Flow | None:
        return self._open.get(key)

    def keys_of(self, read: Transports) -> Ints:
        """The conversation of each row, for `named`."""
        ports = self._ports(read)
        return _keys(read, *ports, _swapped(read, *ports))

    def begin(self, flow: Flow) -> None:
        if (before := self._open.get(flow.key)) is not None:
            self._over.append(before)
        self._open[flow.key] = flow
        self.count += 1

    def is_over(self, flow: Flow, gap: int) -> bool:
        """Whether a packet `gap` ns after the last one belongs to a new flow."""
        limits = self._timeouts
        if gap > limits.of(flow.protocol):
            return True
        if flow.protocol != TCP:
            return False
        a, b = (side.state for side in flow.sides)
        if Endpoint.RESET in (a, b):
            return gap > limits.reset
        return a == b == Endpoint.CLOSED and gap > limits.closed

    @property
    def shortest(self) -> int:
        limits = self._timeouts
        return min(limits.tcp, limits.other, limits.closed, limits.reset)

    def _ports(self, read: Transports) -> tuple[Ints, Ints]:
        """Ports, with those of fragments after the first as the first one had them."""
        ported = np.isin(read.protocol, _PORTED)
        a, b = np.where(ported, read.source_port, 0), np.where(ported, read.target_port, 0)
        for at in np.flatnonzero((read.fragment != 0) & ported).tolist():
            fragment = int(read.fragment[at])
            who = (int(read.source[at, 1]), int(read.target[at, 1]), abs(fragment))
            if fragment < 0:
                if len(self._fragments) > 10_000:
                    self._fragments.clear()
                self._fragments[who] = (int(a[at]), int(b[at]))
            else:
                a[at], b[at] = self._fragments.get(who, (0, 0))
        return a, b


class _Adding:
    """One batch on its way into the table."""

    def __init__(self, table: FlowTable, batch: PacketBatch, read: Transports, ports: tuple[Ints, Ints]) -> None:
        self._table = table
        self._batch = batch
        self._read = read
        self._ports = ports
        swap = _swapped(read, *ports)
        key = _keys(read, *ports, swap)
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
        row = int(self._order[place])
        read, ports = self._read, (int(self._ports[0][row]), int(self._ports[1][row]))
        source, target = (int(side[row, 0]) << 64 | int(side[row, 1]) for side in (read.source, read.target))
        flags, protocol, at = int(self._flags[place]), int(read.protocol[row]), int(self._at[place])
        turned = flags & (SYN | ACK) == SYN | ACK if flags & SYN else _is_server(ports[0]) and not _is_server(ports[1])
        turned = turned and protocol in _PORTED
        flow = Flow(
            number=self._table.count,
            protocol=protocol,
            family=int(read.family[row]),
            addresses=(target, source) if turned else (source, target),
            ports=(ports[1], ports[0]) if turned else ports,
            start=at,
            end=at,
            key=key,
            tunnelled=bool(read.tunnelled[row]),
            flipped=bool(self._swap[place]) != turned,
        )
        self._table.begin(flow)
        return flow

    def _assigned(self, n: int) -> Assigned:
        bounds = np.array([*self._bounds, n])
        number = np.repeat(np.arange(len(self._flows)), np.diff(bounds))
        flipped = np.array([flow.flipped for flow in self._flows], np.bool_)[number]
        side = (self._swap != flipped).astype(np.int64)
        group = number * 2 + side
        again, late = self._judged(group)
        sums = [
            np.bincount(group, weights, len(self._flows) * 2).astype(np.int64).tolist()
            for weights in (None, self._wire, self._length, again, late, self._closed_window())
        ]
        spoke = np.maximum.reduceat(np.where(self._length > 0, np.arange(n) * 2 + side, -1), bounds[:-1]).tolist()
        for place, flow in enumerate(self._flows):
            if spoke[place] >= 0:
                flow.asked_last = spoke[place] % 2 == 0
            for which, one in enumerate(flow.sides):
                at = place * 2 + which
                one.packets += sums[0][at]
                one.wire_bytes += sums[1][at]
                one.payload_bytes += sums[2][at]
                one.retransmitted += sums[3][at]
                one.out_of_order += sums[4][at]
                one.zero_windows += sums[5][at]
        return Assigned(self._order, side, again, self._flows, bounds.tolist())

    def _closed_window(self) -> NDArray[np.bool_]:
        window = self._read.window[self._order]
        return np.asarray(self._tcp & (window == 0) & (self._flags & (SYN | FIN | RST) == 0))

    def _judged(self, group: Ints) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        again, late = np.zeros(len(group), np.bool_), np.zeros(len(group), np.bool_)
        rows = np.flatnonzero(self._tcp)
        if not len(rows):
            return again, late
        rows = rows[np.argsort(group[rows], kind="stable")]
        groups = group[rows]
        begins = np.concatenate(([0], np.flatnonzero(np.diff(groups)) + 1))
        sides = [self._flows[which // 2].sides[which % 2] for which in groups[begins].tolist()]
        order = self._order[rows]
        segments = Segments(begins, self._read.sequence[order], self._length[rows], self._flags[rows], self._at[rows])
        again[rows], late[rows] = judge(segments, sides)
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


def _swapped(read: Transports, a: Ints, b: Ints) -> NDArray[np.bool_]:
    """Whether the target is the lower end of the conversation."""
    high_a, high_b, low_a, low_b = read.source[:, 0], read.target[:, 0], read.source[:, 1], read.target[:, 1]
    same_high, same_low = high_a == high_b, low_a == low_b
    return np.asarray((high_a > high_b) | (same_high & ((low_a > low_b) | (same_low & (a > b)))))


def _keys(read: Transports, a: Ints, b: Ints, swap: NDArray[np.bool_]) -> Ints:
    """63 bits that are the same for both directions of a conversation."""
    low = np.where(swap[:, None], read.target, read.source)
    high = np.where(swap[:, None], read.source, read.target)
    ports = np.where(swap, b << 16 | a, a << 16 | b)
    icmp = (read.protocol == ICMP) | (read.protocol == ICMP6)
    last = (ports << 10 | read.protocol << 2 | read.tunnelled << 1 | icmp).astype(np.uint64)
    key = np.zeros(len(swap), np.uint64)
    vlan = read.vlan.astype(np.uint64)
    for part, factor in zip((low[:, 0], low[:, 1], high[:, 0], high[:, 1], last, vlan), _MIX, strict=True):
        key = (key ^ part) * np.uint64(factor)
        key ^= key >> np.uint64(29)
    return (key >> np.uint64(1)).astype(np.int64)
