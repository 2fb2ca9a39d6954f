"""One round on the whole stack: send, kill meanwhile, wait until all has ended, check. And the round without kills
that it is compared with.

What belongs here: the order of a round and its outcome. What does not: who dies (nemesis.py), what is wrong
(checker.py).
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reliability.broker import Broker, broker_state, shorten_ack_wait
from reliability.checker import Expected, Violation, check
from reliability.client import Client
from reliability.contributions import contributions
from reliability.corpus import item, poison
from reliability.facts import Facts, collect, unfinished_runs
from reliability.journal import Journal
from reliability.nemesis import Nemesis
from signal_pipeline.errors import SignalPipelineError
from signal_pipeline.local.ports import random_ports
from signal_pipeline.local.preparation import prepared_stack
from signal_pipeline.local.stack import LocalStack
from signal_pipeline.platform.platform import Platform

SOURCE = "chaos"
SETTLING_SECONDS = 120.0
# To be told by how much the target was missed.
PATIENCE_SECONDS, PATIENCE_SECONDS_PER_REPORT = 900.0, 0.5
POLL_SECONDS = 0.5
# The nemesis rests when so few are left: those must end in peace. Or after so long, for a machine on which runs take
# longer than the pauses between deaths: nothing gets on there, and only what comes afterwards can be judged.
LEFT_IN_PEACE, MOST_LEFT_IN_PEACE = 0.1, 300
SHORTEST_FAULTS_SECONDS = 90.0
FAULT_SECONDS_PER_REPORT = 0.5
# Attempts that die of us are tried again soon and often; a lost worker is noticed while we wait.
SETTINGS = {
    "LEASE_SECONDS": "15",
    "RETRY_DELAY_SECONDS": "0.2",
    "MAX_ATTEMPTS": "20",
    "UNKNOWN_REPORT_GRACE_SECONDS": "3",
    "INTAKE_WAIT_SECONDS": "4",
}
# A run lives for some seconds: long enough to be killed in the middle, short enough to end between two deaths.
FEWEST_PER_RUN, MOST_PER_RUN = 10, 50
RUNS_PER_ROUND = 100
ACK_WAIT_SECONDS = 5.0


@dataclass(frozen=True)
class Outcome:
    """What a round came to. `settled_seconds` runs from the last fault until nothing was open."""

    seed: int
    accepted: int
    ended: int
    completed: int
    dead_messages: int
    seconds: float
    settled_seconds: float
    kills: Mapping[str, int]
    violations: tuple[Violation, ...]
    open_at_last: str

    def count(self, *invariants: str) -> int:
        return sum(violation.invariant in invariants for violation in self.violations)


Say = Callable[[str], None]


def undisturbed(submissions: int, say: Say, *, model_dir: Path | None = None) -> dict[str, dict[str, Any]]:
    """What each report contributes when nobody dies, and that the checker finds nothing wrong with it.

    `model_dir`: an exported model, for rounds so short that an export for each would count.
    """
    with _world(MOST_PER_RUN, model_dir) as (stack, platform, folder):
        journal = Journal(folder / "journal.jsonl")
        _send(platform, journal, submissions, 0)
        _settle(platform, journal, submissions)
        if still_open := _wait(platform, submissions):
            raise SystemExit(f"the round without faults did not end: {still_open}")
        with platform.database.transaction() as connection:
            found = contributions(connection, [SOURCE])
        facts = collect(platform, [SOURCE], broker_state(stack.settings()))
        if wrong := check(facts, Expected(journal.entries(), found, {}, {}, SETTLING_SECONDS)):
            raise SystemExit("wrong without any fault:\n" + "\n".join(map(str, wrong[:20])))
        say(f"without faults: {len(found)} reports ended")
        return found


def disturbed(
    seed: int,
    submissions: int,
    poisons: int,
    quiet: dict[str, dict[str, Any]],
    say: Say,
    *,
    pace: float = 1.0,
    model_dir: Path | None = None,
) -> Outcome:
    """The same with a nemesis. `pace` makes its pauses longer or shorter."""
    per_run = min(MOST_PER_RUN, max(FEWEST_PER_RUN, submissions // RUNS_PER_ROUND))
    with _world(per_run, model_dir) as (stack, platform, folder):
        journal = Journal(folder / "journal.jsonl")
        began = time.monotonic()
        nemesis = Nemesis(stack, seed, lambda target: say(f"{time.monotonic() - began:6.1f} s  kill -9 {target}"), pace)
        nemesis.start()
        try:
            planted = _send(platform, journal, submissions, poisons)
            enough = submissions - min(LEFT_IN_PEACE * submissions, MOST_LEFT_IN_PEACE)
            over = began + max(SHORTEST_FAULTS_SECONDS, submissions * FAULT_SECONDS_PER_REPORT)
            _wait_for(lambda: nemesis.has_killed_each and _ended(platform) >= enough, over - time.monotonic())
        finally:
            nemesis.stop()
        _wait_for(lambda: all(stack.part(name).is_ready for name in stack.part_names()), SETTLING_SECONDS)
        _settle(platform, journal, submissions)
        still_open = _wait(platform, submissions)
        now = time.monotonic()
        expected = Expected(journal.entries(), quiet, planted, {}, SETTLING_SECONDS)
        facts = collect(platform, [SOURCE], broker_state(stack.settings()))
        return _outcome(seed, facts, expected, (now - began, now - nemesis.last_fault), dict(nemesis.kills), still_open)


def _outcome(
    seed: int,
    facts: Facts,
    expected: Expected,
    seconds: tuple[float, float],
    kills: dict[str, int],
    still_open: str,
) -> Outcome:
    states = [request.state for request in facts.requests]
    return Outcome(
        seed=seed,
        accepted=sum(
            entry.fate == "accepted" and name not in expected.poison for name, entry in expected.journal.items()
        ),
        ended=sum(state in ("COMPLETED", "DEAD", "CANCELLED") for state in states),
        completed=states.count("COMPLETED"),
        dead_messages=sum(letter.kind == "message" for letter in facts.letters),
        seconds=seconds[0],
        settled_seconds=seconds[1],
        kills=kills,
        violations=tuple(check(facts, expected)),
        open_at_last=still_open,
    )


@contextlib.contextmanager
def _world(reports_per_run: int, model_dir: Path | None) -> Iterator[tuple[LocalStack, Platform, Path]]:
    """A fresh stack; the processes of Dagster inherit the settings from the environment as they are started."""
    settings = {**SETTINGS, "REPORTS_PER_RUN": str(reports_per_run)}
    if model_dir is not None:
        settings["MODEL_DIR"] = str(model_dir)
    before = {name: os.environ.get(name) for name in settings}
    with tempfile.TemporaryDirectory(prefix="signal-chaos-") as name:
        folder = Path(name)
        os.environ.update(settings)
        try:
            with (
                prepared_stack(folder / "home", ports=random_ports(), environment=settings) as stack,
                Platform(stack.settings()) as platform,
            ):
                shorten_ack_wait(stack.settings(), ACK_WAIT_SECONDS)
                yield stack, platform, folder
        finally:
            for key, value in before.items():
                if value is None:
                    os.environ.pop(key)
                else:
                    os.environ[key] = value


def _send(platform: Platform, journal: Journal, submissions: int, poisons: int) -> dict[str, tuple[bytes, str]]:
    """From two clients at once, half one way, half the other; the bad messages between the others."""
    client = Client(platform, journal, SOURCE)
    planted: dict[str, tuple[bytes, str]] = {}

    def submitting() -> None:
        for number in range(0, submissions, 2):
            _send_one(client, number)

    def producing() -> None:
        every = max(submissions // max(poisons, 1), 1)
        for number in range(submissions):
            if number % 2:
                _send_one(client, number)
            if number % every == 0 and number // every < poisons:
                _plant(client, number // every, planted)

    threads = [threading.Thread(target=work) for work in (submitting, producing)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return planted


def _send_one(client: Client, number: int) -> None:
    one = item(number)
    if number % 2 or not one.files or None in one.files.values():
        client.produce(one)
    else:
        client.submit(one)


def _plant(client: Client, number: int, planted: dict[str, tuple[bytes, str]]) -> None:
    """Until one of its kind is accepted. One whose answer never came may be there all the same, and is remembered."""
    for repetition in range(100):
        name = f"poison {number} {repetition}"
        planted[name] = poison(number + repetition * 11_000)
        if client.poison(name, planted[name][0]):
            return
        time.sleep(1)
    raise SystemExit(f"poison {number} was never accepted")


def _settle(platform: Platform, journal: Journal, submissions: int) -> None:
    """As a client that does not give up: what got no answer is sent again, unless it is there."""
    client, entries = Client(platform, journal, SOURCE), journal.entries()
    for number in range(submissions):
        name = item(number).name
        if name in entries and entries[name].fate == "accepted":
            continue
        with platform.database.transaction() as connection:
            found = connection.execute(
                "select r.id, exists (select from intake i where i.report_id = r.id) from reports r"
                " where r.source = %s and r.title = %s",
                (SOURCE, name),
            ).fetchall()
        if not found:
            _send_one(client, number)
        elif not found[0][1]:
            client.publish_again(name, found[0][0])


def _ended(platform: Platform) -> int:
    try:
        with platform.database.transaction() as connection:
            row = connection.execute(
                "select count(*) from intake where state in ('COMPLETED', 'DEAD', 'CANCELLED')"
            ).fetchone()
    except SignalPipelineError:
        return 0
    assert row is not None
    return int(row[0])


def _wait(platform: Platform, submissions: int) -> str:
    """Until nothing is open; what still is when patience is over, else nothing."""
    state = "?"

    def is_quiet() -> bool:
        nonlocal state
        with contextlib.suppress(SignalPipelineError):
            state = _still_open(platform)
        return not state

    _wait_for(is_quiet, max(PATIENCE_SECONDS, submissions * PATIENCE_SECONDS_PER_REPORT))
    return state


def _still_open(platform: Platform) -> str:
    with platform.database.transaction() as connection:
        states = connection.execute(
            "select state, count(*) from intake where state not in ('COMPLETED', 'DEAD', 'CANCELLED') group by 1"
        ).fetchall()
        (unannounced,) = connection.execute(
            "select count(*) from dead_letters where announced_at is null"
        ).fetchone() or (0,)
    broker: Broker = broker_state(platform.settings)
    runs = unfinished_runs(platform)
    parts = {"requests": dict(states), "unannounced": unannounced, "runs": len(runs)}
    parts |= {"pending": broker.pending, "unacknowledged": broker.unacknowledged}
    return ", ".join(f"{name}: {value}" for name, value in parts.items() if value)


def _wait_for(holds: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(POLL_SECONDS)
    return False
