"""Rules that change between batches, and events that leave with their report: equal to judging what is left at once."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import psycopg
import pytest

from signal_pipeline.event_rules.engine import RuleEngine
from signal_pipeline.event_rules.occurrences import EventFacts, source_and_id
from signal_pipeline.event_rules.rule import Rule
from signal_pipeline.event_rules.versions import digest_of
from signal_pipeline.intake.event_acceptance import accept_events, judge_due, replay, without_events_of
from signal_pipeline.intake.rule_changes import JUDGED_AT_ONCE, follow_rules
from signal_pipeline.storage.business_events import Incoming
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.reports import insert_report
from signal_pipeline_tests.event_rules.planted import RULES, arrival, stream
from signal_pipeline_tests.intake.test_event_acceptance import LATER, stored

EVENTS = list(stream(600, 9))


def expected(events: list[EventFacts], rules: tuple[Rule, ...], now: int) -> set[tuple[str, str, str, str]]:
    engine = RuleEngine(rules)
    for event in events:
        engine.add(event)
    engine.advance(now)
    return {(one.rule, one.key, *source_and_id(one.event)) for one in engine.signals.values()}


def followed(database: Database, rules: tuple[Rule, ...], now: int = LATER) -> int:
    """In how many steps, with no time for more than one at once."""
    steps = 0
    while follow_rules(database, rules, seconds=0, now=now):
        steps += 1
    return steps


def changed(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """One gone, one new, one of another entity, the others with half the time."""
    halved = [replace(rule, within=rule.within // 2, window=rule.window // 2) for rule in rules[1:]]
    by_source = [replace(rule, entity="source") if rule.name == "twice" else rule for rule in halved]
    return (*by_source, replace(rules[0], name="another"))


@pytest.mark.parametrize("order", [0, 1])
def test_changed_between_batches(database: Database, order: int) -> None:
    """New events come while old ones still wait to be judged by the new rules."""
    events = [Incoming(event) for event in arrival(EVENTS, order)]
    half, new = len(events) // 2, changed(RULES)
    assert half > JUDGED_AT_ONCE // 2
    accept_events(database, events[:half], RULES, now=LATER)
    assert followed(database, RULES) >= 1
    assert follow_rules(database, RULES, seconds=0, now=LATER) == [], "nothing changed"
    follow_rules(database, new, seconds=0, now=LATER)
    accept_events(database, events[half:], new, now=LATER)
    followed(database, new)
    judge_due(database, new, now=LATER)
    assert stored(database) == expected(EVENTS, new, LATER)
    followed(database, RULES)
    assert stored(database) == expected(EVENTS, RULES, LATER)
    assert replay(database, RULES, now=LATER) == len(EVENTS)
    assert follow_rules(database, RULES, seconds=0, now=LATER) == []
    assert stored(database) == expected(EVENTS, RULES, LATER)


def test_says_what_changed(database: Database) -> None:
    accept_events(database, [Incoming(event) for event in EVENTS[:50]], RULES, now=LATER)
    said = follow_rules(database, RULES[:2], seconds=60, now=LATER)
    assert said == [
        f"rules changed: {', '.join(sorted(rule.name for rule in RULES[:2]))}",
        "50 stored events judged by changed rules",
    ]
    assert follow_rules(database, RULES[:1], seconds=60, now=LATER)[0] == f"rules changed: {RULES[1].name}"
    assert len({digest_of(rule) for rule in RULES}) == len(RULES)


def _delete(connection: psycopg.Connection, report: UUID) -> None:
    connection.execute("delete from business_events where report_id = %s", (report,))


Share = Callable[[EventFacts], bool]
SHARES: list[tuple[str, Share]] = [
    ("by chance", lambda event: random.Random(event.id).random() < 0.3),
    ("one type", lambda event: event.type == "payment.captured"),
    ("the middle", lambda event: len(EVENTS) // 3 < EVENTS.index(event) < len(EVENTS) // 2),
    ("everything", lambda event: bool(event.id)),
]


@pytest.mark.parametrize(("name", "leaves"), SHARES, ids=[name for name, _ in SHARES])
def test_events_that_leave_with_their_report(database: Database, name: str, leaves: Share) -> None:
    report = UUID(int=7)
    with database.transaction() as connection:
        insert_report(connection, report, title=None, source="test")
    incoming = [Incoming(event, report_id=report if leaves(event) else None) for event in EVENTS]
    accept_events(database, incoming, RULES, now=LATER)
    judge_due(database, RULES, now=LATER)
    with database.transaction() as connection:
        without_events_of(
            connection,
            report,
            RULES,
            lambda: _delete(connection, report),
            now=LATER,
        )
    left = [event for event in EVENTS if not leaves(event)]
    assert stored(database) == expected(left, RULES, LATER), name
