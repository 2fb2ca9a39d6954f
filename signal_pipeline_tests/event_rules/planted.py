"""Streams of a shop's events with planted cases of each kind of rule, in any order and with repetitions."""

from __future__ import annotations

import random
from collections.abc import Iterator

from signal_pipeline.event_rules.occurrences import EventFacts
from signal_pipeline.event_rules.rule import SECOND, Rule
from signal_pipeline.event_rules.table import rules_of

START = 1_709_287_200 * SECOND
MINUTE = 60 * SECOND
SHARE_OF_CASES = 0.05

TABLE = {
    "rule": [
        {"name": "stalled", "kind": "stalled", "entity": "order_id", "types": ["order.*", "payment.*", "shipment.*"],
         "final": ["order.completed", "order.cancelled"], "within": "6h"},
        {"name": "unpaid", "kind": "follow_up", "entity": "order_id", "types": ["order.placed"],
         "then": ["payment.captured", "order.cancelled"], "within": "30m"},
        {"name": "too_early", "kind": "order", "entity": "order_id", "types": ["shipment.sent"],
         "then": ["payment.captured"], "within": "1m"},
        {"name": "twice", "kind": "duplicate", "entity": "order_id", "types": ["payment.captured"], "same": ["amount"],
         "within": "10m"},
        {"name": "not_positive", "kind": "range", "entity": "source", "types": ["payment.captured"], "value": "amount",
         "min": 0.01, "max": 5000},
        {"name": "unusual", "kind": "history", "entity": "source", "types": ["order.placed"], "value": "amount",
         "history": 50, "least": 20, "deviations": 4},
        {"name": "silent", "kind": "silence", "entity": "source", "types": ["*"], "within": "10m", "window": "30m",
         "least": 20},
        {"name": "flood", "kind": "burst", "entity": "source", "types": ["*"], "window": "1m", "history": "30m",
         "least": 20, "times": 5},
        {"name": "ceiling", "kind": "burst", "entity": "source", "types": ["order.placed"], "window": "1m", "most": 40},
    ]
}  # fmt: skip
RULES: tuple[Rule, ...] = rules_of(TABLE)


def stream(orders: int, seed: int) -> Iterator[EventFacts]:
    """About four events for each order, each event once; one order in twenty has one of the cases."""
    chance = random.Random(seed)
    sources = [f"/shop/{name}" for name in ("web", "app", "kiosk", "phone")]
    clock = dict.fromkeys(sources, START)
    number = 0

    def event(source: str, type_: str, at: int, order: int, amount: float | None = None) -> EventFacts:
        nonlocal number
        number += 1
        fields: dict[str, str | float] = {"order_id": f"A-{order}"}
        if amount is not None:
            fields["amount"] = amount
        return EventFacts(source, f"e{number}", type_, at, fields)

    for order in range(orders):
        source = chance.choice(sources)
        pause = chance.expovariate(1 / 20) * SECOND
        case = chance.randrange(9) if chance.random() < SHARE_OF_CASES else None
        if case == 6:
            pause = 15 * MINUTE
        at = clock[source] = clock[source] + int(pause)
        amount = round(chance.gauss(50, 8), 2) if case != 5 else 900.0
        paid_at = at + chance.randrange(1, 20) * MINUTE
        sent_at = paid_at + chance.randrange(2, 40) * MINUTE
        yield event(source, "order.placed", at, order, amount)
        if case == 0:
            continue
        if case != 1:
            yield event(source, "payment.captured", paid_at, order, -1.0 if case == 4 else amount)
        if case == 3:
            yield event(source, "payment.captured", paid_at + 5 * MINUTE, order, amount)
        yield event(source, "shipment.sent", at + MINUTE if case == 2 else sent_at, order)
        yield event(source, "order.completed", sent_at + (8 * 60 if case == 7 else 60) * MINUTE, order)
        if case == 8:
            burst = chance.randrange(30, 80)
            yield from (event(source, "order.placed", at + n * SECOND // 2, order, amount) for n in range(1, burst))


def arrival(events: list[EventFacts], seed: int) -> list[EventFacts]:
    """Roughly by time, some late, some delivered again."""
    chance = random.Random(seed)
    late = 3 * 60 * MINUTE
    placed = sorted(events, key=lambda one: one.at + (chance.randrange(late) if chance.random() < 0.05 else 0))
    again = chance.sample(placed, len(placed) // 20)
    mixed = placed + again
    return sorted(mixed, key=lambda one: one.at + chance.randrange(MINUTE))
