"""Sudden death of a part while a report is processed: it completes all the same, with the exact rows of a quiet run."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from signal_pipeline.messaging.publish import publish_report
from signal_pipeline.processes.termination import wait_until
from signal_pipeline_tests.system.product import LONGEST, Product, contribution, in_the_middle, miscounted

pytestmark = pytest.mark.slow

# Longer than connecting is waited for.
CUT_SECONDS = 8.0


@pytest.fixture(scope="module")
def undisturbed(product: Product, large_log: Path) -> dict[str, Any]:
    """What the report contributes when nothing goes wrong."""
    report = product.submit(large_log)
    assert product.wait(report).state == "COMPLETED"
    found = contribution(product, report)
    assert found["clusters"]
    return found


def kill_worker(product: Product) -> None:
    (worker,) = product.workers()
    worker.kill()


def kill_fork_server_and_worker(product: Product) -> None:
    """Nobody is left who is told of the worker's death."""
    (worker,) = product.workers()
    product.kill("fork_server")
    worker.kill()


def pause_worker_beyond_its_lease(product: Product) -> None:
    """It comes back when another attempt has taken its place, and goes on with what it had in progress."""
    (worker,) = product.workers()
    worker.suspend()
    try:
        attempts = "select max(attempt) from intake where state = 'RUNNING'"
        assert wait_until(lambda: (product.rows(attempts)[0][0] or 0) >= 2, LONGEST)
    finally:
        with suppress(psutil.NoSuchProcess):
            worker.resume()


def pause_postgres(product: Product) -> None:
    """Connections stay and nobody answers, as when the network is cut."""
    server = psutil.Process(product.stack.part("postgres").pid)
    paused = [server, *server.children(recursive=True)]
    for process in paused:
        process.suspend()
    time.sleep(CUT_SECONDS)
    for process in reversed(paused):
        with suppress(psutil.NoSuchProcess):
            process.resume()


FAULTS: dict[str, Callable[[Product], None]] = {
    "NATS": lambda product: product.kill("nats"),
    "Postgres": lambda product: product.kill("postgres"),
    "run worker": kill_worker,
    "fork server and run worker": kill_fork_server_and_worker,
    "daemon": lambda product: product.kill("daemon"),
    "S3": lambda product: product.kill("s3"),
    "worker that sleeps": pause_worker_beyond_its_lease,
    "Postgres that is cut off": pause_postgres,
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_report_completes_all_the_same(
    product: Product, large_log: Path, undisturbed: dict[str, Any], fault: Callable[[Product], None]
) -> None:
    report = product.submit(large_log)
    status = product.wait(report, in_the_middle)
    assert status.state == "RUNNING", "the log is not large enough to have a middle"
    fault(product)
    status = product.wait(report)
    assert status.state == "COMPLETED", status.request
    assert contribution(product, report) == undisturbed
    assert wait_until(product.is_whole, LONGEST)
    assert miscounted(product) == []
    assert product.rows("select count(*) from intake where state in ('RUNNING', 'FAILED')") == [(0,)]
    assert product.rows("select count(*) from dead_letters where report_id = %s", report) == [(0,)]


def test_messages_that_were_stored_before_nats_died_are_processed(product: Product, tmp_path: Path) -> None:
    path = tmp_path / "server.log"
    path.write_text("2026-03-01 10:00:01 ERROR shop - cart is empty\n")
    reports = [product.submit(path) for _ in range(3)]
    product.kill("nats")
    assert [product.wait(report).state for report in reports] == ["COMPLETED"] * 3
    assert product.rows("select count(*) from intake where report_id = any(%s)", reports) == [(3,)]


def test_reports_outlive_flipped_bits_in_the_store_of_nats(product: Product, tmp_path: Path) -> None:
    path = tmp_path / "server.log"
    path.write_text("2026-03-01 10:00:01 ERROR shop - cart is empty\n")
    daemon = psutil.Process(product.stack.part("daemon").pid)
    daemon.suspend()  # so that the messages are still in the store
    try:
        reports = [product.submit(path) for _ in range(3)]
        flip_bits_while_it_is_down(product)
    finally:
        daemon.resume()
    assert [product.wait(report).state for report in reports] == ["COMPLETED"] * 3
    assert product.rows("select count(*) from intake where report_id = any(%s)", reports) == [(3,)]
    assert miscounted(product) == []
    # It is of use again, too: a message alone, as a producer sends it, is taken.
    assert wait_until(product.is_whole, LONGEST)
    with product.platform.database.transaction() as connection:
        connection.execute("delete from intake where report_id = %s", (reports[0],))
    publish_report(product.platform.settings, reports[0])
    assert product.wait(reports[0]).state == "COMPLETED"


def flip_bits_while_it_is_down(product: Product) -> None:
    """One in each block of messages: the server is held, its files are changed, and it never runs again."""
    pid = product.stack.part("nats").pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    blocks = [block for block in product.stack.folder.root.rglob("*.blk") if block.stat().st_size]
    assert blocks, "nothing is stored"
    for block in blocks:
        content = bytearray(block.read_bytes())
        content[len(content) // 2] ^= 0b100
        block.write_bytes(content)
    os.kill(pid, signal.SIGKILL)
