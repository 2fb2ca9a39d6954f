"""`signal-pipeline report` writes one file that stands on its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from signal_pipeline.cli.main import app
from signal_pipeline.platform.platform import Platform


@pytest.fixture
def run(worked_platform: Platform, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("signal_pipeline.cli.output.settings_for_cli", lambda: worked_platform.settings)
    return lambda *arguments: CliRunner().invoke(app, ["report", *arguments])


def test_the_file_is_named_after_the_report(run: Any, sample_report_id: Any, tmp_path: Path) -> None:
    answer = run(str(sample_report_id))
    assert answer.exit_code == 0, answer.output
    text = (tmp_path / f"report-{sample_report_id}.html").read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>") and "Web shop: checkout fails" in text


def test_it_goes_where_it_is_told_and_opens(
    run: Any, sample_report_id: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda address: opened.append(address) or True)
    answer = run(str(sample_report_id), "--output", "x.html", "--open")
    assert answer.exit_code == 0 and opened == [(tmp_path / "x.html").as_uri()]


def test_a_report_that_is_not_there(run: Any) -> None:
    answer = run(str(uuid4()))
    assert answer.exit_code == 1 and "is not in the database" in answer.output
