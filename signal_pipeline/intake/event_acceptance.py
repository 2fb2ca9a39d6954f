"""Recording events and judging them by the rules, in one transaction: each event counts once, however often it comes.

A process that is killed leaves either all of a batch or nothing of it. What a transaction judges: judging.py.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import psycopg

from signal_pipeline.crashpoints import crashpoint
from signal_pipeline.event_rules.occurrences import event_of
from signal_pipeline.event_rules.rule import Rule
from signal_pipeline.event_rules.versions import digest_of
from signal_pipeline.intake.judging import Due, Judging
from signal_pipeline.storage import business_events as stored
from signal_pipeline.storage.business_events import Incoming
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.event_days import forget_judgements_of, numbers_of_day, signals_of
from signal_pipeline.storage.rule_states import set_states

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
    Judging(connection, rules, now).take([one.facts for one in fresh if one.is_timed])
    violations = sum(bool(one.subjects) for one in fresh)
    done = Accepted(len(fresh), len(events) - len(fresh), violations)
    stored.count_outcomes(
        connection, {"accepted": done.accepted, "duplicate": done.duplicates, "violation": done.violations}
    )
    return done


def judge_due(database: Database, rules: tuple[Rule, ...], now: int | None = None) -> int:
    """Judge what needs no further event, such as an order that was not paid in time; returns how many there were."""
    now = microseconds_now() if now is None else now
    total = 0
    while True:
        with database.transaction() as connection:
            stored.take_turn(connection)
            due = stored.due_occurrences(connection, now, DUE_AT_ONCE)
            Judging(connection, rules, now).judge([(rule, key, at, event_of(s, i)) for rule, key, at, s, i in due])
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
        set_states(connection, {rule.name: digest_of(rule) for rule in rules})
        while True:
            last, facts = stored.events_after(connection, number, REPLAYED_AT_ONCE)
            if last == number:
                return total
            Judging(connection, rules, now).take(facts)
            total, number = total + len(facts), last


def without_events_of(
    connection: psycopg.Connection,
    report_id: UUID,
    rules: tuple[Rule, ...],
    erase: Callable[[], None],
    now: int | None = None,
) -> None:
    """Do `erase`, which deletes the events of a report, and judge the events of others again that lay beside them."""
    if not stored.has_events(connection, report_id):
        erase()
        return
    stored.take_turn(connection)
    judging = Judging(connection, rules, microseconds_now() if now is None else now)
    beside: set[Due] = set()
    for some in stored.occurrences_of_report(connection, report_id, REPLAYED_AT_ONCE):
        beside.update(judging.beside(some))
    erase()
    left = sorted(stored.still_there(connection, beside))
    for start in range(0, len(left), REPLAYED_AT_ONCE):
        judging.judge(left[start : start + REPLAYED_AT_ONCE])


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
            Judging(connection, rules, now).take(facts)
        after = signals_of(connection, numbers)
    by_rule = Counter(rule for rule, *_ in sorted(after))
    return DayJudged(by_rule, len(after - before), len(before - after))


def tallied(done: Iterable[Accepted]) -> Accepted:
    """The sum of several batches."""
    total: Counter[str] = Counter()
    for one in done:
        total.update(vars(one))
    return Accepted(total["accepted"], total["duplicates"], total["violations"])
