"""Recording events and judging them by the rules, in one transaction: each event counts once, however often it comes.

The rules are the pure functions of `event_rules`; their state is in the tables, so that a process that is killed leaves
either all of a batch or nothing of it.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import psycopg

from signal_pipeline.crashpoints import crashpoint
from signal_pipeline.event_rules.evaluation import Judge
from signal_pipeline.event_rules.occurrences import EventFacts, Sorter, event_of
from signal_pipeline.event_rules.rule import Occurrence, Rule, Signal
from signal_pipeline.event_rules.track import Track
from signal_pipeline.storage import business_events as stored
from signal_pipeline.storage.business_events import Incoming, Key
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.event_days import forget_judgements_of, numbers_of_day, signals_of

DUE_AT_ONCE = 5_000
REPLAYED_AT_ONCE = 2_000


@dataclass(frozen=True)
class Accepted:
    """How many of a batch were new, were there already, and violated their schema."""

    accepted: int
    duplicates: int
    violations: int


def microseconds_now() -> int:
    return time.time_ns() // 1000


def accept_events(
    database: Database, events: Sequence[Incoming], rules: tuple[Rule, ...], now: int | None = None
) -> Accepted:
    """Record the new ones of `events`, judge what they change, count them. Twice is as good as once."""
    with database.transaction() as connection:
        done = accept_in(connection, events, rules, now)
        crashpoint("before_events_commit")
    return done


def accept_in(
    connection: psycopg.Connection, events: Sequence[Incoming], rules: tuple[Rule, ...], now: int | None = None
) -> Accepted:
    """`accept_events` in a transaction that is open."""
    now = microseconds_now() if now is None else now
    once = list({one.facts.event: one for one in events}.values())
    stored.take_turn(connection)
    new = stored.insert_events(connection, once) if once else set()
    fresh = [one for one in once if one.facts.event in new]
    stored.insert_violations(connection, fresh)
    _Rules(connection, rules, now).take([one.facts for one in fresh if one.is_timed])
    violations = sum(bool(one.subjects) for one in fresh)
    done = Accepted(len(fresh), len(events) - len(fresh), violations)
    stored.count_outcomes(
        connection, {"accepted": done.accepted, "duplicate": done.duplicates, "violation": done.violations}
    )
    return done


def judge_due(database: Database, rules: tuple[Rule, ...], now: int | None = None) -> int:
    """Judge what no event has to come for any more, such as an order that was not paid in time; how many there were."""
    now = microseconds_now() if now is None else now
    total = 0
    while True:
        with database.transaction() as connection:
            stored.take_turn(connection)
            due = stored.due_occurrences(connection, now, DUE_AT_ONCE)
            _Rules(connection, rules, now).judge([(rule, key, at, event_of(s, i)) for rule, key, at, s, i in due])
        total += len(due)
        if len(due) < DUE_AT_ONCE:
            return total


def replay(database: Database, rules: tuple[Rule, ...], now: int | None = None) -> int:
    """Judge all stored events again, by these rules; how many events there were. All or nothing."""
    now = microseconds_now() if now is None else now
    total, number = 0, 0
    with database.transaction() as connection:
        stored.take_turn(connection)
        stored.forget_judgements(connection)
        while True:
            last, facts = stored.events_after(connection, number, REPLAYED_AT_ONCE)
            if last == number:
                return total
            _Rules(connection, rules, now).take(facts)
            total, number = total + len(facts), last


@dataclass(frozen=True)
class DayJudged:
    """How many signals of which rule there are about the events of a day, and how many were not there, or no longer
    are.
    """

    by_rule: Mapping[str, int]
    added: int
    removed: int


def judge_day(
    database: Database, day: date, sources: Sequence[str], rules: tuple[Rule, ...], now: int | None = None
) -> DayJudged:
    """Judge the events of one day (UTC) of these sources again, by these rules, beside all others. All or nothing.

    By the rules that were in force when the events came, nothing changes.
    """
    now = microseconds_now() if now is None else now
    with database.transaction() as connection:
        stored.take_turn(connection)
        numbers = numbers_of_day(connection, day, sources)
        before = signals_of(connection, numbers)
        forget_judgements_of(connection, numbers)
        for start in range(0, len(numbers), REPLAYED_AT_ONCE):
            facts = stored.events_numbered(connection, numbers[start : start + REPLAYED_AT_ONCE])
            _Rules(connection, rules, now).take(facts)
        after = signals_of(connection, numbers)
    by_rule = Counter(rule for rule, *_ in sorted(after))
    return DayJudged(by_rule, len(after - before), len(before - after))


class _Rules:
    """The rules over the occurrences of one transaction."""

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

    def judge(self, due: Iterable[tuple[str, str, int, str]]) -> None:
        """Judge these, whose time has come: (rule, key, at, event)."""
        asked: dict[Key, list[Occurrence]] = defaultdict(list)
        for rule, key, at, event in due:
            if rule in self._judges:  # not of a table that is no longer in force
                asked[(rule, key)].append(Occurrence(at, event, "", 0))
        self._decide(asked, everything=False)

    def _decide(self, asked: dict[Key, list[Occurrence]], *, everything: bool) -> None:
        judged: list[tuple[str, str, str]] = []
        signals: list[Signal] = []
        for key, track in self._tracks(asked).items():
            judge = self._judges[key[0]]
            indexes: set[int] = set()
            for one in asked[key]:
                index = track.index(one.at, one.event)
                indexes.update(judge.affected(track, index) if everything else (index,))
            judged += [(*key, track.occurrences[index].event) for index in indexes]
            signals += judge.signals(key[1], track, sorted(indexes), self._now).values()
        stored.replace_signals(self._connection, judged, signals)

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


def tallied(done: Iterable[Accepted]) -> Accepted:
    """The sum of several batches."""
    total: Counter[str] = Counter()
    for one in done:
        total.update(vars(one))
    return Accepted(total["accepted"], total["duplicates"], total["violations"])
