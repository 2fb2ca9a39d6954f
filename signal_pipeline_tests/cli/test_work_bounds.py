"""Bounds of `signal-pipeline work` are refused in words, before a server is asked."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from signal_pipeline.cli.main import app


@pytest.mark.parametrize("days", ["0", "-1", "nan", "0.04"])
def test_an_age_below_an_hour_is_refused_in_hours(days: str) -> None:
    result = CliRunner().invoke(app, ["work", "cleanup", "--days", days, "--yes"], env={"COLUMNS": "200"})
    assert result.exit_code == 2
    assert "must be at least 1 hour (0.0417 days)" in result.stderr
