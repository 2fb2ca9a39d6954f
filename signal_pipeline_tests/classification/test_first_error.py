from __future__ import annotations

import datetime as dt

import polars as pl

from signal_pipeline.classification.first_error import mark_first_error
from signal_pipeline.schemas import UTC_TIME

NOON = dt.datetime(2024, 3, 1, 12, tzinfo=dt.UTC)


def errors(*rows: tuple[dt.datetime | None, str, int]) -> pl.DataFrame:
    schema = {"timestamp": UTC_TIME, "signal_id": pl.String, "ordinal": pl.Int64}
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def test_earliest_time_wins_over_position():
    frame = errors((NOON, "a", 0), (NOON - dt.timedelta(seconds=1), "b", 9))
    assert mark_first_error(frame)["is_first"].to_list() == [False, True]


def test_position_decides_at_the_same_time():
    frame = errors((NOON, "a", 7), (NOON, "a", 2), (NOON, "b", 1))
    assert mark_first_error(frame)["is_first"].to_list() == [False, True, False]


def test_rows_without_time_come_last():
    assert mark_first_error(errors((None, "a", 0), (NOON, "a", 1)))["is_first"].to_list() == [False, True]
    assert mark_first_error(errors((None, "a", 1), (None, "a", 0)))["is_first"].to_list() == [False, True]


def test_no_errors_no_first():
    assert mark_first_error(errors()).schema["is_first"] == pl.Boolean
