"""Prometheus metrics from the last look at the dependencies, and of the file of tokens: no database is asked."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, get_args

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from signal_pipeline.api.tokens import Tokens
from signal_pipeline.api.watch import HealthWatch
from signal_pipeline.operations.health import State


class HealthCollector(Collector):
    """Says what `/health` says."""

    def __init__(self, watch: HealthWatch, tokens: Tokens) -> None:
        self._watch, self._tokens = watch, tokens

    def describe(self) -> list[Any]:
        return []

    def collect(self) -> Iterator[Any]:
        health, age = self._watch.now(), self._watch.age()
        state = GaugeMetricFamily("health_state", "1 for the state that the pipeline is in", labels=["state"])
        for name in get_args(State):
            state.add_metric([name], float(health.state == name))
        yield state
        yield GaugeMetricFamily("health_ready", "1 when reports can be taken in", float(health.is_ready))
        seconds = time.monotonic() - self._watch.began if age is None else age
        yield GaugeMetricFamily("health_age_seconds", "Time since the last look at the dependencies", seconds)
        finding = self._tokens.finding()
        yield GaugeMetricFamily("tokens_file_ok", "1 unless the file of tokens cannot be used", float(finding is None))
        up = GaugeMetricFamily("dependency_up", "1 when it answers", labels=["dependency"])
        answer = GaugeMetricFamily("dependency_answer_seconds", "Time of its answer", labels=["dependency"])
        # An old look says nothing of now: no sample, rather than one that may be wrong.
        for name, found in (health.dependencies if health.is_known else {}).items():
            up.add_metric([name], float(found.is_up))
            answer.add_metric([name], found.seconds)
        yield from (up, answer)
