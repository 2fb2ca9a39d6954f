"""Reports of an earlier version of the readers are found, and become due again."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import uuid4

from typer.testing import CliRunner

from signal_pipeline.cli.main import app
from signal_pipeline.intake.reread import reports_to_reread, reread
from signal_pipeline.pipeline.reader_version import READER_VERSION
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.intake import statuses
from signal_pipeline_tests.worked_report import submit_and_work, work


def processed(platform: Platform, folder: Path):
    log = folder / f"{uuid4()}.log"
    log.write_text("2024-03-01 10:00:00 ERROR cannot add\n")
    return submit_and_work(platform, [log])


def aged(platform: Platform, report_id, version: str | None, reason: str | None = None) -> None:
    with platform.database.transaction() as connection:
        connection.execute(
            "update signal_outcomes set reader_version = %s, reasons = array_remove(array[%s::text], null)"
            " where report_id = %s",
            (version, reason, report_id),
        )


def test_only_reports_of_another_version_are_stale(platform: Platform, tmp_path: Path) -> None:
    reports = [processed(platform, tmp_path) for _ in range(4)]
    assert reports_to_reread(platform, READER_VERSION) == []
    aged(platform, reports[0], None)
    aged(platform, reports[2], "2020.1")
    aged(platform, reports[3], "2020.1", "raw_file_gone")
    assert reports_to_reread(platform, READER_VERSION) == [reports[0], reports[2]]


def test_a_stale_report_becomes_due_once_and_is_current_afterwards(platform: Platform, tmp_path: Path) -> None:
    report_id, unknown = processed(platform, tmp_path), uuid4()
    aged(platform, report_id, "2020.1")
    assert reread(platform, [report_id, report_id, unknown]) == [(report_id, None), (unknown, "not in the database")]
    assert reread(platform, [report_id]) == [(report_id, "pending or in progress")]
    with platform.database.transaction() as connection:
        (status,) = statuses(connection, report_id)
    assert (status.state, status.reason) == ("PENDING", "read again")
    work(platform, report_id)
    assert reports_to_reread(platform, READER_VERSION) == []


def test_command_lists_and_opens_stale_reports(platform: Platform, tmp_path: Path, monkeypatch) -> None:
    report_id = processed(platform, tmp_path)
    aged(platform, report_id, "2020.1")
    monkeypatch.setattr("signal_pipeline.cli.reread.opened_platform", lambda: _Open(platform))
    runner = CliRunner()
    listed = json.loads(runner.invoke(app, ["reread", "--stale", "--dry-run", "--json"]).stdout)
    assert [one["due"] for one in listed["reports"]] == [False]
    opened = json.loads(runner.invoke(app, ["reread", "--stale", "--json"]).stdout)
    assert opened["reports"] == [{"report_id": str(report_id), "due": True, "reason": None}]
    assert runner.invoke(app, ["reread", str(report_id)]).exit_code == 1
    assert runner.invoke(app, ["reread"]).exit_code == 2


class _Open:
    """A platform that a command opens and does not close."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def __enter__(self) -> Platform:
        return self._platform

    def __exit__(self, *_: object) -> None:
        return
