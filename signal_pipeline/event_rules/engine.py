"""The rules over a stream of events, in memory: each event once, whatever the order. In the database the same
functions run over stored occurrences; see storage/business_events.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import heappop, heappush

from signal_pipeline.event_rules.evaluation import Judge
from signal_pipeline.event_rules.occurrences import EventFacts, Sorter
from signal_pipeline.event_rules.rule import BESIDE, Rule, Signal
from signal_pipeline.event_rules.track import Track


class _Keyed(Track):
    """The occurrences of one rule and key, and the signals among them by event."""

    __slots__ = ("judge", "key", "signals")

    def __init__(self, judge: Judge, key: str) -> None:
        super().__init__()
        self.judge, self.key = judge, key
        self.signals: dict[str, Signal] = {}


class RuleEngine:
    """Takes events and the time, and has the signals that hold for the events so far."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        rules = tuple(rules)
        self._sorter = Sorter(rules)
        self._judges = {rule.name: Judge.of(rule) for rule in rules}
        self._tracks: dict[tuple[str, str], _Keyed] = {}
        self._seen: set[str] = set()
        self._due: list[tuple[int, str, str, int, str]] = []
        self.now = 0

    @property
    def signals(self) -> dict[tuple[str, str, str], Signal]:
        """By identity, in no order."""
        return {signal.identity: signal for signal in self._all()}

    def _all(self) -> Iterator[Signal]:
        for track in self._tracks.values():
            yield from track.signals.values()

    def add(self, event: EventFacts) -> bool:
        """Take one event; False when it was there already."""
        event_id = event.event
        if event_id in self._seen:
            return False
        self._seen.add(event_id)
        for rule, key, one in self._sorter.occurrences(event):
            track = self._tracks.get((rule.name, key))
            if track is None:
                track = self._tracks[(rule.name, key)] = _Keyed(self._judges[rule.name], key)
            index, judge = track.add(one), track.judge
            due = judge.due(one)
            if due is not None and due > self.now:
                heappush(self._due, (due, rule.name, key, one.at, event_id))
                if index + 1 == len(track.times) and not one.part & BESIDE:
                    # The latest of its key waits for its time; only the one before it is decided by it.
                    if judge.reach.beside and index:
                        self._judge(track, range(index - 1, index))
                    continue
            self._judge(track, judge.affected(track, index))
        return True

    def advance(self, now: int) -> None:
        """It is `now` (microseconds since 1970 UTC); what was due by then is judged."""
        self.now = max(self.now, now)
        while self._due and self._due[0][0] <= self.now:
            _, name, key, at, event_id = heappop(self._due)
            track = self._tracks[(name, key)]
            index = track.index(at, event_id)
            self._judge(track, range(index, index + 1))

    def _judge(self, track: _Keyed, indexes: range) -> None:
        found = track.judge.signals(track.key, track, indexes, self.now)
        if track.signals:
            for index in indexes:
                track.signals.pop(track.occurrences[index].event, None)
        if found:
            track.signals |= found
