"""The small pictures in the metadata: they are drawn, and small, since every report carries some."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO

import polars as pl
from PIL import Image

from signal_pipeline.orchestration.bar_chart import BAR, ROW, bar_chart
from signal_pipeline.orchestration.drawing import INK, PAPER
from signal_pipeline.orchestration.timeline_chart import timeline_chart
from signal_pipeline.schemas import TIMELINE

MOST_BYTES = 4_000


def drawn(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png)).convert("RGB")


def near(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= 12


def test_bars_are_as_long_as_their_counts() -> None:
    png = bar_chart({f"order <NUM> of shop {n} failed": 2 ** (9 - n) for n in range(10)}, "errors by cluster")
    assert len(png) <= MOST_BYTES
    picture = drawn(png)
    lengths = []
    for row in range(1, 11):
        line = [picture.getpixel((x, row * ROW + 15)) for x in range(picture.width)]
        lengths.append(sum(near(pixel, BAR) for pixel in line))
    assert lengths == sorted(lengths, reverse=True)
    assert abs(lengths[0] - 2 * lengths[1]) <= 3
    assert near(picture.getpixel((picture.width - 1, 0)), PAPER)
    assert any(near(picture.getpixel((x, y)), INK) for x in range(200) for y in range(ROW)), "the title is written"


def test_a_cause_is_red_on_the_lane_of_its_file() -> None:
    at = [datetime(2026, 3, 1, 10, tzinfo=UTC) + timedelta(seconds=n) for n in range(50)]
    frame = TIMELINE.conform(
        pl.DataFrame(
            {
                "signal_id": ["a", "b"] * 25,
                "ordinal": range(50),
                "at": at,
                "incident_role": ["cause" if n == 20 else None for n in range(50)],
            }
        )
    )
    png = timeline_chart(frame, {"a": "page.har", "b": "server.log"})
    assert len(png) <= MOST_BYTES
    picture = drawn(png)
    red = {
        y for x in range(picture.width) for y in range(picture.height) if near(picture.getpixel((x, y)), (204, 41, 54))
    }
    assert red
    assert max(red) < picture.height // 2, "the first lane"
