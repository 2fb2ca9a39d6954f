"""Events in the database: once each, judged in the same transaction, equal to the engine in memory."""

from __future__ import annotations

import os
import random
import signal as signals_of_process
import subprocess
import sys
import textwrap
import threading

import pytest
from pydantic import SecretStr

from signal_pipeline.event_rules.engine import RuleEngine
from signal_pipeline.event_rules.occurrences import source_and_id
from signal_pipeline.intake.event_acceptance import accept_events, judge_due, replay
from signal_pipeline.settings import Settings
from signal_pipeline.storage.business_events import Incoming, outcome_counts, signal_counts
from signal_pipeline.storage.database import Database
from signal_pipeline_tests.event_rules.planted import MINUTE, RULES, arrival, stream

EVENTS = list(stream(250, 5))
LATEST = max(event.at for event in EVENTS)
LATER = LATEST + 24 * 60 * MINUTE


def stored(database: Database) -> set[tuple[str, str, str, str]]:
    with database.transaction() as connection:
        return set(connection.execute("select rule, key, source, event_id from business_signals").fetchall())


def expected(now: int) -> set[tuple[str, str, str, str]]:
    engine = RuleEngine(RULES)
    for event in EVENTS:
        engine.add(event)
    engine.advance(now)
    return {(one.rule, one.key, *source_and_id(one.event)) for one in engine.signals.values()}


def batches(seed: int, size: int) -> list[list[Incoming]]:
    events = [Incoming(event) for event in arrival(EVENTS, seed)]
    return [events[start : start + size] for start in range(0, len(events), size)]


@pytest.mark.parametrize("size", [7, 400])
def test_equal_to_the_engine(database: Database, size: int) -> None:
    total = 0
    for batch in batches(1, size):
        done = accept_events(database, batch, RULES, now=LATEST)
        total += done.accepted
        accept_events(database, batch[: size // 2], RULES, now=LATEST)  # delivered again
    assert total == len(EVENTS)
    assert stored(database) == expected(LATEST)
    assert judge_due(database, RULES, now=LATER) > 0
    assert stored(database) == expected(LATER)
    assert replay(database, RULES, now=LATER) == len(EVENTS)
    assert stored(database) == expected(LATER)
    with database.transaction() as connection:
        assert outcome_counts(connection)["accepted"] == len(EVENTS)
        assert sum(signal_counts(connection).values()) == len(expected(LATER))


def test_many_at_once(database: Database) -> None:
    shares = [batches(seed, 60) for seed in range(3)]

    def work(share: list[list[Incoming]]) -> None:
        for batch in share:
            accept_events(database, batch, RULES, now=LATEST)

    threads = [threading.Thread(target=work, args=(share,)) for share in shares]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stored(database) == expected(LATEST)
    with database.transaction() as connection:
        assert outcome_counts(connection)["accepted"] == len(EVENTS)


def test_violations_are_kept_once(database: Database) -> None:
    batch = [Incoming(EVENTS[0], ("schema a: /b type",)), Incoming(EVENTS[1])]
    first, second = (accept_events(database, batch, RULES, now=EVENTS[0].at) for _ in range(2))
    assert (first.accepted, first.violations) == (2, 1)
    assert (second.accepted, second.duplicates, second.violations) == (0, 2, 0)
    assert ("schema", "schema a: /b type", *source_and_id(EVENTS[0].event)) in stored(database)


def environment_of(settings: Settings) -> dict[str, str]:
    """The settings as a process of its own reads them."""
    values = {name: getattr(settings, name) for name in Settings.model_fields}
    plain = {
        name.upper(): value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        for name, value in values.items()
        if value is not None
    }
    return {**plain, "FORK_SERVER": "false"}


WORKER = textwrap.dedent("""
    from signal_pipeline.settings import load_settings
    from signal_pipeline.storage.database import Database
    from signal_pipeline.intake.event_acceptance import accept_events
    from signal_pipeline_tests.event_rules.planted import RULES
    from signal_pipeline_tests.intake.test_event_acceptance import LATEST, batches
    database = Database(load_settings())
    print("ready", flush=True)
    while True:
        for batch in batches(1, 25):
            accept_events(database, batch, RULES, now=LATEST)
            print("batch", flush=True)
        print("round", flush=True)
""")


def test_killed_at_any_time(database: Database, settings: Settings) -> None:
    """kill -9 in the middle of a batch, again and again: nothing is lost, and nothing counts twice."""
    environment = {**os.environ, **environment_of(settings)}
    chance = random.Random(7)
    for _ in range(6):
        command = [sys.executable, "-c", WORKER]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as child:
            assert child.stdout is not None
            for _ in range(chance.randrange(2, 12)):
                child.stdout.readline()
            os.kill(child.pid, signals_of_process.SIGKILL)
    for batch in batches(2, 100):
        accept_events(database, batch, RULES, now=LATEST)
    assert stored(database) == expected(LATEST)
    with database.transaction() as connection:
        assert outcome_counts(connection)["accepted"] == len(EVENTS)
        assert connection.execute("select count(*) from business_events").fetchone() == (len(EVENTS),)
