"""Which TCP segments were sent again, or out of order, or announce a full window: for a whole batch at once.

The rules are those of Wireshark's analysis of sequence numbers, as far as they need no round trip time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from signal_pipeline.parsing.pcap.flow import FIN, RST, SYN
from signal_pipeline.parsing.pcap.packets import Ints

_SPAN = 1 << 34
_OUT_OF_ORDER_NS = 3_000_000


@dataclass(frozen=True)
class Segments:
    """TCP segments by direction of a flow, each in the order of the file; directions begin at `begins`."""

    begins: Ints
    sequence: Ints
    length: Ints
    flags: Ints
    at: Ints


@dataclass(frozen=True)
class Judged:
    """By segment: sent again, or out of order. By direction: behind the highest byte sent or -1, when it was sent."""

    again: NDArray[np.bool_]
    late: NDArray[np.bool_]
    sequence: Ints
    advanced_at: Ints


def judge(segments: Segments, known: Ints, at_known: Ints) -> Judged:
    """`known` and `at_known` are `Judged.sequence` and `Judged.advanced_at` of the directions before these segments."""
    n = len(segments.sequence)
    group = np.zeros(n, np.int64)
    group[segments.begins[1:]] = 1
    group = np.cumsum(group)
    base = np.where(known >= 0, known, segments.sequence[segments.begins])
    taken = segments.length + ((segments.flags & (SYN | FIN)) > 0)
    relative = ((segments.sequence - base[group] + (1 << 31)) & 0xFFFFFFFF) - (1 << 31)
    reset = segments.flags & RST > 0
    reach = np.where(reset, -(1 << 32), relative + taken) + group * _SPAN
    highest = np.maximum.accumulate(reach)
    before = np.empty(n, np.int64)
    before[1:] = highest[:-1]
    before[segments.begins] = np.where(known >= 0, 0, -(1 << 32)) + group[segments.begins] * _SPAN
    highest = np.maximum(highest, np.where(known >= 0, 0, -(1 << 32))[group] + group * _SPAN)
    before = np.maximum(before, np.where(known >= 0, 0, -(1 << 32))[group] + group * _SPAN)
    advances = reach > before
    last = np.maximum.accumulate(np.where(advances, np.arange(n), -1))
    previous = np.empty(n, np.int64)
    previous[1:] = last[:-1]
    previous[:1] = -1
    within = previous >= segments.begins[group]
    since = segments.at - np.where(within, segments.at[np.maximum(previous, 0)], at_known[group])
    expected = before - group * _SPAN
    keep_alive = (segments.length <= 1) & (relative == expected - 1) & (segments.flags & (SYN | FIN) == 0)
    old = (taken > 0) & ~reset & (relative < expected) & ~keep_alive
    late = old & (since < _OUT_OF_ORDER_NS) & (relative + taken < expected) & (segments.flags & SYN == 0)
    highest -= group * _SPAN
    ends = np.append(segments.begins[1:], n) - 1
    seen, fresh = highest[ends] > -(1 << 31), last[ends] >= segments.begins
    return Judged(
        old & ~late,
        late,
        np.where(seen, (base + highest[ends]) & 0xFFFFFFFF, known),
        np.where(seen & fresh, segments.at[np.maximum(last[ends], 0)], at_known),
    )
