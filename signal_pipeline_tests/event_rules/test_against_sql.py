"""The engine equals SQL over the same events, whatever the order in which they arrive and how often."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime

import psycopg
import pytest

from signal_pipeline.event_rules.engine import RuleEngine
from signal_pipeline.event_rules.occurrences import EventFacts, event_of
from signal_pipeline.event_rules.rule import SECOND
from signal_pipeline.intake.event_acceptance import accept_events, judge_due
from signal_pipeline.settings import Settings
from signal_pipeline.storage.business_events import Incoming
from signal_pipeline.storage.database import Database
from signal_pipeline_tests.event_rules.planted import MINUTE, RULES, START, arrival, stream
from signal_pipeline_tests.event_rules.reference_sql import load, signals

ORDERS = 1_500


def found(engine: RuleEngine) -> dict[str, set[tuple[str, str]]]:
    by_rule: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for signal in engine.signals.values():
        by_rule[signal.rule].add((signal.key, signal.event))
    return by_rule


@pytest.mark.parametrize("seed", [1, 2])
def test_equal_to_sql(settings: Settings, seed: int) -> None:
    events = list(stream(ORDERS, seed))
    engine = RuleEngine(RULES)
    for number, event in enumerate(arrival(events, seed)):
        engine.add(event)
        if number % 97 == 0:
            engine.advance(event.at)
    latest = max(event.at for event in events)
    with psycopg.connect(settings.database_url) as connection:
        load(connection, events)
        for now in (latest, latest + 5 * MINUTE, latest + 24 * 60 * MINUTE):
            engine.advance(now)
            mine, theirs = found(engine), signals(connection, now)
            assert {rule: mine[rule] for rule in theirs} == theirs
    assert all(theirs.values()), "each rule has planted cases"


def at_equal_times(event: EventFacts) -> EventFacts:
    """A producer that writes minutes alone: many events of a key at one time."""
    return replace(event, at=event.at // MINUTE * MINUTE)


def with_skewed_clocks(event: EventFacts) -> EventFacts:
    """One producer is two hours ahead, another an hour behind, a third jumps back at each full hour."""
    hours = {"/shop/web": 120, "/shop/app": -60}
    back = 59 if event.source == "/shop/kiosk" and event.at // (60 * MINUTE) % 2 else 0
    return replace(event, at=event.at + (hours.get(event.source, 0) - back) * MINUTE)


def over_midnight(event: EventFacts) -> EventFacts:
    """Around the last minutes of a day, a month, and a night in which clocks are put forward."""
    return replace(event, at=event.at - START + LAST_MINUTES)


LAST_MINUTES = int(datetime(2024, 3, 30, 23, 58, tzinfo=UTC).timestamp()) * SECOND
SHAPES = [at_equal_times, with_skewed_clocks, over_midnight, lambda event: at_equal_times(with_skewed_clocks(event))]


def much_later(events: list[EventFacts], seed: int) -> list[EventFacts]:
    """In any order at all, a third of them again."""
    chance = random.Random(seed)
    mixed = [*events, *chance.sample(events, len(events) // 3)]
    chance.shuffle(mixed)
    return mixed


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("shape", range(len(SHAPES)))
def test_equal_to_sql_whatever_the_times(settings: Settings, database: Database, shape: int, seed: int) -> None:
    """In memory and in the tables, with times that are equal, wrong, ahead of now, and events that come in any order."""
    events = [SHAPES[shape](event) for event in stream(400, 10 * shape + seed)]
    latest = max(event.at for event in events)
    engine, arrived = RuleEngine(RULES), much_later(events, seed)
    for number, event in enumerate(arrived):
        engine.add(event)
        if number == len(arrived) // 2:
            engine.advance(latest - 90 * MINUTE)  # some events are ahead of it
    now = latest - 90 * MINUTE
    for start in range(0, len(arrived), 300):
        accept_events(database, [Incoming(event) for event in arrived[start : start + 300]], RULES, now=now)
    with psycopg.connect(settings.database_url) as connection:
        load(connection, events)
        for moment in (now, latest + 24 * 60 * MINUTE):
            engine.advance(moment)
            judge_due(database, RULES, now=moment)
            mine, theirs = found(engine), signals(connection, moment)
            assert {rule: mine[rule] for rule in theirs} == theirs
            assert in_tables(database) == theirs


def in_tables(database: Database) -> dict[str, set[tuple[str, str]]]:
    by_rule: dict[str, set[tuple[str, str]]] = {rule.name: set() for rule in RULES}
    with database.transaction() as connection:
        rows = connection.execute("select rule, key, source, event_id from business_signals").fetchall()
    for rule, key, source, event_id in rows:
        by_rule[rule].add((key, event_of(source, event_id)))
    return by_rule


def test_the_order_of_arrival_does_not_matter() -> None:
    events = list(stream(300, 3))
    results = []
    for seed in range(3):
        engine = RuleEngine(RULES)
        taken = [engine.add(event) for event in arrival(events, seed)]
        assert sum(taken) == len(events)
        engine.advance(max(event.at for event in events) + 24 * 60 * MINUTE)
        results.append(engine.signals)
    assert results[0] == results[1] == results[2]
