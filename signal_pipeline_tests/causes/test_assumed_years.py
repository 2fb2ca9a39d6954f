"""Times without a year beside times that have one."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from signal_pipeline.causes.assumed_years import with_likely_years


def _rows(*times: tuple[str, str]) -> pl.DataFrame:
    moments = [datetime.fromisoformat(time).replace(tzinfo=UTC) for time, _ in times]
    zones = pl.Series([zone for _, zone in times], dtype=pl.String())
    frame = pl.DataFrame({"timestamp": pl.Series(moments, dtype=pl.Datetime("us", "UTC")), "timestamp_zone": zones})
    return frame.with_columns(at=pl.col("timestamp").dt.epoch("us") / 1e6)


@pytest.mark.parametrize(
    ("dated", "written", "expected"),
    [
        ("2026-03-01T12:00:10", "2000-03-01T12:00:04", "2026-03-01T12:00:04"),
        ("2026-01-01T00:00:10", "2000-12-31T23:59:59", "2025-12-31T23:59:59"),
        ("2025-12-31T23:59:59", "2000-01-01T00:00:01", "2026-01-01T00:00:01"),
    ],
)
def test_the_year_is_the_one_that_is_nearest_to_the_other_files(dated: str, written: str, expected: str) -> None:
    found = with_likely_years(_rows((dated, "UTC"), (written, "assumed-utc,assumed-year")))
    assert found["at"].to_list()[1] == datetime.fromisoformat(expected).replace(tzinfo=UTC).timestamp()


def test_a_year_that_was_written_or_is_all_there_is_stays() -> None:
    written = _rows(("2026-03-01T12:00:10", "UTC"), ("2000-03-01T12:00:04", "UTC"))
    alone = _rows(("2000-03-01T12:00:04", "assumed-utc,assumed-year"))
    assert with_likely_years(written).equals(written)
    assert with_likely_years(alone).equals(alone)
