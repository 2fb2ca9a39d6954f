"""Work that is told to stop: cancelled, given back, deleted. Nothing goes on, and nothing else is lost."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path
from uuid import UUID

import pytest

from signal_pipeline.processes.termination import wait_until
from signal_pipeline_tests.system.product import LONGEST, Product, in_the_middle, miscounted

pytestmark = pytest.mark.slow


def in_work(product: Product, large_log: Path) -> UUID:
    report = product.submit(large_log)
    assert product.wait(report, in_the_middle).state == "RUNNING", "the log is not large enough to have a middle"
    return report


def test_a_cancelled_report_ends_with_its_worker(product: Product, large_log: Path) -> None:
    report = in_work(product, large_log)
    result = product.command("cancel", str(report), "--json")
    assert json.loads(result.stdout) == {"report_id": str(report), "cancelled": 1, "were": ["RUNNING"]}
    assert product.status(report).state == "CANCELLED"
    assert wait_until(lambda: product.workers() == [], LONGEST)
    (run,) = product.runs_of(report)
    assert wait_until(lambda: product.run_status(run) in ("CANCELED", "FAILURE"), LONGEST)
    assert product.status(report).state == "CANCELLED"
    assert product.rows("select count(*) from clusterings where report_id = %s", report) == [(0,)]
    assert product.command("cancel", str(report)).stdout.strip() == "nothing is pending or running for this report"


def test_a_worker_that_is_told_to_stop_gives_its_report_back(product: Product, large_log: Path) -> None:
    report = in_work(product, large_log)
    (worker,) = product.workers()
    worker.send_signal(signal.SIGTERM)
    status = product.wait(report)
    assert (status.state, status.request.attempt if status.request else 0) == ("COMPLETED", 2)
    assert product.rows("select failures from intake where report_id = %s", report) == [(0,)]
    assert miscounted(product) == []


# What Dagster's monitor does with a run that exceeded its time.
END_FOR_ITS_TIME = """
import sys
import dagster as dg

with dg.DagsterInstance.get() as instance:
    instance.add_run_tags(sys.argv[1], {"dagster/max_runtime": "1"})
    run = instance.get_run_by_id(sys.argv[1])
    instance.report_run_canceling(run, message="Canceling due to exceeding maximum runtime of 10 seconds.")
    instance.run_launcher.terminate(run_id=run.run_id)
    instance.report_run_failed(run, "Exceeded maximum runtime of 10 seconds.")
"""


def test_a_run_that_exceeded_its_time_is_a_failed_attempt(product: Product, large_log: Path) -> None:
    """It was given back without a failure, and so tried for ever."""
    report = in_work(product, large_log)
    (run,) = product.runs_of(report)
    product.stack.run("monitor", [sys.executable, "-c", END_FOR_ITS_TIME, run])
    status = product.wait(report)
    assert (status.state, status.request.attempt if status.request else 0) == ("COMPLETED", 2)
    assert product.rows("select failures from intake where report_id = %s", report) == [(1,)]
    assert miscounted(product) == []


def test_a_report_in_work_is_deleted_for_good(product: Product, large_log: Path) -> None:
    report = in_work(product, large_log)
    result = product.command("delete", str(report), "--yes", "--json")
    assert result.returncode == 0, result.stdout + result.stderr
    places = {place["place"]: place for place in json.loads(result.stdout)["places"]}
    assert {name for name, place in places.items() if place["left"] != 0} == set()
    assert places["raw files"]["removed"] == places["reports"]["removed"] == 1
    assert places["Dagster partitions"]["removed"] == places["Dagster runs"]["removed"] == 1
    assert product.command("status", str(report)).returncode == 1
    assert miscounted(product) == []
