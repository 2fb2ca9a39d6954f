"""The cluster map as circles of an SVG: where they stand, how large, in which colour."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from signal_pipeline.reports.cluster_map import MapPoint
from signal_pipeline.reports.page_data import ClusterView

WIDTH, HEIGHT, EDGE = 640, 300, 22
SMALLEST, LARGEST = 4.0, 16.0


@dataclass(frozen=True)
class Dot:
    """A circle and what it stands for."""

    x: float
    y: float
    radius: float
    group: int
    severity: str
    title: str


def map_dots(points: Sequence[MapPoint], numbers: Mapping[str, int], clusters: Sequence[ClusterView]) -> list[Dot]:
    """The largest first, so that small ones lie on top."""
    dots = []
    for point in points:
        number = numbers.get(point.signature_hash)
        if number is None:
            continue
        row = clusters[number - 1].row
        dots.append(
            Dot(
                x=round(EDGE + point.x * (WIDTH - 2 * EDGE), 1),
                y=round(EDGE + (1 - point.y) * (HEIGHT - 2 * EDGE), 1),
                radius=round(min(SMALLEST + 2 * math.log10(max(row.frequency, 1)) * 2, LARGEST), 1),
                group=number,
                severity=row.severity,
                title=row.title,
            )
        )
    return sorted(dots, key=lambda dot: -dot.radius)
