"""Commands, options, settings, tests and files that the guides name are there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer

from signal_pipeline.cli.main import app
from signal_pipeline.settings import Settings

ROOT = Path(__file__).parents[1]
GUIDES = ("docs/runbook.md", "docs/reliability.md")
TEXT = "\n".join((ROOT / guide).read_text(encoding="utf-8") for guide in GUIDES)
COMMANDS = sorted(set(re.findall(r"\.venv/bin/signal-pipeline ([^\n`#]+)", TEXT)))
# Capitals in code quotes that are no settings of ours.
NOT_SETTINGS = {
    *("COMPLETED", "DEAD", "CANCELLED", "SETTINGS", "CRASH_SEED", "CRASH_CASES", "NEMESIS", "SIGNAL_PIPELINE_HOME"),
    *("BENCH_SUBMISSIONS", "BENCH_SEEDS", "BENCH_POISON"),
    *("NATS_PRODUCER_PASSWORD", "NATS_OPERATOR_PASSWORD"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_and_its_options_exist(command: str) -> None:
    found: Any = typer.main.get_command(app)
    words = shlex.split(command)
    while words and not words[0].startswith("--") and hasattr(found, "resolve_command"):
        _, found, words = found.resolve_command(found.context_class(found), words)
        assert found is not None, command
    options = {option for parameter in found.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options


def test_settings_that_are_named_exist() -> None:
    named = set(re.findall(r"`([A-Z][A-Z0-9_]{3,})(?:=[^`]*)?`", TEXT)) - NOT_SETTINGS
    assert named and named <= {name.upper() for name in Settings.model_fields}


def test_files_that_are_named_exist() -> None:
    tests = {name.removeprefix("signal_pipeline_tests/") for name in re.findall(r"`([a-z_/]*test_\w+\.py)`", TEXT)}
    assert len(tests) > 10
    assert [name for name in tests if not (ROOT / "signal_pipeline_tests" / name).is_file()] == []
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", TEXT):
        assert (ROOT / "docs" / target).exists(), target


def test_each_named_place_is_counted() -> None:
    from signal_pipeline.crashpoints import CRASHPOINTS

    assert f"The steps of a report have {len(CRASHPOINTS)} places" in TEXT
    assert f"All {2 * len(CRASHPOINTS)} cases" in TEXT
