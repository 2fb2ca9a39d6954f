"""Alert rules that Prometheus accepts and that fire when they should; a dashboard that asks for metrics that exist."""

from __future__ import annotations

import json
import re
import runpy
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry, generate_latest

from signal_pipeline.api.health_metrics import HealthCollector
from signal_pipeline.api.metrics import PipelineCollector, RequestMeter
from signal_pipeline.api.tokens import Tokens
from signal_pipeline.api.watch import HealthWatch
from signal_pipeline.operations.health import check_dependencies
from signal_pipeline.processes.termination import wait_until

NEEDS_PROMTOOL = pytest.mark.skipif(
    shutil.which("promtool") is None, reason="promtool is absent; on Debian it is in the package prometheus"
)
WORDS = {
    "sum", "rate", "increase", "max", "by", "le", "time", "and", "histogram_quantile", "route", "kind", "up", "method",
    "state", "quantile", "job",
}  # fmt: skip


def promtool(root: Path, *words: str) -> None:
    done = subprocess.run(
        ["promtool", *words], cwd=root / "deploy" / "prometheus", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@NEEDS_PROMTOOL
@pytest.mark.parametrize(
    "words",
    [("check", "rules", "alerts.yml"), ("test", "rules", "alerts_test.yml"), ("check", "config", "prometheus.yml")],
)
def test_prometheus_accepts_the_files(root: Path, words: tuple[str, ...]) -> None:
    promtool(root, *words)


@pytest.fixture(scope="module")
def names(worked_platform: Any) -> set[str]:
    """Of every metric that /metrics gives."""
    registry = CollectorRegistry(auto_describe=False)
    RequestMeter(registry).note("GET", "/", 200, 0.1)
    watch = HealthWatch(lambda: check_dependencies(worked_platform), 60.0)
    watch.begin()
    assert wait_until(lambda: watch.age() is not None, 30)
    registry.register(HealthCollector(watch, Tokens(worked_platform.settings)))
    registry.register(PipelineCollector(worked_platform, lambda: False))
    watch.close()
    return set(re.findall(r"^(?:# TYPE )?([a-z_]+)(?:\{| )", generate_latest(registry).decode(), re.MULTILINE))


def asked_for(expression: str) -> set[str]:
    bare = re.sub(r'"[^"]*"|\[[^\]]*\]', "", expression)
    return {word for word in re.findall(r"[a-z_]{2,}", bare) if word not in WORDS}


def test_alerts_ask_for_metrics_that_exist_and_say_what_to_do(root: Path, names: set[str]) -> None:
    (group,) = yaml.safe_load((root / "deploy/prometheus/alerts.yml").read_text(encoding="utf-8"))["groups"]
    assert len(group["rules"]) >= 6
    for rule in group["rules"]:
        assert asked_for(rule["expr"]) <= names, rule["alert"]
        assert len(rule["annotations"]["action"]) > 30, rule["alert"]


def test_the_dashboard_asks_for_metrics_that_exist(root: Path, names: set[str]) -> None:
    board = json.loads((root / "deploy/grafana/dashboard.json").read_text(encoding="utf-8"))
    panels = board["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    for panel in panels:
        for target in panel["targets"]:
            assert asked_for(target["expr"]) <= names, panel["title"]


def test_the_dashboard_is_what_its_table_makes(root: Path) -> None:
    made = runpy.run_path(str(root / "deploy/grafana/make_dashboard.py"))["dashboard"]()
    assert json.loads((root / "deploy/grafana/dashboard.json").read_text(encoding="utf-8")) == made
