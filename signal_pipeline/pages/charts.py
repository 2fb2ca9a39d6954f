"""Small charts as plain numbers for an inline SVG: no library, no script, readable as a table as well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from signal_pipeline.operations.stage_stats import stage_stats
from signal_pipeline.storage.measures import FinishedJob

WIDTH, HEIGHT = 600.0, 90.0
RATE_BARS = 30
_KINDS = {"COMPLETED": "good", "DEAD": "critical", "CANCELLED": "low"}


@dataclass(frozen=True)
class Bar:
    """A rectangle, and what it says when it is pointed at."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    title: str


@dataclass(frozen=True)
class Chart:
    """`top` is what the highest bar stands for."""

    bars: list[Bar]
    top: str


@dataclass(frozen=True)
class StageTime:
    """A step's times, in seconds; `share` is its median's share of the longest one, 0 to 1."""

    name: str
    median: float
    slow: float
    share: float


def duration_chart(jobs: Sequence[FinishedJob]) -> Chart:
    """One bar per finished report, the newest at the right, as high as it took."""
    timed = [job for job in jobs if job.seconds is not None]
    highest = max((job.seconds or 0.0 for job in timed), default=0.0)
    width = WIDTH / max(len(timed), 1)
    bars = [
        _bar(n * width, width, (job.seconds or 0.0) / highest if highest else 0.0, _KINDS.get(job.state, "low"),
             f"{job.state} {job.finished_at:%H:%M:%S} {job.seconds:.1f} s")
        for n, job in enumerate(timed)
    ]  # fmt: skip
    return Chart(bars, f"{highest:.1f} s")


def rate_chart(jobs: Sequence[FinishedJob], now: datetime) -> Chart:
    """How many finished in each part of the time that the last reports span."""
    if not jobs:
        return Chart([], "0")
    begin = min(job.finished_at for job in jobs)
    step = max((now - begin) / RATE_BARS, timedelta(seconds=1))
    counts = [0] * RATE_BARS
    for job in jobs:
        counts[min(int((job.finished_at - begin) / step), RATE_BARS - 1)] += 1
    highest = max(counts)
    width = WIDTH / RATE_BARS
    bars = [
        _bar(n * width, width, count / highest, "accent", f"{count} from {begin + n * step:%H:%M:%S}")
        for n, count in enumerate(counts)
    ]
    return Chart(bars, f"{highest} in {_span(step)}")


def stage_times(stages: Mapping[str, Sequence[float]]) -> list[StageTime]:
    """Median and 95th percentile of each step, the longest first."""
    found = []
    for name, seconds in stages.items():
        stats = stage_stats(seconds)
        found.append((name, stats.p50, stats.p95))
    longest = max((median for _, median, _ in found), default=0.0)
    rows = [StageTime(name, median, slow, median / longest if longest else 0.0) for name, median, slow in found]
    return sorted(rows, key=lambda row: -row.median)


def _bar(x: float, width: float, share: float, kind: str, title: str) -> Bar:
    height = max(round(share * HEIGHT, 1), 1.0 if share else 0.0)
    return Bar(round(x + 0.5, 2), round(HEIGHT - height, 1), round(max(width - 1, 0.5), 2), height, kind, title)


def _span(step: timedelta) -> str:
    seconds = step.total_seconds()
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
