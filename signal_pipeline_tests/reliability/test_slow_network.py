"""Postgres and NATS behind a network that is slow, or that breaks while a report is processed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import dagster as dg
import pytest

from reliability.contributions import contributions
from reliability.proxy import SlowDoor
from signal_pipeline.errors import BrokerUnavailable, DatabaseUnavailable
from signal_pipeline.intake.submission import submit_report
from signal_pipeline.messaging.connection import url_of
from signal_pipeline.messaging.publish import publish_report
from signal_pipeline.messaging.receive import DONE, Received, receive
from signal_pipeline.platform.platform import Platform
from signal_pipeline.reports.overview import report_problems
from signal_pipeline.settings import Settings
from signal_pipeline_tests.messaging.broker import pending
from signal_pipeline_tests.orchestration.conftest import Runner

DELAY_SECONDS = 0.03
"""Each way: as far as another continent is from here."""
LOG = "2026-03-01 10:00:00,000 ERROR [w] shop.Orders - order 17 could not be saved: connection refused\n" * 3


@pytest.fixture
def door(settings: Settings) -> Iterator[SlowDoor]:
    with SlowDoor(settings.db_port, DELAY_SECONDS) as opened:
        yield opened


@pytest.fixture
def far_platform(platform: Platform, door: SlowDoor) -> Iterator[Platform]:
    with Platform(platform.settings.model_copy(update={"db_port": door.port})) as far:
        yield far


def _report(platform: Platform, folder: Path) -> UUID:
    log = folder / "server.log"
    log.write_text(LOG, encoding="utf-8")
    return submit_report(platform, [log], title="far", source="test").report_id


def _contributed(platform: Platform) -> object:
    with platform.database.transaction() as connection:
        return contributions(connection, ["test"])


def test_a_report_is_processed_over_a_slow_network(
    platform: Platform, far_platform: Platform, door: SlowDoor, tmp_path: Path
) -> None:
    report = _report(far_platform, tmp_path)
    with dg.DagsterInstance.ephemeral() as instance:
        assert Runner(instance, far_platform).run([report]).success
    assert door.passed > 0
    (problem,) = report_problems(platform.database, report).problems
    assert problem.frequency == 3


def test_a_network_that_breaks_during_a_report_loses_and_doubles_nothing(
    platform: Platform, far_platform: Platform, door: SlowDoor, tmp_path: Path
) -> None:
    """Cut every half second until a run comes through; then the same counts as without cuts."""
    report = _report(platform, tmp_path)
    cuts = 0
    stop = threading.Event()

    def cutting() -> None:
        nonlocal cuts
        while not stop.wait(0.5) and cuts < 3:
            cuts += bool(door.cut())

    thread = threading.Thread(target=cutting)
    thread.start()
    try:
        with dg.DagsterInstance.ephemeral() as instance:
            runner = Runner(instance, far_platform)
            runs = 0
            while not runner.run([report]).success:
                runs += 1
                assert runs < 20, "no run came through"
    finally:
        stop.set()
        thread.join()
    assert cuts > 0, "nothing was cut"
    before = _contributed(platform)
    with dg.DagsterInstance.ephemeral() as instance:
        assert Runner(instance, platform).run([report]).success
    assert _contributed(platform) == before
    (problem,) = report_problems(platform.database, report).problems
    assert problem.frequency == 3


def test_a_cut_is_a_fault_that_passes(far_platform: Platform, door: SlowDoor) -> None:
    with (
        pytest.raises(DatabaseUnavailable),
        far_platform.database.transaction() as connection,
    ):
        connection.execute("select 1")
        door.cut()
        connection.execute("select 1")
    with far_platform.database.transaction() as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def _taken(settings: Settings, after: Callable[[], object] = lambda: None) -> list[Received]:
    seen: list[Received] = []

    def handle(messages: list[Received]) -> list[object]:
        seen.extend(messages)
        after()
        return [DONE] * len(messages)

    receive(settings, limit=100, wait_seconds=5.0, handle=handle)  # type: ignore[arg-type]
    return seen


def test_messages_come_over_a_slow_network_and_again_when_it_breaks_before_they_are_acknowledged(
    settings: Settings,
) -> None:
    reports = [UUID(int=number, version=4) for number in range(5)]
    place, _, port = settings.nats_url.rpartition(":")
    producer = url_of(settings, "producer").rpartition(":")[0]
    with SlowDoor(int(port), DELAY_SECONDS) as door:
        urls = {"nats_url": f"{place}:{door.port}", "nats_producer_url": f"{producer}:{door.port}"}
        far = settings.model_copy(update=urls)
        for report in reports:
            publish_report(far, report)
        assert len(_taken(far)) == 5
        assert pending(settings) == (0, 0)
        publish_report(far, UUID(int=99, version=4))
        began = time.monotonic()
        with pytest.raises(BrokerUnavailable):
            _taken(far, after=door.cut)
        assert time.monotonic() - began < 60, "it gives up"
        assert pending(settings)[1] == 1, "what was not acknowledged comes again"
