"""Which TCP segments repeat sequence numbers that were seen, for a whole batch at once.

What such a segment is (sent again, out of order, a keep-alive) is in `retransmissions`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from signal_pipeline.parsing.pcap.flow import FIN, RST, SYN
from signal_pipeline.parsing.pcap.packets import Ints

_SPAN = 1 << 34


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
    """By segment: whether it repeats; then of those `places` that do, how far they begin and end before the highest
    byte (positive) and how long ago that was sent, ns. By direction: after the highest byte or -1, when it was sent.
    """

    places: Ints
    begins_before: Ints
    ends_before: Ints
    since: Ints
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
    old = (taken > 0) & ~reset & (relative < expected)
    places = np.flatnonzero(old)
    highest -= group * _SPAN
    ends = np.append(segments.begins[1:], n) - 1
    seen, fresh = highest[ends] > -(1 << 31), last[ends] >= segments.begins
    return Judged(
        places,
        (expected - relative)[places],
        (expected - relative - taken)[places],
        since[places],
        np.where(seen, (base + highest[ends]) & 0xFFFFFFFF, known),
        np.where(seen & fresh, segments.at[np.maximum(last[ends], 0)], at_known),
    )
