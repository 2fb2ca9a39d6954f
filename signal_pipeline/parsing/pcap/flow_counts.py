"""What is counted of each flow: arrays with a row for each open flow, brought up to date a whole batch at once.

A new count is a name in one of the tables here, a line in `FlowCounts.add`, and whoever reads it by its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from signal_pipeline.parsing.pcap.packets import Ints

Floats = NDArray[np.float64]

FLAGS = ("fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr")
"""Bits of a TCP segment's flags, from the lowest."""
_SUMS = (
    "packets", "wire_bytes", "payload_bytes", "payload_squares", "data_packets", "header_bytes", "retransmitted",
    "out_of_order", "zero_windows", "gaps", "gap_us", "gap_squares", *FLAGS,
)  # fmt: skip
_LOW, _HIGH = ("payload_bytes", "gap_us", "header_bytes"), ("payload_bytes", "gap_us")
_BOTH_SUMS = ("gaps", "gap_us", "gap_squares", "idles", "idle_us", "idle_squares", "active_us", "active_squares")
_BOTH_RANGES = ("gap_us", "idle_us", "active_us")
IDLE_US = 5_000_000
"""A silence that is longer parts a flow into times of activity, as CICFlowMeter has it."""
_FIRST_ROWS = 1_024
_LAST, _SEQUENCE, _ADVANCED, _WINDOW = range(4)
_ACTIVE_SINCE, _LAST_OF_BOTH, _SPEAKER = range(3)


@dataclass(frozen=True)
class Counted:
    """Packets of a batch, sorted by flow and within it in the order of the file. `side` is 0 for the originator."""

    at: Ints
    side: Ints
    wire: Ints
    payload: Ints
    header: Ints
    flags: Ints
    window: Ints
    is_tcp: NDArray[np.bool_]
    again: NDArray[np.bool_]
    late: NDArray[np.bool_]


class FlowCounts:
    """Rows of counts, given to flows by `take_row` and given back by `release`."""

    def __init__(self) -> None:
        self._free: list[int] = []
        self._rows = 0
        self._sums = np.zeros((0, len(_SUMS)))
        self._low = np.zeros((0, len(_LOW)))
        self._high = np.zeros((0, len(_HIGH)))
        self._known = np.zeros((0, 4), np.int64)
        self._both = np.zeros((0, len(_BOTH_SUMS)))
        self._both_low = np.zeros((0, len(_BOTH_RANGES)))
        self._both_high = np.zeros((0, len(_BOTH_RANGES)))
        self._both_at = np.zeros((0, 3), np.int64)

    def take_row(self) -> int:
        """A row for a new flow, with nothing counted."""
        if not self._free:
            self._grow()
        return self._free.pop()

    def _clear(self, rows: Ints) -> None:
        """Nothing is counted in these rows."""
        sides = (rows[:, None] * 2 + np.arange(2)).ravel()
        self._sums[sides] = 0
        self._low[sides], self._high[sides] = np.inf, -np.inf
        self._known[sides] = (0, -1, 0, -1)
        self._both[rows], self._both_at[rows] = 0, 0
        self._both_low[rows], self._both_high[rows] = np.inf, -np.inf

    def _grow(self) -> None:
        more = max(self._rows, _FIRST_ROWS)
        for name in ("_sums", "_low", "_high", "_known"):
            have = getattr(self, name)
            setattr(self, name, np.concatenate([have, np.zeros((2 * more, have.shape[1]), have.dtype)]))
        for name in ("_both", "_both_low", "_both_high", "_both_at"):
            have = getattr(self, name)
            setattr(self, name, np.concatenate([have, np.zeros((more, have.shape[1]), have.dtype)]))
        self._free += range(self._rows + more - 1, self._rows - 1, -1)
        self._clear(np.arange(self._rows, self._rows + more))
        self._rows += more

    def release(self, rows: list[int]) -> Totals:
        """What was counted in these rows, which are free from now on."""
        at = np.array(rows, np.int64)
        begun = self._both_at[at, _ACTIVE_SINCE]
        if len(at):
            last = np.maximum(self._both_at[at, _LAST_OF_BOTH] - begun, 0) / 1000
            self._note("active_us", at, last, np.arange(len(at)))
        sides = at[:, None] * 2 + np.arange(2)
        totals = Totals(
            _named(_SUMS, self._sums[sides]),
            _named(_LOW, self._low[sides]),
            _named(_HIGH, self._high[sides]),
            self._known[sides, _WINDOW],
            _named(_BOTH_SUMS, self._both[at]),
            _named(_BOTH_RANGES, self._both_low[at]),
            _named(_BOTH_RANGES, self._both_high[at]),
            self._both_at[at, _SPEAKER] == 1,
        )
        self._clear(at)
        self._free += rows
        return totals

    def has_sent(self, rows: Ints) -> NDArray[np.bool_]:
        """Whether each side of the flows in these rows, flow by flow, has sent data."""
        return np.asarray(self._sums[(rows[:, None] * 2 + np.arange(2)).ravel(), _SUMS.index("data_packets")] > 0)

    def sequences(self, sides: Ints) -> tuple[Ints, Ints]:
        """(the place after the highest byte or -1, when it was sent) of each side: twice the row, plus side."""
        return self._known[sides, _SEQUENCE], self._known[sides, _ADVANCED]

    def learn_sequences(self, sides: Ints, sequence: Ints, advanced_at: Ints) -> None:
        self._known[sides, _SEQUENCE] = sequence
        self._known[sides, _ADVANCED] = advanced_at

    def add(self, rows: Ints, bounds: Ints, packets: Counted) -> None:
        """Counts the packets `bounds[n]:bounds[n + 1]` into row `rows[n]`, for each n."""
        number = np.repeat(np.arange(len(rows)), np.diff(bounds))
        group = number * 2 + packets.side
        sides = (rows[:, None] * 2 + np.arange(2)).ravel()
        self._add_both(rows, bounds[:-1], number, packets)
        order = np.argsort(group, kind="stable")
        groups = group[order]
        begins = np.concatenate(([0], np.flatnonzero(np.diff(groups)) + 1))
        seen = sides[groups[begins]]
        at = packets.at[order]
        gaps = np.diff(at, prepend=0)
        last = self._known[seen, _LAST]
        gaps[begins] = np.where(last > 0, at[begins] - last, -1)
        ends = np.append(begins[1:], len(at)) - 1
        self._known[seen, _LAST] = at[ends]
        has_gap = gaps >= 0
        gap_us = np.where(has_gap, gaps / 1000, 0)
        payload, header = packets.payload[order], packets.header[order]
        columns = [
            np.ones(len(at)), packets.wire[order], payload, payload.astype(np.float64) ** 2, payload > 0, header,
            packets.again[order], packets.late[order], _is_full(packets)[order], has_gap, gap_us, gap_us**2,
        ]  # fmt: skip
        bits = packets.flags[order]
        columns += [bits >> n & 1 for n in range(len(FLAGS))]
        self._sums[seen] += np.add.reduceat(np.array(columns, np.float64), begins, axis=1).T
        high_gap = np.where(has_gap, gap_us, -np.inf)
        low = np.array([payload, np.where(has_gap, gap_us, np.inf), header], np.float64)
        self._low[seen] = np.minimum(self._low[seen], np.minimum.reduceat(low, begins, axis=1).T)
        high = np.array([payload, high_gap], np.float64)
        self._high[seen] = np.maximum(self._high[seen], np.maximum.reduceat(high, begins, axis=1).T)
        first = np.where(packets.is_tcp[order[begins]], packets.window[order[begins]], -1)
        self._known[seen, _WINDOW] = np.where(last > 0, self._known[seen, _WINDOW], first)

    def _add_both(self, rows: Ints, begins: Ints, number: Ints, packets: Counted) -> None:
        """What is counted of a flow whichever way its packets go."""
        at = packets.at
        spoke = np.maximum.reduceat(np.where(packets.payload > 0, np.arange(len(at)) * 2 + packets.side, -1), begins)
        self._both_at[rows, _SPEAKER] = np.where(spoke >= 0, spoke % 2 + 1, self._both_at[rows, _SPEAKER])
        gaps = np.diff(at, prepend=0)
        last = self._both_at[rows, _LAST_OF_BOTH]
        gaps[begins] = np.where(last > 0, at[begins] - last, -1)
        has_gap = gaps >= 0
        gap_us = np.where(has_gap, gaps / 1000, 0)
        self._both[rows, :3] += np.add.reduceat(np.array([has_gap, gap_us, gap_us**2]), begins, axis=1).T
        low = np.minimum.reduceat(np.where(has_gap, gap_us, np.inf), begins)
        self._both_low[rows, 0] = np.minimum(self._both_low[rows, 0], low)
        high = np.maximum.reduceat(np.where(has_gap, gap_us, -np.inf), begins)
        self._both_high[rows, 0] = np.maximum(self._both_high[rows, 0], high)
        since = self._both_at[rows, _ACTIVE_SINCE]
        self._both_at[rows, _ACTIVE_SINCE] = np.where(since > 0, since, at[begins])
        idle = np.flatnonzero(gap_us > IDLE_US)
        if len(idle):
            which = number[idle]
            follows = np.diff(which, prepend=-1) == 0
            begun = np.where(follows, np.roll(at[idle], 1), self._both_at[rows[which], _ACTIVE_SINCE])
            active_us = np.maximum(at[idle] - gaps[idle] - begun, 0) / 1000
            firsts = np.flatnonzero(~follows)
            some = rows[which[firsts]]
            self._both[some, 3] += np.diff(firsts, append=len(idle))
            self._note("idle_us", some, gap_us[idle], firsts)
            self._note("active_us", some, active_us, firsts)
            self._both_at[some, _ACTIVE_SINCE] = at[idle[np.append(firsts[1:], len(idle)) - 1]]
        ends = np.append(begins[1:], len(at)) - 1
        self._both_at[rows, _LAST_OF_BOTH] = at[ends]

    def _note(self, name: str, rows: Ints, values: Floats, begins: Ints) -> None:
        sums, ranges = _BOTH_SUMS.index(name), _BOTH_RANGES.index(name)
        self._both[rows, sums] += np.add.reduceat(values, begins)
        self._both[rows, sums + 1] += np.add.reduceat(values**2, begins)
        self._both_low[rows, ranges] = np.minimum(self._both_low[rows, ranges], np.minimum.reduceat(values, begins))
        self._both_high[rows, ranges] = np.maximum(self._both_high[rows, ranges], np.maximum.reduceat(values, begins))


def _is_full(packets: Counted) -> NDArray[np.bool_]:
    """Segments that announce a full window; those that begin or end a connection announce none."""
    return np.asarray(packets.is_tcp & (packets.window == 0) & (packets.flags & 0b111 == 0))


@dataclass(frozen=True)
class Totals:
    """Counts of flows that are over, by name: a row for each flow, and in it one value for each side or one for both.

    Times are microseconds, lengths bytes; what is `low` and `high` is infinite where there was nothing.
    """

    sums: Mapping[str, Floats]
    low: Mapping[str, Floats]
    high: Mapping[str, Floats]
    first_window: Ints
    """As the first segment of a side announced it; -1 without TCP."""
    both: Mapping[str, Floats]
    both_low: Mapping[str, Floats]
    both_high: Mapping[str, Floats]
    asked_last: NDArray[np.bool_]
    """The last data were the originator's."""


def _named(names: tuple[str, ...], values: Floats) -> dict[str, Floats]:
    return {name: values[..., n] for n, name in enumerate(names)}
