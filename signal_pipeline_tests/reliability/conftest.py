"""A world in which somebody died at each of some places, one after the other, and which then went on."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reliability.broker import Broker, shorten_ack_wait
from reliability.checker import Expected, check
from reliability.children import Forge
from reliability.client import Client
from reliability.contributions import contributions
from reliability.crash_work import Order, open_settings
from reliability.facts import Facts, collect
from reliability.in_process import Line, opened_line
from reliability.journal import Journal
from reliability.recovery import send_the_rest, work_until_quiet
from signal_pipeline.crashpoints import CRASHPOINTS
from signal_pipeline.settings import Settings
from signal_pipeline.storage.intake import in_progress
from signal_pipeline.storage.object_store import ObjectStore
from signal_pipeline_tests.servers import empty_servers

# One after the other, two files each: so each place is passed twice.
ITEMS = (1, 21)
# Nobody dies here.
QUIET = "quiet"
ALL_CASES = [f"{point}:{number}" for point in CRASHPOINTS for number in (1, 2)]


def cases() -> list[str]:
    """CRASH_CASES of them by CRASH_SEED, or "all". Half a minute's worth by default: each is a few seconds of work."""
    wanted = os.environ.get("CRASH_CASES", "5")
    if wanted == "all":
        return ALL_CASES
    chosen = random.Random(os.environ.get("CRASH_SEED", "20260301")).sample(ALL_CASES, int(wanted))
    return sorted(chosen, key=ALL_CASES.index)


@dataclass(frozen=True)
class Aftermath:
    """How each child ended, what each left and what was expected of it, by case."""

    line: Line
    broker: Broker
    ends: dict[str, int]
    facts: dict[str, Facts]
    expected: dict[str, Expected]

    def wrong(self, case: str) -> list[str]:
        return [str(violation) for violation in check(self.facts[case], self.expected[case])]


@pytest.fixture(scope="session")
def aftermath(
    template_database: Settings, model_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Aftermath]:
    """All die one after the other, each among the remains of those before; then the world goes on, once for all."""
    folder = tmp_path_factory.mktemp("crash")
    with empty_servers(template_database, folder) as empty, opened_line(_short(empty, model_dir)) as line:
        ObjectStore(line.platform.settings).ensure_bucket()
        shorten_ack_wait(line.platform.settings, 1.0)
        with Forge(folder, "reliability.crash_work:WORK") as forge:
            ends = {QUIET: forge.do(QUIET, _order(line, folder, QUIET).encode())}
            with line.platform.database.transaction() as connection:
                undisturbed = contributions(connection, [QUIET])
            ends |= {case: forge.do(case, _order(line, folder, case, case).encode()) for case in cases()}
        for case in cases():
            send_the_rest(line, Client(line.platform, _journal(folder, case), case), case, ITEMS)
        broker = work_until_quiet(line)
        facts = {case: collect(line.platform, [case], broker, with_dagster=False) for case in ends}
        yield Aftermath(line, broker, ends, facts, {case: _expected(folder, case, undisturbed) for case in ends})


def _short(settings: Settings, model_dir: Path) -> Settings:
    return settings.model_copy(update={"model_dir": model_dir, "intake_wait_seconds": 0.0, "max_concurrent_tasks": 1})


def _journal(folder: Path, case: str) -> Journal:
    return Journal(folder / f"{case}.jsonl")


def _expected(folder: Path, case: str, undisturbed: dict[str, dict[str, Any]]) -> Expected:
    return Expected(_journal(folder, case).entries(), undisturbed, {}, {}, 0.0)


def _order(line: Line, folder: Path, source: str, crashpoint: str = "") -> Order:
    """With slots beside those that the dead still hold."""
    with line.platform.database.transaction() as connection:
        held = in_progress(connection).batches
    settings = line.platform.settings.model_copy(update={"max_concurrent_tasks": 1 + held})
    return Order(open_settings(settings), source, str(folder / f"{source}.jsonl"), ITEMS, crashpoint)
