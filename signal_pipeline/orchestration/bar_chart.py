"""A small bar chart as PNG, for metadata."""

from __future__ import annotations

from collections.abc import Mapping

from signal_pipeline.orchestration.drawing import Drawing

WIDTH = 560
ROW = 22
LABEL_WIDTH = 230
MAX_BARS = 10
MAX_LABEL_CHARS = 34

BAR = (79, 67, 221)


def bar_chart(counted: Mapping[str, int], title: str) -> bytes:
    """Horizontal bars in the order given, the first ten; PNG bytes, some 2 KB."""
    items = list(counted.items())[:MAX_BARS]
    longest = max((count for _, count in items), default=1) or 1
    drawing = Drawing(WIDTH, ROW * (len(items) + 1) + 10)
    drawing.text(6, 4, title)
    room = WIDTH - LABEL_WIDTH - 70
    for row, (label, count) in enumerate(items, 1):
        top = row * ROW + 6
        drawing.text(6, top, label if len(label) <= MAX_LABEL_CHARS else label[: MAX_LABEL_CHARS - 1] + "…")
        end = LABEL_WIDTH + max(2, round(room * count / longest))
        drawing.bar((LABEL_WIDTH, top + 2, end, top + 14), BAR)
        drawing.text(end + 6, top, f"{count:,}")
    return drawing.png()
