"""A picture of signatures on a plane as SVG: a dot each, coloured by cluster."""

from __future__ import annotations

import colorsys
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from signal_pipeline.reports.svg import Svg, shortened

WIDTH, HEIGHT = 900, 620
MARGIN = 18
LEGEND = 300
NAMED = 12
MAX_NAME_CHARS = 42

PALE = "#c4cad2"


def map_picture(
    points: npt.NDArray[np.float32], groups: Sequence[str], names: dict[str, str], weights: Sequence[int], title: str
) -> str:
    """`points` (n, 2) from 0 to 1, the group of each, a name per group, how often each occurs (its size).

    The largest groups of two and more are coloured and named, smaller ones coloured, singles pale. Some 50 KB.
    """
    drawing = Svg(WIDTH, HEIGHT)
    sizes = Counter(groups)
    ranked = sorted((group for group in sizes if sizes[group] > 1), key=lambda group: (-sizes[group], group))
    colour = {group: _colour(place) for place, group in enumerate(ranked)}
    room = np.array([WIDTH - LEGEND - 2 * MARGIN, HEIGHT - 2 * MARGIN - 24])
    places = points * room + np.array([MARGIN, MARGIN + 24])
    dots: dict[tuple[str, float], list[str]] = defaultdict(list)
    # Singles first, so that they hide nothing.
    for row in sorted(range(len(groups)), key=lambda row: (groups[row] in colour, groups[row], row)):
        diameter = round(4.4 + 2.8 * float(np.log10(max(weights[row], 1))), 1)
        x, y = places[row]
        dots[colour.get(groups[row], PALE), diameter].append(f"M{x:.1f} {y:.1f}h0")
    for (fill, diameter), moves in dots.items():
        drawing.dots("".join(moves), diameter, fill)
    drawing.text(MARGIN, 22, title, size=14)
    left = WIDTH - LEGEND
    for place, group in enumerate(ranked[:NAMED]):
        top = 40 + place * 24
        drawing.dots(f"M{left + 5} {top + 7}h0", 10, colour[group])
        drawing.text(left + 18, top + 11, f"{shortened(names[group], MAX_NAME_CHARS)} ({sizes[group]})", size=12)
    singles = sum(size == 1 for size in sizes.values())
    rest = f"{max(len(ranked) - NAMED, 0)} more groups, {singles} alone (pale)"
    drawing.text(left, 55 + min(len(ranked), NAMED) * 24, rest, size=12)
    return drawing.render()


def _colour(place: int) -> str:
    """Steps of the golden angle: neighbours in the list always differ."""
    parts = colorsys.hls_to_rgb((place * 0.381966) % 1, 0.42 + 0.12 * (place % 3 - 1), 0.62)
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)
