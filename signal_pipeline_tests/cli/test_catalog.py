"""`signal-pipeline catalog`: the list leads to a problem, and a problem to its reports."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from signal_pipeline.cli.main import app
from signal_pipeline.platform.platform import Platform


@pytest.fixture
def run(worked_platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("signal_pipeline.cli.output.settings_for_cli", lambda: worked_platform.settings)
    return lambda *arguments: CliRunner().invoke(app, ["catalog", *arguments])


def test_what_the_list_shows_can_be_looked_at(run: Any, sample_report_id: Any) -> None:
    # Other tests' reports have problems as well.
    listed = json.loads(run("list", "--json").stdout)
    answers = {one["id"]: run("show", one["id"][:8]) for one in listed}
    assert all(answer.exit_code == 0 and one in answer.output for one, answer in answers.items())
    first = next(one for one in listed if str(sample_report_id) in answers[one["id"]].output)
    told = json.loads(run("show", first["medoid_hash"][:16], "--json").stdout)
    assert (told["id"], told["reports"]) == (first["id"], first["reports"])
    assert [one["report_id"] for one in told["items"]].count(str(sample_report_id)) == 1
    assert len(json.loads(run("show", first["id"], "--json", "--limit", "1").stdout)["items"]) == 1


def test_what_is_none_is_said(run: Any) -> None:
    answer = run("show", "0000000000")
    assert answer.exit_code == 1 and "no signature and no problem begins with" in answer.output
