"""Prometheus metrics, counted from Postgres, so that they are the same whoever is asked and whatever was restarted.

Labels are closed sets: states, steps, error types, routes. What does not belong here: SQL (storage/measures.py).
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from signal_pipeline.errors import SignalPipelineError
from signal_pipeline.operations.stage_stats import stage_stats
from signal_pipeline.platform.platform import Platform
from signal_pipeline.schemas import ERROR_TYPES
from signal_pipeline.storage import measures
from signal_pipeline.storage.business_events import outcome_counts, signal_counts
from signal_pipeline.storage.known_problem import frequent_problems
from signal_pipeline.storage.stage_measures import (
    stage_failures,
    stage_seconds_by_kind,
    stage_totals,
)
from signal_pipeline.storage.traffic import traffic_counts

T = TypeVar("T")
FRESH_SECONDS = 2.0
# What reads large tables is counted once a minute.
SLOW_FRESH_SECONDS = 60.0
MOST_PROBLEMS = 10
REQUEST_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
# Names in Postgres are those without the prefix. Times of each are among those of the stages.
_TRAFFIC = {
    "captures": "Files with network traffic whose flows were made",
    "flows": "Flows that were made of them",
    "traffic_windows": "Windows of time that were made of those",
}
_TRAFFIC_BY = (
    ("alerts", "Alerts about network traffic, by rule", "rule"),
    ("classifications", "Flows whose protocol was told from their shape", "protocol"),
)
EVENTS = ("model_loads", "cache_hits", "cache_misses")


def known_method(method: str) -> str:
    """The method, or `other`: a caller may send any word there."""
    return method if method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS") else "other"


class RequestMeter:
    """What this process has answered; routes by their template, so that ids make no series of their own."""

    def __init__(self, registry: CollectorRegistry) -> None:
        labels = ("method", "route", "status")
        self._seconds = Histogram(
            "http_request_duration_seconds",
            "Time to answer a request",
            labels,
            buckets=REQUEST_BUCKETS,
            registry=registry,
        )
        self._refused = Counter("http_refused_total", "Requests answered by 429", registry=registry)

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        self._seconds.labels(known_method(method), route, str(status)).observe(seconds)
        if status == 429:
            self._refused.inc()


class PipelineCollector(Collector):
    """Asks the database at most once in FRESH_SECONDS."""

    def __init__(self, platform: Platform, is_database_down: Callable[[], bool]) -> None:
        self._platform, self._is_database_down = platform, is_database_down
        self._kept: dict[str, tuple[float, Any]] = {}
        self._query_seconds: dict[str, float] = {}
        self._lock = threading.Lock()

    def collect(self) -> Iterator[Any]:
        if self._is_database_down():
            return  # dependency_up says so, and whoever scrapes does not wait for it
        with self._lock:
            try:
                yield from self._database_metrics()
            except SignalPipelineError:
                return  # the next look says so, and Prometheus keeps what it has

    def describe(self) -> list[Any]:
        return []

    def _database_metrics(self) -> Iterator[Any]:
        ended = self._fresh("endings", measures.endings)
        yield CounterMetricFamily("jobs_processed", "Reports worked to their end", ended["COMPLETED"])
        failed = CounterMetricFamily("jobs_failed", "Attempts that failed, and reports that are dead", labels=["kind"])
        failed.add_metric(["attempt"], ended["FAILED"])
        failed.add_metric(["dead"], ended["DEAD"])
        failed.add_metric(["cancelled"], ended["CANCELLED"])
        yield failed
        yield self._job_histogram()
        waiting = self._fresh("queue", measures.queue)
        depth = GaugeMetricFamily("queue_depth", "Requests by state", labels=["state"])
        depth.add_metric(["pending"], waiting.pending)
        depth.add_metric(["due"], waiting.due)
        depth.add_metric(["running"], waiting.running)
        yield depth
        yield GaugeMetricFamily("queue_lag_seconds", "How long the oldest due request has waited", waiting.lag_seconds)
        yield GaugeMetricFamily("dead_letters_open", "Dead letters that were not replayed", waiting.dead_letters)
        recent = self._fresh("activity", lambda c: measures.activity(c, 3600.0))
        at = math.nan if recent.last_at is None else recent.last_at.timestamp()
        yield GaugeMetricFamily("last_activity_timestamp_seconds", "When something last happened to a report", at)
        yield from self._stages()
        yield from self._sizes()
        yield from self._business_events()
        yield from self._traffic()

    def _traffic(self) -> Iterator[Any]:
        counts = self._fresh("traffic", traffic_counts)
        for name, said in _TRAFFIC.items():
            yield CounterMetricFamily(name, said, counts.get(name.removeprefix("traffic_"), 0))
        for name, said, label in _TRAFFIC_BY:
            family = CounterMetricFamily(f"traffic_{name}", said, labels=[label])
            for key, count in sorted(counts.items()):
                kind, _, value = key.partition(" ")
                if kind == name:
                    family.add_metric([value], count)
            yield family

    def _business_events(self) -> Iterator[Any]:
        events = CounterMetricFamily("events", "Business events by what became of them", labels=["outcome"])
        for outcome, count in sorted(self._fresh("business events", outcome_counts).items()):
            events.add_metric([outcome], count)
        yield events
        # Late events can take a signal back, so this is no counter, whatever its name.
        signals = GaugeMetricFamily("signals_total", "Signals that hold, by rule", labels=["rule"])
        for rule, count in sorted(self._fresh("business signals", signal_counts, SLOW_FRESH_SECONDS).items()):
            signals.add_metric([rule], count)
        yield signals

    def _job_histogram(self) -> HistogramMetricFamily:
        times = self._fresh("job_times", measures.job_times)
        bounds = [f"{bound:g}" for bound in measures.JOB_BUCKETS]
        buckets = [*zip(bounds, map(float, times.buckets), strict=True), ("+Inf", float(times.count))]
        return HistogramMetricFamily(
            "job_duration_seconds", "From the start of an attempt to its good end", buckets, times.total_seconds
        )

    def _stages(self) -> Iterator[Any]:
        labels = ["stage", "kind"]
        quantiles = GaugeMetricFamily(
            "stage_duration_seconds", "Time of a step, of its last 100 reports", labels=[*labels, "quantile"]
        )
        average = GaugeMetricFamily("stage_duration_average_seconds", "The same, on average", labels=labels)
        for (name, kind), seconds in self._fresh("stages", stage_seconds_by_kind).items():
            stats = stage_stats(seconds)
            average.add_metric([name, kind], stats.average)
            quantiles.add_metric([name, kind, "0.5"], stats.p50)
            quantiles.add_metric([name, kind, "0.95"], stats.p95)
        yield quantiles
        yield average
        reports = CounterMetricFamily("stage_reports", "Reports that a step was done for", labels=labels)
        spent = CounterMetricFamily("stage_seconds", "Time that a step took in all", labels=labels)
        last = GaugeMetricFamily("stage_last_activity_timestamp_seconds", "When a step last ended", labels=labels)
        for total in self._fresh("stage_totals", stage_totals):
            reports.add_metric([total.stage, total.kind], total.count)
            spent.add_metric([total.stage, total.kind], total.seconds)
            last.add_metric([total.stage, total.kind], total.last_at.timestamp())
        yield reports
        yield spent
        yield last
        failed = CounterMetricFamily("stage_failures", "Attempts that failed in a step", labels=["stage", "reason"])
        for (name, reason), count in self._fresh("stage_failures", stage_failures).items():
            failed.add_metric([name, reason], count)
        yield failed

    def _sizes(self) -> Iterator[Any]:
        sizes = self._fresh("counts", measures.counts, SLOW_FRESH_SECONDS)
        for name in ("reports", "clusters", "signatures"):
            yield GaugeMetricFamily(name, f"Number of {name} in the database", sizes[name])
        types = self._fresh("error_types", measures.error_types, SLOW_FRESH_SECONDS)
        errors = GaugeMetricFamily("signatures_by_type", "Signatures by error type", labels=["error_type"])
        for name in ERROR_TYPES:
            errors.add_metric([name], types.get(name, 0))
        yield errors
        frequent = GaugeMetricFamily(
            "problem_reports",
            "Reports of the last week that have one of its ten most frequent problems",
            labels=["problem", "error_type"],
        )
        for problem in self._fresh("frequent", lambda c: frequent_problems(c, MOST_PROBLEMS), SLOW_FRESH_SECONDS):
            frequent.add_metric([str(problem.id), problem.error_type], problem.reports)
        yield frequent
        size = self._fresh("database_bytes", measures.database_bytes, SLOW_FRESH_SECONDS)
        yield GaugeMetricFamily("database_size_bytes", "Size of the product's database", size)
        happened = self._fresh("events", measures.events)
        for name in EVENTS:
            yield CounterMetricFamily(name, f"{name.replace('_', ' ')} in all processes", happened.get(name, 0))
        query = GaugeMetricFamily("database_query_seconds", "Time of the last such statement", labels=["query"])
        for name, seconds in sorted(self._query_seconds.items()):
            query.add_metric([name], seconds)
        yield query

    def _fresh(self, name: str, ask: Callable[[Any], T], seconds: float = FRESH_SECONDS) -> T:
        now = time.monotonic()
        at, value = self._kept.get(name, (-seconds - 1, None))
        if now - at > seconds:
            with self._platform.database.transaction() as connection:
                value = ask(connection)
            self._query_seconds[name] = time.monotonic() - now
            self._kept[name] = (now, value)
        found: T = value
        return found


def text_of(registry: CollectorRegistry) -> bytes:
    return generate_latest(registry)
