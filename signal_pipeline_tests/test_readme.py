"""The README's commands exist and work, and its sample is what the demo prints."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line.split(" #")[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
    if line.strip()
]


def run(command: str, home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        shlex.split(command),
        cwd=ROOT,
        env=os.environ | {"SIGNAL_PIPELINE_HOME": str(home), "COLUMNS": "140"} | more,
        capture_output=True,
        text=True,
        check=False,
    )


def test_make_commands_are_targets() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"`?make ([a-z]+)", README))
    assert named and named <= targets


def test_ci_runs_the_test_command() -> None:
    assert "make test" in COMMANDS
    assert re.search(r"^make test", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith(".venv/bin/signal-pipeline")])
def test_cli_commands_and_their_options_exist(command: str, tmp_path: Path) -> None:
    words = shlex.split(command)
    answer = run(shlex.join([*words[:2], "--help"]), tmp_path)
    assert answer.returncode == 0, answer.stderr
    for option in (word for word in words if word.startswith("--")):
        assert option in answer.stdout


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_demo_prints_the_sample_of_the_readme(tmp_path: Path) -> None:
    """`make demo ONCE=1` as written; the times and ids differ, the problems do not."""
    answer = run("make demo ONCE=1", tmp_path / "home")
    assert answer.returncode == 0, answer.stderr[-3000:] + answer.stdout[-3000:]
    shown = re.search(r"<!-- sample:begin -->\n```text\n(.*?)```\n<!-- sample:end -->", README, re.DOTALL)
    assert shown is not None, "the README has no sample"
    printed = {" ".join(line.split()) for line in answer.stdout.splitlines()}
    expected = [" ".join(line.split()) for line in shown.group(1).splitlines() if line.strip() not in ("", "…")]
    assert expected and [line for line in expected if line not in printed] == []


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_parse_works_without_any_server(tmp_path: Path) -> None:
    (tmp_path / "server.log").write_text("2026-01-01 10:00:00 ERROR app - it broke\n", encoding="utf-8")
    answer = run(f".venv/bin/signal-pipeline parse {tmp_path / 'server.log'}", tmp_path)
    assert answer.returncode == 0 and "it broke" in answer.stdout
