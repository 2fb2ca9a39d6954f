"""A report's timeline as a small SVG, for metadata: a lane per file, a mark per entry, red where something failed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from signal_pipeline.reports.svg import Svg, shortened

WIDTH, LANE, LABEL_WIDTH, MARGIN = 720, 26, 150, 8
MAX_LANES = 8
MAX_LABEL_CHARS = 22
# Entries this close are one mark: however many there are, the chart has some KB.
MARK = 2
QUIET = "#c4cbd4"
# Drawn in this order, so that what matters lies on top.
COLOURS = {"context": "#96a0ac", "follower": "#e08e2b", "request": "#4f43dd", "cause": "#cc2936"}


def timeline_chart(frame: pl.DataFrame, names: Mapping[str, str]) -> str:
    """`frame` has the columns of TIMELINE; `names` are file names by signal id."""
    files = frame["signal_id"].unique(maintain_order=True).to_list()[:MAX_LANES]
    begin, end, marks = _marks(frame)
    drawing = Svg(WIDTH, LANE * len(files) + 3 * MARGIN + 14)
    middles = {signal_id: MARGIN + lane * LANE + LANE // 2 for lane, signal_id in enumerate(files)}
    for signal_id, middle in middles.items():
        drawing.text(MARGIN, middle + 5, shortened(names.get(signal_id, signal_id), MAX_LABEL_CHARS))
        drawing.rectangle(LABEL_WIDTH, middle, WIDTH - MARGIN - LABEL_WIDTH, 1, QUIET)
    for role in (None, *COLOURS):
        size = 4 if role is None or role == "context" else 9
        outline = "".join(
            f"M{LABEL_WIDTH + MARK * first} {middles[signal_id] - size}h{MARK * count}v{2 * size}h-{MARK * count}z"
            for signal_id, columns in marks.get(role, {}).items()
            if signal_id in middles
            for first, count in _runs(columns)
        )
        if outline:
            drawing.filled(outline, COLOURS.get(role or "", QUIET))
    legend = "   ".join(("cause red", "request blue", "follower orange", f"{end - begin:,.1f} s in all"))
    drawing.text(LABEL_WIDTH, LANE * len(files) + 2 * MARGIN + 13, legend)
    return drawing.render()


def _marks(frame: pl.DataFrame) -> tuple[float, float, dict[str | None, dict[str, list[int]]]]:
    """The first and the last second; by role and file, the columns of MARK pixels that have an entry."""
    timed = frame.select("signal_id", role="incident_role", at=pl.col("at").dt.epoch("us") / 1e6).drop_nulls("at")
    if timed.is_empty():
        return 0.0, 0.0, {}
    seconds = timed["at"].to_numpy()
    begin, end = float(seconds.min()), float(seconds.max())
    last = (WIDTH - LABEL_WIDTH - MARGIN) // MARK
    column = ((pl.col("at") - begin) / max(end - begin, 1e-9) * last).clip(0, last).cast(pl.Int32())
    marks: dict[str | None, dict[str, list[int]]] = {}
    for signal_id, role, place in (
        timed.select("signal_id", "role", column.alias("column"))
        .unique()
        .sort("signal_id", "role", "column")
        .iter_rows()
    ):
        marks.setdefault(role, {}).setdefault(signal_id, []).append(place)
    return begin, end, marks


def _runs(columns: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Neighbouring columns as (first, count)."""
    first, count = -1, 0
    for column in columns:
        if column == first + count:
            count += 1
            continue
        if count:
            yield first, count
        first, count = column, 1
    if count:
        yield first, count
