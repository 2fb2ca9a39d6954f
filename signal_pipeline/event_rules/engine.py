"""The rules over a stream of events, in memory: each event once, whatever the order. In the database the same
functions run over stored occurrences; see storage/business_events.py.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush

from signal_pipeline.event_rules.evaluation import affected, due_of, signals_of
from signal_pipeline.event_rules.occurrences import EventFacts, Sorter
from signal_pipeline.event_rules.rule import Occurrence, Rule, Signal


@dataclass
class _Track:
    """The occurrences of one rule and key, in order."""

    rule: Rule
    key: str
    occurrences: list[Occurrence] = field(default_factory=list)
    times: list[int] = field(default_factory=list)


class RuleEngine:
    """`signals` are those that hold for the events so far at the time `now`."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._sorter = Sorter(tuple(rules))
        self._tracks: dict[tuple[str, str], _Track] = {}
        self._seen: set[str] = set()
        self._due: list[tuple[int, str, str, int, str]] = []
        self.signals: dict[tuple[str, str, str], Signal] = {}
        self.now = 0

    def add(self, event: EventFacts) -> bool:
        """Take one event; False when it was there already."""
        if event.event in self._seen:
            return False
        self._seen.add(event.event)
        for rule, key, one in self._sorter.occurrences(event):
            track = self._tracks.get((rule.name, key))
            if track is None:
                track = self._tracks[(rule.name, key)] = _Track(rule, key)
            if not track.times or (track.times[-1], track.occurrences[-1].event) < one.place:
                track.occurrences.append(one)
                track.times.append(one.at)
            else:
                index = bisect_left(track.occurrences, one.place, key=lambda other: other.place)
                track.occurrences.insert(index, one)
                insort(track.times, one.at)
            self._judge(track, affected(rule, track.times, one.at))
            due = due_of(rule, one)
            if due is not None and due > self.now:
                heappush(self._due, (due, rule.name, key, one.at, one.event))
        return True

    def advance(self, now: int) -> None:
        """It is `now` (microseconds since 1970 UTC); what was due by then is judged."""
        self.now = max(self.now, now)
        while self._due and self._due[0][0] <= self.now:
            _, name, key, at, event = heappop(self._due)
            track = self._tracks[(name, key)]
            index = bisect_left(track.occurrences, (at, event), key=lambda other: other.place)
            self._judge(track, range(index, index + 1))

    def _judge(self, track: _Track, indexes: range) -> None:
        found: Mapping[int, Signal] = signals_of(
            track.rule, track.key, track.occurrences, track.times, indexes, self.now
        )
        for index in indexes:
            identity = (track.rule.name, track.key, track.occurrences[index].event)
            if index in found:
                self.signals[identity] = found[index]
            elif identity in self.signals:
                del self.signals[identity]
