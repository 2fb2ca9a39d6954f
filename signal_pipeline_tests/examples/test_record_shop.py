"""Recording again gives the same report, times and ports aside. Needs Chromium."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest


def record(examples: Path, out: Path, *arguments: str) -> None:
    command = [sys.executable, str(examples / "record_shop.py"), "--out", str(out), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def needs_chromium(monkeypatch: pytest.MonkeyPatch, examples: Path) -> None:
    monkeypatch.syspath_prepend(str(examples))
    from shop_recording.browser import chromium

    if chromium() is None:
        pytest.skip("no Chromium on the PATH or in CHROMIUM")


def failed_requests(folder: Path) -> Counter[tuple[Any, ...]]:
    truth = json.loads((folder / "scenarios.json").read_text(encoding="utf-8"))
    return Counter(
        (item["name"], occurrence["visitor"], r["method"], r["path"], r["status"], r["net_error"], r["trace_id"])
        for item in truth["scenarios"]
        for occurrence in item["occurrences"]
        for r in occurrence["requests"]
        if r["failed"]
    )


def console_heads(folder: Path) -> list[str]:
    lines = (folder / "browser-console.log").read_text(encoding="utf-8").splitlines()
    return sorted(line[13:] for line in lines if re.match(r"\d\d:\d\d:\d\d\.", line))


def facts(folder: Path, key: str) -> list[tuple[Any, ...]]:
    """What the scenarios caused of one kind, in order, without places that differ from recording to recording."""
    truth = json.loads((folder / "scenarios.json").read_text(encoding="utf-8"))
    return [
        (item["name"], occurrence["visitor"], *fact.values())
        for item in truth["scenarios"]
        for occurrence in item["occurrences"]
        for fact in occurrence[key]
    ]


def exceptions(folder: Path) -> set[str]:
    lines = (folder / "server.log").read_text(encoding="utf-8").splitlines()
    return {line for line in lines if re.match(r"[a-zA-Z0-9_.]+(Error|Unavailable|TooSlow)\b", line)}


@pytest.mark.slow
@pytest.mark.usefixtures("needs_chromium")
def test_the_sample_report_comes_out_again(examples: Path, sample_report: Path, tmp_path: Path) -> None:
    record(examples, tmp_path)
    assert failed_requests(tmp_path) == failed_requests(sample_report)
    assert console_heads(tmp_path) == console_heads(sample_report)
    assert exceptions(tmp_path) == exceptions(sample_report)
    assert facts(tmp_path, "events") == facts(sample_report, "events")
    if (tmp_path / "network.pcap").exists():  # only where this process may capture
        assert facts(tmp_path, "flows") == facts(sample_report, "flows")
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 1_000_000


@pytest.mark.slow
@pytest.mark.usefixtures("needs_chromium")
def test_one_scenario_alone(examples: Path, tmp_path: Path) -> None:
    record(examples, tmp_path, "--scenario", "payment-down")
    assert [key[:5] for key in failed_requests(tmp_path)] == [
        ("stats-host-gone", "ada", "GET", "/hit.gif", 0),
        ("payment-down", "ada", "POST", "/api/orders", 502),
    ]


def test_the_list_names_every_scenario_of_the_report(examples: Path, sample_report: Path) -> None:
    command = [sys.executable, str(examples / "record_shop.py"), "--list"]
    listed = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    named = {line.split()[0] for line in listed.splitlines()}
    truth = json.loads((sample_report / "scenarios.json").read_text(encoding="utf-8"))
    assert named | {"stats-host-gone"} == {item["name"] for item in truth["scenarios"]}
    assert len(named) >= 10


def test_the_readme_tells_of_every_scenario(examples: Path, sample_report: Path) -> None:
    readme = (examples / "README.md").read_text(encoding="utf-8")
    truth = json.loads((sample_report / "scenarios.json").read_text(encoding="utf-8"))
    assert [item["name"] for item in truth["scenarios"] if f"`{item['name']}`" not in readme] == []
