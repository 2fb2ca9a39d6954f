"""A report's timeline as a small PNG, for metadata: a lane per file, a mark per entry, red where something failed."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from signal_pipeline.orchestration.png import png_bytes

WIDTH, LANE, LABEL_WIDTH, MARGIN = 720, 26, 150, 8
MAX_LANES = 8
MAX_LABEL_CHARS = 22
INK, QUIET, PAPER = (51, 60, 72), (196, 203, 212), (255, 255, 255)
# Drawn in this order, so that what matters lies on top.
COLOURS = {"context": (150, 160, 172), "follower": (224, 142, 43), "request": (79, 67, 221), "cause": (204, 41, 54)}


def timeline_chart(frame: pl.DataFrame, names: Mapping[str, str]) -> bytes:
    """PNG bytes, some 3 KB. `frame` has the columns of TIMELINE; `names` are file names by signal id."""
    from PIL import Image, ImageDraw, ImageFont

    timed = frame.filter(pl.col("at").is_not_null())
    files = frame["signal_id"].unique(maintain_order=True).to_list()[:MAX_LANES]
    font = ImageFont.load_default(13)
    picture = Image.new("RGB", (WIDTH, LANE * len(files) + 3 * MARGIN + 14), PAPER)
    draw = ImageDraw.Draw(picture)
    begin, end = _ends(timed)
    room = WIDTH - LABEL_WIDTH - MARGIN
    for lane, signal_id in enumerate(files):
        middle = MARGIN + lane * LANE + LANE // 2
        draw.text((MARGIN, middle - 8), _short(names.get(signal_id, signal_id)), fill=INK, font=font)
        draw.line((LABEL_WIDTH, middle, WIDTH - MARGIN, middle), fill=QUIET)
        own = timed.filter(pl.col("signal_id") == signal_id)
        for role in (None, *COLOURS):
            same = own.filter(pl.col("role").is_null() if role is None else pl.col("role") == role)
            for x in _columns(same, begin, end, room):
                size = 4 if role is None or role == "context" else 9
                draw.line(
                    (LABEL_WIDTH + x, middle - size, LABEL_WIDTH + x, middle + size),
                    fill=COLOURS.get(role or "", QUIET),
                )
    legend = "   ".join(("cause red", "request blue", "follower orange", f"{end - begin:,.1f} s in all"))
    draw.text((LABEL_WIDTH, LANE * len(files) + 2 * MARGIN), legend, fill=INK, font=font)
    return png_bytes(picture)


def _ends(timed: pl.DataFrame) -> tuple[float, float]:
    seconds = timed.select(pl.col("at").dt.epoch("us") / 1e6)["at"].to_numpy()
    return (float(seconds.min()), float(seconds.max())) if len(seconds) else (0.0, 0.0)


def _columns(entries: pl.DataFrame, begin: float, end: float, room: int) -> list[int]:
    """The columns of pixels that have an entry; more marks than pixels are not drawn."""
    share = (pl.col("at").dt.epoch("us") / 1e6 - begin) / max(end - begin, 1e-9)
    return entries.select((share * room).clip(0, room).cast(pl.Int32()).unique())["at"].to_list()


def _short(name: str) -> str:
    return name if len(name) <= MAX_LABEL_CHARS else name[: MAX_LABEL_CHARS - 1] + "…"
