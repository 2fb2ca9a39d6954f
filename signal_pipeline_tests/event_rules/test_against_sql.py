"""The engine equals SQL over the same events, whatever the order in which they arrive and how often."""

from __future__ import annotations

from collections import defaultdict

import psycopg
import pytest

from signal_pipeline.event_rules.engine import RuleEngine
from signal_pipeline.settings import Settings
from signal_pipeline_tests.event_rules.planted import MINUTE, RULES, arrival, stream
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
