"""Death at each named place, at its first and its second pass: afterwards all is as if nobody had died."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from reliability import broker
from reliability.checker import Expected, Violation, check
from reliability.children import Forge
from reliability.client import Client
from reliability.contributions import contributions
from reliability.crash_work import Order, open_settings
from reliability.facts import collect
from reliability.in_process import Line, opened_line
from reliability.journal import Journal
from reliability.recovery import send_the_rest, work_until_quiet
from signal_pipeline.crashpoints import CRASHPOINTS
from signal_pipeline.settings import Settings
from signal_pipeline.storage.intake import in_progress
from signal_pipeline.storage.object_store import ObjectStore
from signal_pipeline_tests.conftest import empty_servers

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.xdist_group("crash_points")]

# One after the other, two files each: so each place is passed twice.
ITEMS = (1, 21)
CASES = [f"{point}:{number}" for point in CRASHPOINTS for number in (1, 2)]
QUIET = "quiet"


@dataclass(frozen=True)
class Aftermath:
    """How each child ended, and what is wrong with what it left, by case."""

    ends: dict[str, int]
    wrong: dict[str, list[Violation]]


@pytest.fixture(scope="module")
def aftermath(
    template_database: Settings, model_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Aftermath]:
    """All die one after the other, each among the remains of those before; then the world goes on, once for all."""
    folder = tmp_path_factory.mktemp("crash")
    with empty_servers(template_database, folder) as empty, opened_line(_short(empty, model_dir)) as line:
        ObjectStore(line.platform.settings).ensure_bucket()
        broker.shorten_ack_wait(line.platform.settings, 1.0)
        with Forge(folder, "reliability.crash_work:WORK") as forge:
            assert forge.do(QUIET, _order(line, folder, QUIET).encode()) == 0
            with line.platform.database.transaction() as connection:
                undisturbed = contributions(connection, [QUIET])
            ends = {case: forge.do(case, _order(line, folder, case, case).encode()) for case in CASES}
        import time; print("crashed", time.process_time()); t0=time.time()
        for case in CASES:
            send_the_rest(line, Client(line.platform, _journal(folder, case), case), case, ITEMS)
        print("sent", time.process_time(), time.time()-t0)
        at_last = work_until_quiet(line)
        print("worked", time.process_time(), time.time()-t0)
        wrong = {}
        for case in CASES:
            expected = Expected(_journal(folder, case).entries(), undisturbed, {}, {}, 0.0)
            facts = collect(line.platform, [case], at_last, with_dagster=False)
            assert len(facts.reports) == len(ITEMS), case
            wrong[case] = check(facts, expected)
        yield Aftermath(ends, wrong)


def _short(settings: Settings, model_dir: Path) -> Settings:
    return settings.model_copy(update={"model_dir": model_dir, "intake_wait_seconds": 0.0, "max_concurrent_tasks": 1})


def _journal(folder: Path, case: str) -> Journal:
    return Journal(folder / f"{case}.jsonl")


def _order(line: Line, folder: Path, source: str, crashpoint: str = "") -> Order:
    """With slots beside those that the dead still hold."""
    with line.platform.database.transaction() as connection:
        _, held = in_progress(connection)
    settings = line.platform.settings.model_copy(update={"max_concurrent_tasks": 1 + held})
    return Order(open_settings(settings), source, str(folder / f"{source}.jsonl"), ITEMS, crashpoint)


@pytest.mark.parametrize("case", CASES)
def test_nothing_is_lost_and_nothing_is_there_twice(aftermath: Aftermath, case: str) -> None:
    assert aftermath.ends[case] == -signal.SIGKILL, "the place was not passed"
    assert aftermath.wrong[case] == []
