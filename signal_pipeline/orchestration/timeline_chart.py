"""A report's timeline as a small PNG, for metadata: a lane per file, a mark per entry, red where something failed."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from signal_pipeline.orchestration.drawing import Drawing

WIDTH, LANE, LABEL_WIDTH, MARGIN = 720, 26, 150, 8
MAX_LANES = 8
MAX_LABEL_CHARS = 22
QUIET = (196, 203, 212)
# Drawn in this order, so that what matters lies on top.
COLOURS = {"context": (150, 160, 172), "follower": (224, 142, 43), "request": (79, 67, 221), "cause": (204, 41, 54)}


def timeline_chart(frame: pl.DataFrame, names: Mapping[str, str]) -> bytes:
    """PNG bytes, some 2 KB. `frame` has the columns of TIMELINE; `names` are file names by signal id."""
    files = frame["signal_id"].unique(maintain_order=True).to_list()[:MAX_LANES]
    begin, end, marks = _marks(frame)
    drawing = Drawing(WIDTH, LANE * len(files) + 3 * MARGIN + 14)
    middles = {signal_id: MARGIN + lane * LANE + LANE // 2 for lane, signal_id in enumerate(files)}
    for signal_id, middle in middles.items():
        drawing.text(MARGIN, middle - 8, _short(names.get(signal_id, signal_id)))
        drawing.line((LABEL_WIDTH, middle, WIDTH - MARGIN, middle), QUIET)
    for role in (None, *COLOURS):
        size = 4 if role is None or role == "context" else 9
        for signal_id, x in marks.get(role, ()):
            if signal_id in middles:
                middle = middles[signal_id]
                place = (LABEL_WIDTH + x, middle - size, LABEL_WIDTH + x, middle + size)
                drawing.line(place, COLOURS.get(role or "", QUIET))
    legend = "   ".join(("cause red", "request blue", "follower orange", f"{end - begin:,.1f} s in all"))
    drawing.text(LABEL_WIDTH, LANE * len(files) + 2 * MARGIN, legend)
    return drawing.png()


def _marks(frame: pl.DataFrame) -> tuple[float, float, dict[str | None, list[tuple[str, int]]]]:
    """The first and the last second, and by role the files and columns of pixels that have an entry; more marks than
    pixels are not drawn.
    """
    timed = frame.select("signal_id", role="incident_role", at=pl.col("at").dt.epoch("us") / 1e6).drop_nulls("at")
    if timed.is_empty():
        return 0.0, 0.0, {}
    seconds = timed["at"].to_numpy()
    begin, end = float(seconds.min()), float(seconds.max())
    room = WIDTH - LABEL_WIDTH - MARGIN
    x = ((pl.col("at") - begin) / max(end - begin, 1e-9) * room).clip(0, room).cast(pl.Int32())
    marks: dict[str | None, list[tuple[str, int]]] = {}
    for signal_id, role, column in timed.select("signal_id", "role", x.alias("x")).unique().iter_rows():
        marks.setdefault(role, []).append((signal_id, column))
    return begin, end, marks


def _short(name: str) -> str:
    return name if len(name) <= MAX_LABEL_CHARS else name[: MAX_LABEL_CHARS - 1] + "…"
