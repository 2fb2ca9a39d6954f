"""Business events from NATS while the process that takes them is killed again and again: none lost, none counted twice,
and the signals of a stream that was judged at once.

`python -m benchmarks.events_killed worker` is the process that takes them, until it is killed.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from nats.aio.client import Client

from benchmarks.result import Figure
from signal_pipeline.event_rules.engine import RuleEngine
from signal_pipeline.event_rules.occurrences import EventFacts, source_and_id
from signal_pipeline.intake.event_messages import accept_event_messages
from signal_pipeline.local.ports import random_ports
from signal_pipeline.local.stack import LocalStack
from signal_pipeline.messaging.connection import run
from signal_pipeline.messaging.receive import receive
from signal_pipeline.messaging.stream import ensure_stream
from signal_pipeline.messaging.stream_configs import event_stream_name
from signal_pipeline.parsing.events.checked import EventChecker
from signal_pipeline.parsing.events.checks import event_checks
from signal_pipeline.parsing.events.decoding import decoded
from signal_pipeline.platform.platform import Platform
from signal_pipeline.settings import Settings, load_settings
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.migrations import migrate
from signal_pipeline_tests.event_rules.planted import SECOND, arrival, stream

ORDERS = int(os.environ.get("BENCH_KILLED_ORDERS", "2500"))
KILLS = int(os.environ.get("BENCH_EVENT_KILLS", "25"))
OF_ONE_MESSAGE, AT_ONCE = 20, 25
SETTLES_SECONDS = 240.0
"""Messages of a process that was killed come again after a minute."""


def worker() -> None:
    with Platform(load_settings()) as platform:
        while True:
            receive(
                platform.settings,
                limit=AT_ONCE,
                wait_seconds=1,
                handle=lambda messages: accept_event_messages(platform, messages),
                stream=event_stream_name(platform.settings.nats_stream),
            )


def killed() -> dict[str, Figure]:
    events = list(stream(ORDERS, 77))
    arrived = arrival(events, 77)
    shares = [arrived[start : start + OF_ONE_MESSAGE] for start in range(0, len(arrived), OF_ONE_MESSAGE)]
    messages = [b"\n".join(map(_body, share)) for share in shares]
    with (
        TemporaryDirectory() as home,
        LocalStack(Path(home), with_dagster=False, ports=random_ports(), environment={}) as stack,
    ):
        settings = stack.settings()
        migrate(settings)
        ensure_stream(settings)
        environment = {**os.environ, **stack.environment()}
        _publish(settings, messages)
        kills = _kill_again_and_again(environment, settings)
        return _compared(settings, events, len(arrived), kills)


def _body(event: EventFacts) -> bytes:
    time_ = datetime.fromtimestamp(event.at / SECOND, UTC).isoformat()
    data = {**event.fields, "currency": "EUR"}
    return json.dumps(
        {"specversion": "1.0", "id": event.id, "source": event.source, "type": event.type, "time": time_, "data": data}
    ).encode()


def _publish(settings: Settings, messages: Sequence[bytes]) -> None:
    async def work(client: Client) -> None:
        jetstream = client.jetstream()
        for body in messages:
            await jetstream.publish("events.shop", body, timeout=30)

    run(settings, work, "producer")


def _kill_again_and_again(environment: dict[str, str], settings: Settings) -> int:
    """How often one was killed; when this returns, all messages are acknowledged."""
    chance, kills = random.Random(5), 0
    ends = time.monotonic() + SETTLES_SECONDS
    while _left(settings):
        child = subprocess.Popen([sys.executable, "-m", "benchmarks.events_killed", "worker"], env=environment)
        pause = chance.uniform(1.0, 4.0) if kills < KILLS else SETTLES_SECONDS
        dies = time.monotonic() + pause
        while time.monotonic() < dies and _left(settings):
            time.sleep(0.05)
        child.kill()
        child.wait()
        kills += 1
        if kills <= KILLS:
            ends = time.monotonic() + SETTLES_SECONDS
        if time.monotonic() > ends:
            break
    return kills


def _left(settings: Settings) -> int:
    """Messages that are not acknowledged."""

    async def work(client: Client) -> int:
        found = await client.jetstream().stream_info(event_stream_name(settings.nats_stream))
        return int(found.state.messages)

    return run(settings, work)


def _compared(settings: Settings, events: Sequence[EventFacts], deliveries: int, kills: int) -> dict[str, Figure]:
    database = Database(settings)
    try:
        with database.transaction() as connection:
            rows = connection.execute("select source, event_id from business_events").fetchall()
            found = set(connection.execute("select rule, key, source, event_id from business_signals").fetchall())
    finally:
        database.close()
    sent = {(event.source, event.id) for event in events}
    expected = _expected(settings, events)
    return {
        "events_lost": Figure(len(sent - set(rows)), 0, "lower", f"of {len(sent)}, {kills} kills"),
        "events_doubled": Figure(len(rows) - len(set(rows)), 0, "lower", f"of {deliveries} deliveries"),
        "signals_wrong_after_kills": Figure(len(found ^ expected), 0, "lower", f"of {len(expected)} signals"),
    }


def _expected(settings: Settings, events: Sequence[EventFacts]) -> set[tuple[str, str, str, str]]:
    """By the engine in memory, from the same events as they are read and redacted."""
    with Platform(settings) as platform:
        checks = event_checks()
        checker = EventChecker(checks, platform.redactor())
    engine = RuleEngine(checks.rules)
    violations: set[tuple[str, str, str, str]] = set()
    for event in events:
        one = checker.check(decoded(_body(event), 64) or {})
        engine.add(one.facts)
        violations |= {("schema", subject, one.facts.source, one.facts.id) for subject in one.subjects}
    engine.advance(time.time_ns() // 1000)
    return {(one.rule, one.key, *source_and_id(one.event)) for one in engine.signals.values()} | violations


if __name__ == "__main__" and sys.argv[1:] == ["worker"]:
    worker()
