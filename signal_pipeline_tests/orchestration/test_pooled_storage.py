"""Dagster's storage on our pool: checks of runs that end in another order than they were planned in."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
from dagster._core.definitions.job_base import InMemoryJob
from dagster._core.execution.api import execute_run

from signal_pipeline.local.dagster_home import dagster_postgres_url
from signal_pipeline.platform.platform import Platform
from signal_pipeline_tests.orchestration.pooled_instance import YAML


@dg.asset(check_specs=[dg.AssetCheckSpec("fine", asset="made")])
def made():  # type: ignore[no-untyped-def]
    yield dg.MaterializeResult(check_results=[dg.AssetCheckResult(check_name="fine", passed=True)])


def test_the_latest_check_is_of_the_run_that_ended_last_also_when_it_was_planned_first(
    platform: Platform, tmp_path: Path
) -> None:
    own = platform.settings.model_copy(
        update={"dagster_db_name": platform.settings.db_name, "dagster_db_username": None}
    )
    (tmp_path / "dagster.yaml").write_text(YAML % dagster_postgres_url(own))
    job = dg.Definitions(
        assets=[made], jobs=[dg.define_asset_job("make", "made")], executor=dg.in_process_executor
    ).resolve_job_def("make")
    key = dg.AssetCheckKey(dg.AssetKey("made"), "fine")
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        first, second = [instance.create_run_for_job(job) for _ in range(2)]
        for run in (second, first):
            assert execute_run(InMemoryJob(job), run, instance).success
        made_checks = instance.event_log_storage.get_asset_check_execution_history(key, limit=10)
    assert [record.run_id for record in made_checks] == [first.run_id, second.run_id]
    assert {record.status.value for record in made_checks} == {"SUCCEEDED"}
