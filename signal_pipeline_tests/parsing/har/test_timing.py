"""When a request began and how long it took: what is read, and which values count as absurd."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from signal_pipeline.parsing.har.entry import Timings
from signal_pipeline.parsing.har.timing import Duration, parse_duration, parse_moment

NOON = datetime(2024, 3, 1, 12, 0, 0, 250_000, UTC)
READ: list[tuple[Any, datetime, str]] = [
    ("2024-03-01T12:00:00.250Z", NOON, "Z"),
    ("2024-03-01T12:00:00.25+00:00", NOON, "+00:00"),
    ("2024-03-01T14:00:00.250+0200", NOON, "+0200"),
    ("2024-03-01T04:00:00.250-08:00", NOON, "-08:00"),
    ("2024-03-01T17:30:00,250+05:30", NOON, "+05:30"),
    ("2024-03-01T13:00:00.250+01", NOON, "+01"),
    ("2024-03-01 12:00:00.250 UTC", NOON, "UTC"),
    ("2024-03-01T12:00:00.2500000Z", NOON, "Z"),
    ("2024-03-01T12:00:00.250000999Z", NOON, "Z"),
    (1_709_294_400_250, NOON, "epoch"),
]


@pytest.mark.parametrize(("value", "at", "zone"), READ, ids=[str(case[0]) for case in READ])
def test_times_that_are_read(value: Any, at: datetime, zone: str) -> None:
    moment = parse_moment(value)
    assert (moment.at, moment.zone, moment.flag) == (at, zone, None)


ABSURD: list[tuple[Any, str]] = [
    ("0000-00-00T00:00:00Z", "bad_time=0000-00-00T00:00:00Z"),
    ("0001-01-01T00:00:00Z", "bad_time=0001-01-01T00:00:00Z"),
    ("9999-12-31T23:59:59Z", "bad_time=9999-12-31T23:59:59Z"),
    ("9999-12-31T23:59:59-14:00", "bad_time=9999-12-31T23:59:59-14:00"),
    ("12000-01-01T00:00:00Z", "bad_time=12000-01-01T00:00:00Z"),
    ("2024-03-01T12:00:00", "bad_time=2024-03-01T12:00:00"),
    ("2024-03-01T24:00:00Z", "bad_time=2024-03-01T24:00:00Z"),
    ("2016-12-31T23:59:60Z", "bad_time=2016-12-31T23:59:60Z"),
    ("2024-02-30T12:00:00,5Z", "bad_time=2024-02-30T12:00:00.5Z"),
    ("2024-03-01T12:00:00+99:99", "bad_time=2024-03-01T12:00:00+99:99"),
    ("my password is hunter2", "bad_time"),
    ("", "bad_time"),
    ({}, "bad_time"),
    (True, "bad_time"),
    (1e300, "bad_time"),
    (12, "bad_time"),
    (None, "no_time"),
]


@pytest.mark.parametrize(("value", "flag"), ABSURD, ids=[str(case[0]) for case in ABSURD])
def test_absurd_times_are_null_and_kept_as_text_where_they_are_times(value: Any, flag: str) -> None:
    moment = parse_moment(value)
    assert (moment.at, moment.flag) == (None, flag)


DURATIONS: list[tuple[str, Any, dict[str, Any], Duration]] = [
    ("usual", 100, {"wait": 60, "receive": 40}, Duration(100.0, "wait")),
    ("TLS counts into connect", 100, {"connect": 60, "ssl": 50, "wait": 40}, Duration(100.0, "ssl")),
    ("not applicable", -1, {"dns": -1, "connect": None, "send": 0, "wait": 5}, Duration(5.0, "wait")),
    ("nothing took time", 0, {"wait": 0}, Duration(0.0, None)),
    ("nothing known", None, {}, Duration()),
    ("negative", -7, {"wait": 2}, Duration(None, "wait", bad=True)),
    ("negative phase", 7, {"wait": -2, "send": 1}, Duration(7.0, "send", bad=True)),
    ("TLS without connect", 7, {"ssl": 0, "connect": -1, "wait": 5}, Duration(7.0, "wait")),
    ("clocks apart", 7.5, {"blocked": -0.317, "wait": 5}, Duration(7.5, "wait")),
    ("words", "7", {"wait": 2}, Duration(None, "wait", bad=True)),
    ("years", 1e15, {"wait": 1e18}, Duration(bad=True)),
    ("not a number", float("nan"), {"wait": float("inf")}, Duration(bad=True)),
    ("truth", True, {}, Duration(bad=True)),
]


@pytest.mark.parametrize(("name", "total", "phases", "expected"), DURATIONS, ids=[case[0] for case in DURATIONS])
def test_durations(name: str, total: Any, phases: dict[str, Any], expected: Duration) -> None:
    assert parse_duration(total, Timings(**phases)) == expected


def test_without_timings_the_total_stands() -> None:
    assert parse_duration(12, None) == Duration(12.0)
