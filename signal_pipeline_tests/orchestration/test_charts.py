"""The small pictures in the metadata: they are drawn, and small, since every report carries some."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import numpy as np
import polars as pl

from signal_pipeline.orchestration.asset_metadata import BAR, bar_chart
from signal_pipeline.orchestration.timeline_chart import COLOURS, LANE, MARGIN, timeline_chart
from signal_pipeline.reports.signature_map import map_picture
from signal_pipeline.schemas import TIMELINE

MOST_BYTES = 4_000
SVG = "{http://www.w3.org/2000/svg}"


def elements(svg: str, name: str, **attributes: str) -> list[ElementTree.Element]:
    found = ElementTree.fromstring(svg).iter(SVG + name)
    return [one for one in found if all(one.get(key) == value for key, value in attributes.items())]


def texts(svg: str) -> list[str]:
    return [one.text or "" for one in elements(svg, "text")]


def timeline(roles: list[str | None]) -> pl.DataFrame:
    """Entries of two files by turns, a second apart."""
    at = [datetime(2026, 3, 1, 10, tzinfo=UTC) + timedelta(seconds=n) for n in range(len(roles))]
    files = ["a" if n % 2 == 0 else "b" for n in range(len(roles))]
    return TIMELINE.conform(
        pl.DataFrame({"signal_id": files, "ordinal": range(len(roles)), "at": at, "incident_role": roles})
    )


def test_bars_are_as_long_as_their_counts() -> None:
    svg = bar_chart({f"order <NUM> of shop {n} failed": 2 ** (9 - n) for n in range(10)}, "errors by cluster")
    assert len(svg) <= MOST_BYTES
    lengths = [float(bar.get("width", 0)) for bar in elements(svg, "rect", fill=BAR)]
    assert len(lengths) == 10 and lengths == sorted(lengths, reverse=True)
    assert abs(lengths[0] - 2 * lengths[1]) <= 1
    assert texts(svg)[:3] == ["errors by cluster", "order <NUM> of shop 0 failed", "512"]


def test_text_of_inputs_is_text() -> None:
    svg = bar_chart({'</text><script>alert("1")</script>': 1, "bell\x07 & \ud800": 2}, "errors")
    assert not elements(svg, "script")
    assert texts(svg)[1:4:2] == ['</text><script>alert("1")</script>', "bell  &  "]


def test_a_cause_is_red_on_the_lane_of_its_file() -> None:
    roles = ["cause" if n == 20 else None for n in range(50)]
    svg = timeline_chart(timeline(roles), {"a": "page.har", "b": "server.log"})
    assert len(svg) <= MOST_BYTES
    (red,) = elements(svg, "path", fill=COLOURS["cause"])
    ((top, height),) = re.findall(r"M\d+ (\d+)h2v(\d+)h-2z", red.get("d", ""))
    assert int(top) >= MARGIN and int(top) + int(height) <= MARGIN + LANE, "the first lane"


def test_a_timeline_of_many_entries_is_small() -> None:
    rng = np.random.default_rng(7)
    roles = rng.choice([None, *COLOURS], 20_000).tolist()
    assert len(timeline_chart(timeline(roles), {})) <= 5 * MOST_BYTES


def test_a_map_names_the_largest_groups_and_draws_each_signature() -> None:
    points = np.array([[0, 0], [1, 1], [0.5, 0.5], [0.2, 0.8]], dtype=np.float32)
    svg = map_picture(points, ["x", "x", "y", "z"], {"x": "disk & quota", "y": "", "z": ""}, [1, 10, 100, 1], "all")
    drawn = [one.get("d", "") for one in elements(svg, "path")]
    assert sum(places.count("M") for places in drawn) == 1 + 4 + 1, "the paper, the signatures, the legend"
    assert texts(svg) == ["all", "disk & quota (2)", "0 more groups, 2 alone (pale)"]
