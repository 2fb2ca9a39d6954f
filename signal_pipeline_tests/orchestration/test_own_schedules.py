"""Schedules of a person's own as Dagster has them, and what a run of one does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from signal_pipeline.defs.own_schedules import own_schedules, scheduled_work
from signal_pipeline.orchestration.scheduled_work import ScheduledConfig, do_scheduled
from signal_pipeline.platform.platform import Platform
from signal_pipeline_tests.storage.tables import new_report, value

FILE = """
[schedules.short_memory]
action = "retention"
cron = "30 1 * * *"
timezone = "Europe/Berlin"
days = 900

[schedules.wrong]
action = "retention"
cron = "30 1 * * *"

[schedules.nightly]
action = "catalog"
cron = "0 4 * * *"
enabled = false
"""


@pytest.fixture
def scheduled(platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[dg.ScheduleDefinition]:
    path = tmp_path / "schedules.toml"
    path.write_text(FILE)
    settings = platform.settings.model_copy(update={"schedules_file": path})
    monkeypatch.setattr("signal_pipeline.defs.own_schedules.load_settings", lambda: settings)
    return own_schedules()


def test_entries_are_schedules_and_a_wrong_one_is_left_out(
    scheduled: list[dg.ScheduleDefinition], caplog: pytest.LogCaptureFixture
) -> None:
    found = {one.name: one for one in scheduled}
    assert set(found) == {"own_short_memory", "own_nightly"}
    memory = found["own_short_memory"]
    assert (memory.cron_schedule, memory.execution_timezone) == ("30 1 * * *", "Europe/Berlin")
    assert memory.default_status is dg.DefaultScheduleStatus.RUNNING
    assert found["own_nightly"].default_status is dg.DefaultScheduleStatus.STOPPED
    assert found["own_nightly"].job_name == "update_catalog"
    assert ["retention needs days" in one.getMessage() for one in caplog.get_records("setup")] == [True]


def test_its_run_does_what_the_entry_says(scheduled: list[dg.ScheduleDefinition], platform: Platform) -> None:
    with platform.database.transaction() as connection:
        old, young = new_report(connection, files=0), new_report(connection, files=0)
        connection.execute("update reports set created_at = now() - interval '999 days' where id = %s", (old,))
    (memory,) = [one for one in scheduled if one.name == "own_short_memory"]
    (request,) = memory.evaluate_tick(dg.build_schedule_context()).run_requests or []
    done = scheduled_work.execute_in_process(run_config=request.run_config, resources={"platform": platform})
    assert done.success
    with platform.database.transaction() as connection:
        assert value(connection, "select array_agg(id) from reports") == [young]


SAID = [
    ({"action": "retention", "days": 900.0}, "0 reports deleted; 0 of that age left for later"),
    ({"action": "process"}, "0 requests due; the intake sensor starts their runs"),
    ({"action": "recluster", "similarity_threshold": 0.2, "days": 1.0}, "0 reports clustered again, 0 published"),
]


@pytest.mark.parametrize(("config", "sentence"), SAID)
def test_it_says_what_it_did(platform: Platform, config: dict[str, Any], sentence: str) -> None:
    assert do_scheduled(platform, ScheduledConfig(**config).row(), "run") == sentence


@pytest.mark.parametrize("config", [{"action": "retention"}, {"action": "reboot"}, {"action": "process", "days": 3.0}])
def test_by_hand_nothing_else_is_taken(config: dict[str, Any]) -> None:
    with pytest.raises(dg.Failure):
        ScheduledConfig(**config).row()


def test_the_code_location_loads_with_a_file_that_is_wrong(platform: Platform, tmp_path: Path) -> None:
    path = tmp_path / "schedules.toml"
    path.write_text("[schedules")
    environment = os.environ | {
        "SCHEDULES_FILE": str(path), "DB_PASSWORD": "a-pass-phrase-of-this-test", "NATS_URL": "nats://127.0.0.1:4222",
        "S3_ACCESS_KEY": "an-access-key-of-this-test", "S3_SECRET_KEY": "a-secret-key-of-this-test",
        "REDACTION_KEY": "a-redaction-key-of-this-test",
    }  # fmt: skip
    script = "from signal_pipeline.definitions import defs; print(*(one.name for one in defs.schedules))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment, cwd=tmp_path
    )
    assert all(name.startswith("nightly_") for name in done.stdout.split())
    assert "nightly_catalog" in done.stdout
    assert "is not TOML" in done.stderr
