"""Average and percentiles of step times; one rule for the page, the metrics and the JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class StageStats:
    """Seconds of `count` runs of a step."""

    count: int
    average: float
    p50: float
    p95: float


def stage_stats(seconds: Sequence[float]) -> StageStats:
    """Of at least one time, in any order. A percentile is one of the times, never between two."""
    ordered = sorted(seconds)
    return StageStats(len(ordered), sum(ordered) / len(ordered), _nearest(ordered, 0.5), _nearest(ordered, 0.95))


def _nearest(ordered: Sequence[float], share: float) -> float:
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
