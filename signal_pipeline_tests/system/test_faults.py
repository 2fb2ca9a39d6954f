"""Sudden death of a part while a report is worked: it completes all the same, with the very rows of a quiet run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from signal_pipeline.local.ending import wait_until
from signal_pipeline_tests.system.product import LONGEST, Product, contribution, in_the_middle, miscounted

pytestmark = pytest.mark.slow


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


def kill_warm_process_and_worker(product: Product) -> None:
    """Nobody is left who is told of the worker's death."""
    (worker,) = product.workers()
    product.kill("warm_process")
    worker.kill()


FAULTS: dict[str, Callable[[Product], None]] = {
    "NATS": lambda product: product.kill("nats"),
    "Postgres": lambda product: product.kill("postgres"),
    "run worker": kill_worker,
    "warm process and run worker": kill_warm_process_and_worker,
    "daemon": lambda product: product.kill("daemon"),
    "S3": lambda product: product.kill("s3"),
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


def test_messages_that_were_stored_before_nats_died_are_worked(product: Product, tmp_path: Path) -> None:
    path = tmp_path / "server.log"
    path.write_text("2026-03-01 10:00:01 ERROR shop - cart is empty\n")
    reports = [product.submit(path) for _ in range(3)]
    product.kill("nats")
    assert [product.wait(report).state for report in reports] == ["COMPLETED"] * 3
    assert product.rows("select count(*) from intake where report_id = any(%s)", reports) == [(3,)]
