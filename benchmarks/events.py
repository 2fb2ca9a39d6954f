"""How business events are checked: the suite of JSON Schema, real webhooks and their mutants, the border to logs, the
pace of validation and rules, the rules against SQL over a million events with planted cases, and events from NATS while
the process that takes them is killed.

A share of the webhooks, by a hash of the name, is printed apart; it was seen while the rules were written all the same.
"""

from __future__ import annotations

import json
import time
import zlib
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg

from benchmarks.events_killed import killed
from benchmarks.labelled import DATA
from benchmarks.result import Figure, write_result
from signal_pipeline.event_rules.engine import RuleEngine
from signal_pipeline.event_rules.occurrences import EventFacts
from signal_pipeline.local.ports import random_ports
from signal_pipeline.local.stack import LocalStack
from signal_pipeline.parsing.events.checks import event_checks
from signal_pipeline.parsing.events.decoding import decoded
from signal_pipeline.parsing.events.facts import fields_of
from signal_pipeline.parsing.events.failure import failure_of
from signal_pipeline.parsing.events.kind import EVENTS
from signal_pipeline.parsing.events.reader import facts_for_rules
from signal_pipeline.parsing.events.reading import EventReader
from signal_pipeline.parsing.events.schemas.folder import SchemaFolder
from signal_pipeline.parsing.events.schemas.validator import Validator
from signal_pipeline.parsing.kinds import HEAD_BYTES
from signal_pipeline_tests.event_rules.planted import RULES, SECOND, arrival, stream
from signal_pipeline_tests.event_rules.reference_sql import load, signals
from signal_pipeline_tests.parsing.events.mutants import mutants

REMOTE = "http://localhost:1234"
ORDERS = 235_000
"""About a million events."""
PACE_ORDERS = 12_000
LATE = 0.01


def suite() -> dict[str, Figure]:
    right = known = 0
    for path in sorted((DATA / "events" / "json-schema").glob("*.json")):
        for group in json.loads(path.read_text()):
            if REMOTE in json.dumps(group["schema"]):
                continue
            validator = Validator(group["schema"])
            for case in group["tests"]:
                known += 1
                right += validator.is_valid(case["data"]) == case["valid"]
    return {"suite_2020_12": Figure(right / known, 1, "higher", f"of {known}")}


def webhooks() -> dict[str, Figure]:
    folder, reader = SchemaFolder.read(DATA / "events" / "webhook-schemas"), EventReader()
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    paths = sorted(path for place in ("events", "github") for path in (DATA / place / "webhooks").rglob("*.json"))
    for path in paths:
        payload, name = json.loads(path.read_text()), path.parent.name
        apart = "_apart" if zlib.crc32(path.name.encode()) % 3 == 0 else ""
        event = reader.event(payload, named_by_sender=name)
        found, schema = folder.check(event), folder.find(event)
        if found is None or schema is None:
            continue
        _count(counts[f"webhooks_accepted{apart}"], not found)
        for _, mutant in mutants(payload, schema.outline):
            _count(counts[f"mutants_refused{apart}"], bool(folder.check(reader.event(mutant, named_by_sender=name))))
    return {name: Figure(right / known, 1, "higher", f"of {known}") for name, (right, known) in sorted(counts.items())}


def _count(counted: list[int], right: bool) -> None:
    counted[0] += right
    counted[1] += 1


def border() -> dict[str, Figure]:
    taken = files = 0
    for place in ("logs", "field", "traces", "har", "pcap"):
        for path in (DATA / place).rglob("*"):
            if path.is_file():
                files += 1
                with path.open("rb") as file:
                    taken += EVENTS.claims(file.read(HEAD_BYTES))
    return {"others_taken_for_events": Figure(taken, 0, "lower", f"of {files} files")}


def pace() -> dict[str, Figure]:
    """Decoding, schema, failure, facts, rules of the shipped table; one event in a hundred is late."""
    checks, reader = event_checks(), EventReader()
    engine = RuleEngine(checks.rules)
    bodies = list(_bodies())
    began = time.process_time()
    for number, body in enumerate(bodies):
        whole = decoded(body, 64)
        assert whole is not None
        event = reader.event(whole)
        checks.schemas.check(event)
        failure_of(event)
        engine.add(facts_for_rules(event, fields_of(event, checks.asked), number))
        if number % 500 == 0 and event.at is not None:
            engine.advance(int(event.at.timestamp()) * SECOND)
    seconds = time.process_time() - began
    size = sum(map(len, bodies)) / len(bodies)
    folder = SchemaFolder.read(DATA / "events" / "webhook-schemas")
    real = [(path.read_bytes(), path.parent.name) for path in sorted((DATA / "events" / "webhooks").rglob("*.json"))]
    large = [json.dumps(json.loads(body)).encode() for body, _ in real]
    for body, (_, name) in zip(large, real, strict=True):
        folder.check(reader.event(decoded(body, 64) or {}, named_by_sender=name))
    began = time.process_time()
    for _ in range(40):
        for body, (_, name) in zip(large, real, strict=True):
            folder.check(reader.event(decoded(body, 64) or {}, named_by_sender=name))
    webhook_seconds = time.process_time() - began
    kilobytes = sum(map(len, large)) / len(large) / 1000
    return {
        "checked_with_rules": Figure(len(bodies) / seconds, 10_000, "higher", f"events/CPU s of {size:.0f} bytes"),
        "webhooks_validated": Figure(
            40 * len(large) / webhook_seconds, None, "higher", f"events/CPU s of {kilobytes:.1f} kB"
        ),
    }


def _bodies() -> Iterator[bytes]:
    for event in _in_time(list(stream(PACE_ORDERS, 11))):
        data: dict[str, Any] = {**event.fields, "currency": "EUR", "customer_id": f"c-{event.fields['order_id']}"}
        data["items"] = [{"sku": "desk-lamp", "quantity": 1}] * 4
        time_ = datetime.fromtimestamp(event.at / SECOND, UTC).isoformat()
        envelope = {"specversion": "1.0", "id": event.id, "source": event.source, "type": event.type, "time": time_}
        yield json.dumps({**envelope, "data": data}).encode()


def _in_time(events: list[EventFacts]) -> list[EventFacts]:
    late = 20 * 60 * SECOND
    return sorted(events, key=lambda one: one.at + (late if zlib.crc32(one.id.encode()) < LATE * 2**32 else 0))


def against_sql() -> dict[str, Figure]:
    events = list(stream(ORDERS, 2024))
    engine = RuleEngine(RULES)
    arrived = arrival(events, 2024)
    began = time.process_time()
    taken = 0
    for number, event in enumerate(arrived):
        taken += engine.add(event)
        if number % 1000 == 0:
            engine.advance(event.at)
    now = max(event.at for event in events) + 24 * 3600 * SECOND
    engine.advance(now)
    seconds = time.process_time() - began
    mine: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for signal in engine.signals.values():
        mine[signal.rule].add((signal.key, signal.event))
    with (
        TemporaryDirectory() as home,
        LocalStack(Path(home), with_dagster=False, ports=random_ports(), environment={}) as stack,
        psycopg.connect(stack.settings().database_url) as connection,
    ):
        load(connection, events)
        theirs = signals(connection, now)
    differing = sum(len(mine[rule] ^ found) for rule, found in theirs.items())
    return {
        "differing_from_sql": Figure(differing, 0, "lower", f"of {sum(map(len, theirs.values()))} signals"),
        "sql_events": Figure(len(events), 1_000_000, "higher", "events"),
        "counted_twice_or_lost": Figure(abs(taken - len(events)), 0, "lower", f"of {len(arrived)} deliveries"),
        "engine": Figure(len(arrived) / seconds, None, "higher", "events/CPU s, many late"),
    }


def main() -> None:
    write_result("events", {**suite(), **webhooks(), **border(), **pace(), **against_sql(), **killed()})


if __name__ == "__main__":
    main()
