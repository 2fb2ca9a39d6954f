"""A small bar chart as SVG, for metadata."""

from __future__ import annotations

from collections.abc import Mapping

from signal_pipeline.reports.svg import Svg, shortened

WIDTH = 560
ROW = 22
LABEL_WIDTH = 230
MAX_BARS = 10
MAX_LABEL_CHARS = 34

BAR = "#4f43dd"


def bar_chart(counted: Mapping[str, int], title: str) -> str:
    """Horizontal bars in the order given, the first ten; some 2 KB."""
    items = list(counted.items())[:MAX_BARS]
    longest = max((count for _, count in items), default=1) or 1
    drawing = Svg(WIDTH, ROW * (len(items) + 1) + 10)
    drawing.text(6, 18, title)
    room = WIDTH - LABEL_WIDTH - 70
    for row, (label, count) in enumerate(items, 1):
        top = row * ROW + 6
        drawing.text(6, top + 13, shortened(label, MAX_LABEL_CHARS))
        length = max(2, round(room * count / longest))
        drawing.rectangle(LABEL_WIDTH, top + 2, length, 12, BAR)
        drawing.text(LABEL_WIDTH + length + 6, top + 13, f"{count:,}")
    return drawing.render()
