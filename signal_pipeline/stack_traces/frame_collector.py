"""Collects the frames of one stack: bounded, with recursion collapsed once the bound is reached."""

from __future__ import annotations

from signal_pipeline.stack_traces.model import StackFrame

MAX_PERIOD = 12
"""Longest recursion cycle, in frames, that is recognised: recursive parsers go through some ten functions."""

Call = tuple[str, str, str]


def call_of(frame: StackFrame) -> Call:
    """What makes two frames the same call: lines differ inside one recursion."""
    return (frame.module, frame.function, frame.file)


def repeated_period(calls: list[Call], turns: int) -> int:
    """Length of the cycle whose last `turns` turns end `calls`; 0 when there is none."""
    last = calls[-1]
    for period in range(1, min(MAX_PERIOD, len(calls) // turns) + 1):
        if calls[-1 - period] != last:
            continue
        turn = calls[-period:]
        if all(calls[-period * (back + 1) : -period * back] == turn for back in range(1, turns)):
            return period
    return 0


class FrameCollector:
    """Takes frames in the order of the text; gives them innermost first.

    Up to `limit` frames are kept as they are. Beyond it recursion cycles collapse to two turns, and of what
    is left the innermost `limit` frames stay. Time is linear in the frames added.
    """

    def __init__(self, limit: int, *, outermost_first: bool = False) -> None:
        self._limit = max(limit, 1)
        self._outermost_first = outermost_first
        self._frames: list[StackFrame] = []
        self._calls: list[Call] = []
        self._collapsing = False
        self.truncated = False

    def __len__(self) -> int:
        return len(self._frames)

    def add(self, frame: StackFrame) -> None:
        if not self._collapsing:
            self._frames.append(frame)
            if len(self._frames) > self._limit:
                self._collapse()
            return
        self._add_collapsing(frame)

    def _collapse(self) -> None:
        frames, self._frames = self._frames, []
        self._collapsing = True
        for frame in frames:
            self._add_collapsing(frame)

    def _add_collapsing(self, frame: StackFrame) -> None:
        self._frames.append(frame)
        self._calls.append(call_of(frame))
        period = repeated_period(self._calls, turns=3)
        if period:
            del self._frames[-period:], self._calls[-period:]
            self.truncated = True
        elif len(self._frames) > self._limit:
            self._drop_one()

    def _drop_one(self) -> None:
        self.truncated = True
        gone = 0 if self._outermost_first else -1
        del self._frames[gone], self._calls[gone]

    def frames(self) -> tuple[StackFrame, ...]:
        return tuple(reversed(self._frames)) if self._outermost_first else tuple(self._frames)
