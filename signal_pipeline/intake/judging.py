"""The rules over the stored occurrences of one transaction. The rules are the pure functions of `event_rules`, their
state is in the tables.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import psycopg

from signal_pipeline.event_rules.evaluation import Judge
from signal_pipeline.event_rules.occurrences import EventFacts, Sorter, event_of
from signal_pipeline.event_rules.rule import Occurrence, Rule, Signal
from signal_pipeline.event_rules.track import Track
from signal_pipeline.storage import business_events as stored
from signal_pipeline.storage.business_events import Key

Due = tuple[str, str, int, str]
"""(rule, key, at, event) of an occurrence that is to be judged."""


class Judging:
    """For one transaction, which has its turn (`business_events.take_turn`)."""

    def __init__(self, connection: psycopg.Connection, rules: tuple[Rule, ...], now: int) -> None:
        self._connection, self._now = connection, now
        self._sorter = Sorter(rules)
        self._judges = {rule.name: Judge.of(rule) for rule in rules}

    def take(self, events: Iterable[EventFacts]) -> None:
        """Judge what new events change, themselves included."""
        new: dict[Key, list[Occurrence]] = defaultdict(list)
        rows = []
        for event in events:
            for rule, key, one in self._sorter.occurrences(event):
                due = self._judges[rule.name].due(one)
                rows.append((rule, key, one, due if due is not None and due > self._now else None))
                new[(rule.name, key)].append(one)
        stored.insert_occurrences(self._connection, rows)
        self._decide(new, everything=True)

    def judge(self, due: Iterable[Due]) -> None:
        """Judge these, whose time has come, or beside which something has gone."""
        asked: dict[Key, list[Occurrence]] = defaultdict(list)
        for rule, key, at, event in due:
            if rule in self._judges:  # not of a table that is no longer in force
                asked[(rule, key)].append(Occurrence(at, event, "", 0))
        self._decide(asked, everything=False)

    def beside(self, going: Iterable[tuple[str, str, Occurrence]]) -> list[Due]:
        """The others that are to be judged again once these (rule, key, occurrence) are gone."""
        asked: dict[Key, list[Occurrence]] = defaultdict(list)
        for rule, name, one in going:
            if rule in self._judges:
                asked[(rule, name)].append(one)
        found: list[Due] = []
        for key, track in self._tracks(asked).items():
            events = {one.event for one in asked[key]}
            indexes = self._affected(key, track, asked[key])
            others = (track.occurrences[index] for index in sorted(indexes))
            found += [(*key, one.at, one.event) for one in others if one.event not in events]
        return found

    def _decide(self, asked: dict[Key, list[Occurrence]], *, everything: bool) -> None:
        judged: list[tuple[str, str, str]] = []
        signals: list[Signal] = []
        for key, track in self._tracks(asked).items():
            judge = self._judges[key[0]]
            if everything:
                indexes = self._affected(key, track, asked[key])
            else:
                indexes = {track.index(one.at, one.event) for one in asked[key]}
            judged += [(*key, track.occurrences[index].event) for index in indexes]
            signals += judge.signals(key[1], track, sorted(indexes), self._now).values()
        stored.replace_signals(self._connection, judged, signals)

    def _affected(self, key: Key, track: Track, changed: Iterable[Occurrence]) -> set[int]:
        """What is to be judged again when these come or go, themselves included."""
        judge = self._judges[key[0]]
        return {index for one in changed for index in judge.affected(track, track.index(one.at, one.event))}

    def _tracks(self, asked: dict[Key, list[Occurrence]]) -> dict[Key, Track]:
        """All that each key has to be judged by: everything of an entity, the surroundings of a producer's events."""
        found: dict[Key, list[Occurrence]] = defaultdict(list)
        few = [key for key in asked if not self._judges[key[0]].rule.by_producer or self._judges[key[0]].needs_all]
        rows = stored.all_occurrences(self._connection, few) if few else []
        for key in asked.keys() - set(few):
            judge, times = self._judges[key[0]], [one.at for one in asked[key]]
            span, beside = judge.span, 2 * judge.beside + 1
            rows += stored.some_occurrences(self._connection, key, min(times) - span, max(times) + span, beside, span)
        for rule, key, at, source, event_id, type_, value, mark in rows:
            part = self._judges[rule].rule.part_of(type_)
            found[(rule, key)].append(Occurrence(at, event_of(source, event_id), type_, part, value, mark))
        return {key: Track(occurrences) for key, occurrences in found.items()}
