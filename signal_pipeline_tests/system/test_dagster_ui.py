"""What a person does on Dagster's web page, sent as the page sends it."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from signal_pipeline_tests.system.large_log import write_large_log
from signal_pipeline_tests.system.product import LONGEST, Product, contribution, miscounted, wait_until

pytestmark = pytest.mark.slow

REPOSITORY = {"repositoryLocationName": "signal_pipeline", "repositoryName": "__repository__"}
BACKFILL = """
mutation($backfillParams: LaunchBackfillParams!) { launchPartitionBackfill(backfillParams: $backfillParams) {
  __typename ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message } } }
"""
BACKFILL_STATUS = """
query($id: String!) { partitionBackfillOrError(backfillId: $id) {
  __typename ... on PartitionBackfill { status runs(limit: 10) { status } } } }
"""
LAUNCH = """
mutation($executionParams: ExecutionParams!) { launchPipelineExecution(executionParams: $executionParams) {
  __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }
"""
TERMINATE = """
mutation($runId: String!) { terminateRun(runId: $runId, terminatePolicy: SAFE_TERMINATE) {
  __typename ... on TerminateRunFailure { message } ... on PythonError { message } } }
"""
AGAIN = """
mutation($params: ReexecutionParams!) { launchRunReexecution(reexecutionParams: $params) {
  __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }
"""

LINES = ("payment service did not answer", "payment service gave no answer", "disk is full", "user name is unknown")


@pytest.fixture(scope="module")
def reports(product: Product, tmp_path_factory: pytest.TempPathFactory) -> list[UUID]:
    """Two that are completed."""
    folder = tmp_path_factory.mktemp("ui")
    made = []
    for number in range(2):
        path = folder / f"{number}.log"
        path.write_text("".join(f"2026-03-01 10:00:0{i} ERROR shop - {line}\n" for i, line in enumerate(LINES)))
        made.append(product.submit(path))
    assert [product.wait(report).state for report in made] == ["COMPLETED"] * 2
    return made


def current(product: Product, report: UUID) -> tuple[Any, ...]:
    (row,) = product.rows(
        "select algorithm, clusters, noise from clusterings where is_current and report_id = %s", report
    )
    return row


def launched(answer: dict[str, Any]) -> str:
    assert answer["__typename"] == "LaunchRunSuccess", answer
    return str(answer["run"]["runId"])


def test_a_backfill_with_another_threshold_changes_the_clusters_and_no_count(
    product: Product, reports: list[UUID]
) -> None:
    counts = product.rows("select signature_hash, frequency, updated_at from error_signatures order by 1")
    answer = product.ask(
        BACKFILL,
        backfillParams={
            "assetSelection": [{"path": ["clusters"]}],
            "partitionNames": [str(report) for report in reports],
            "fromFailure": False,
            "tags": [],
            "runConfigData": {
                "ops": {"clusters": {"config": {"algorithm": "dbscan", "similarity_threshold": 1.9, "min_samples": 2}}}
            },
        },
    )["launchPartitionBackfill"]
    assert answer["__typename"] == "LaunchBackfillSuccess", answer

    def status() -> dict[str, Any]:
        found: dict[str, Any] = product.ask(BACKFILL_STATUS, id=answer["backfillId"])["partitionBackfillOrError"]
        return found

    assert wait_until(lambda: [current(product, report) for report in reports] == [("dbscan", 1, 0)] * 2, LONGEST), (
        status()
    )
    assert wait_until(lambda: status()["status"] == "COMPLETED_SUCCESS", LONGEST), status()
    # One run for both, for it shares what a run costs.
    assert [run["status"] for run in status()["runs"]] == ["SUCCESS"]
    assert product.rows("select signature_hash, frequency, updated_at from error_signatures order by 1") == counts


def test_one_asset_of_one_report_is_made_again(product: Product, reports: list[UUID]) -> None:
    report = reports[0]
    before = contribution(product, report)
    runs = product.rows("select count(*) from clusterings where report_id = %s", report)
    run = launched(
        product.ask(
            LAUNCH,
            executionParams={
                "mode": "default",
                "executionMetadata": {"tags": [{"key": "dagster/partition", "value": str(report)}]},
                "runConfigData": "{}\n",
                "selector": {
                    **REPOSITORY,
                    "pipelineName": "__ASSET_JOB",
                    "assetSelection": [{"path": ["classified_errors"]}],
                    # The page names the checks of what it selects.
                    "assetCheckSelection": [{"name": "schema", "assetKey": {"path": ["classified_errors"]}}],
                },
            },
        )["launchPipelineExecution"]
    )
    assert product.wait_for_run(run) == "SUCCESS"
    assert contribution(product, report) == before
    assert product.rows("select count(*) from clusterings where report_id = %s", report) == runs
    assert product.status(report).state == "COMPLETED"


def test_a_run_that_is_stopped_is_cancelled_and_can_be_run_again(product: Product, tmp_path: Path) -> None:
    report = product.submit(write_large_log(tmp_path / "large.log", 400_000))
    working = product.wait(report, lambda status: bool(status.request and status.request.progress >= 20))
    assert working.request is not None
    assert working.state == "RUNNING"
    run = str(working.request.dagster_run_id)
    answer = product.ask(TERMINATE, runId=run)["terminateRun"]
    assert answer["__typename"] == "TerminateRunSuccess", answer
    status = product.wait(report)
    assert status.request is not None
    assert (status.state, status.request.attempt, status.request.reason) == ("CANCELLED", 1, "cancelled in Dagster")
    assert product.wait_for_run(run) == "CANCELED"
    assert miscounted(product) == []
    # "Re-execute" on the page of the run copies its tags, the lease's among them.
    again = launched(product.ask(AGAIN, params={"parentRunId": run, "strategy": "ALL_STEPS"})["launchRunReexecution"])
    assert product.wait_for_run(again) == "SUCCESS"
    assert product.status(report).state == "COMPLETED"
    assert miscounted(product) == []
