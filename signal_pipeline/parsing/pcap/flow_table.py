"""The flows of a capture: those that are open, by conversation, and those that are over."""

from __future__ import annotations

import numpy as np

from signal_pipeline.parsing.pcap.conversation_keys import conversation_keys, swapped
from signal_pipeline.parsing.pcap.flow import ACK, FIN, PORTED, PUSH, RST, SYN, Endpoint, Flow
from signal_pipeline.parsing.pcap.flow_counts import FlowCounts
from signal_pipeline.parsing.pcap.flow_features import flow_features
from signal_pipeline.parsing.pcap.header_columns import ICMP, ICMP6, TCP, Transports, is_one_of
from signal_pipeline.parsing.pcap.packets import Ints
from signal_pipeline.parsing.pcap.tcp_state import conn_state
from signal_pipeline.parsing.pcap.timeouts import NEVER, Timeouts

MAX_OPEN_FLOWS = 40_000
_COUNTED = ("packets", "wire_bytes", "payload_bytes", "retransmitted", "out_of_order", "zero_windows")
_IS_PORTED = is_one_of(*PORTED)
# Types of ICMP by number: an answer has the number of its request, so that both are one conversation.
_ICMP_REQUESTS, _ICMP6_REQUESTS = np.arange(256), np.arange(256)
_ICMP_REQUESTS[[0, 14, 16, 18, 9]] = 8, 13, 15, 17, 10
_ICMP6_REQUESTS[[129, 134, 136, 131, 132, 140]] = 128, 133, 135, 130, 130, 139


class FlowTable:
    """Open flows by conversation; those that are over are given out once by `finished`."""

    def __init__(self, timeouts: Timeouts) -> None:
        self._timeouts = timeouts
        self._ends_early = min(timeouts.closed, timeouts.attempt) < NEVER
        self.counts = FlowCounts()
        self.opened: dict[int, Flow] = {}
        """By the number of the conversation."""
        self._over: list[Flow] = []
        self._fragments: dict[tuple[int, int, int], tuple[int, int]] = {}
        self.count = 0

    def finished(self, now: int | None = None) -> list[Flow]:
        """Flows that are over, and those that are silent at `now` (ns), or all."""
        over, self._over = self._over, []
        if now is None:
            over += self.opened.values()
            self.opened = {}
        elif len(self.opened) > MAX_OPEN_FLOWS // 4:
            silent = [key for key, flow in self.opened.items() if now - flow.end > self._timeouts.of(flow.protocol)]
            over += [self.opened.pop(key) for key in silent]
            if len(self.opened) > MAX_OPEN_FLOWS:
                oldest = sorted(self.opened.values(), key=lambda flow: flow.end)[: MAX_OPEN_FLOWS // 4]
                over += [self.opened.pop(flow.key) for flow in oldest]
        self._close(over)
        return over

    def _close(self, over: list[Flow]) -> None:
        """Tells flows what was counted of them."""
        totals = self.counts.release([flow.row for flow in over])
        features = flow_features(totals)
        counted = np.stack([totals.sums[name] for name in _COUNTED], axis=2).astype(np.int64).tolist()
        for flow, asked_last, row, sides in zip(over, totals.asked_last.tolist(), features, counted, strict=True):
            flow.asked_last, flow.features = asked_last, row
            for side, values in zip(flow.sides, sides, strict=True):
                side.packets, side.wire_bytes, side.payload_bytes = values[:3]
                side.retransmitted, side.out_of_order, side.zero_windows = values[3:]
            flow.state = conn_state(flow)

    def named(self, key: int) -> Flow | None:
        return self.opened.get(key)

    def keys_of(self, read: Transports) -> Ints:
        """The conversation of each row, for `named`."""
        ports = self.ports(read)
        return conversation_keys(read, *ports, swapped(read, *ports))

    def begin(self, flow: Flow) -> None:
        if (before := self.opened.get(flow.key)) is not None:
            self._over.append(before)
        self.opened[flow.key] = flow
        self.count += 1

    def is_over(self, flow: Flow, at: int) -> bool:
        """Whether a packet at this time (ns) belongs to a new flow."""
        limits = self._timeouts
        if at - flow.end > (limits.tcp if flow.protocol == TCP else limits.other):
            return True
        if flow.protocol != TCP or not self._ends_early:
            return False
        if flow.closed_at:
            return at - flow.closed_at > limits.closed
        if flow.sides[0].state == Endpoint.SYN_SENT and flow.sides[1].state == Endpoint.INACTIVE:
            return at - flow.start > limits.attempt
        return False

    @property
    def shortest(self) -> int:
        """A silence after which a flow may be over. The end of a connection is not moved by what comes after it."""
        limits = self._timeouts
        return min(limits.tcp, limits.other, limits.closed, limits.attempt) // 10

    def is_reuse(self, flow: Flow, flags: int, sequence: int) -> bool:
        """A SYN of another connection: the ports are used again."""
        if flags & (SYN | ACK | FIN | RST | PUSH) != SYN or not self._timeouts.port_reuse:
            return False
        ended = [side.has_ended for side in flow.sides]
        if all(ended) or (self._timeouts.retries_apart and any(ended)):
            return True
        return all(side.first_sequence != sequence for side in flow.sides)

    def ports(self, read: Transports) -> tuple[Ints, Ints]:
        """Ports, with those of fragments after the first as the first one had them."""
        ported = _IS_PORTED[read.protocol]
        a, b = np.where(ported, read.source_port, 0), np.where(ported, read.target_port, 0)
        if self._timeouts.icmp_types:
            for protocol, request_of in ((ICMP, _ICMP_REQUESTS), (ICMP6, _ICMP6_REQUESTS)):
                some = np.flatnonzero(read.protocol == protocol)
                a[some] = b[some] = request_of[read.flags[some] >> 8 & 0xFF]
        parts = np.flatnonzero((read.fragment != 0) & ported)
        columns = (read.fragment[parts], read.source[parts, 1], read.target[parts, 1])
        for at, fragment, source, target in zip(parts.tolist(), *(column.tolist() for column in columns), strict=True):
            who = (source, target, abs(fragment))
            if fragment < 0:
                if len(self._fragments) > 10_000:
                    self._fragments.clear()
                self._fragments[who] = (int(a[at]), int(b[at]))
            else:
                a[at], b[at] = self._fragments.get(who, (0, 0))
        return a, b
