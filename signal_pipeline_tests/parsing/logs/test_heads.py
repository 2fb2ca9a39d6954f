"""Record heads of short files are those of long ones."""

from __future__ import annotations

import polars as pl
import pytest

from signal_pipeline.parsing.logs.heads import HEAD, head_frame
from signal_pipeline.parsing.logs.levels import LEVEL_TABLES, levels_of
from signal_pipeline.parsing.logs.timestamps import plausible
from signal_pipeline.text_shapes.short_column import SHORT_COLUMN_ROWS


@pytest.mark.parametrize("count", [0, 1, SHORT_COLUMN_ROWS, SHORT_COLUMN_ROWS + 1])
def test_what_a_head_does_not_say_is_null(count: int) -> None:
    frame = head_frame(count, {"line": pl.int_range(count, eager=True), "format": "text"})
    assert dict(frame.schema) == HEAD and frame.height == count
    assert frame["line"].to_list() == list(range(count))
    assert frame["format"].to_list() == ["text"] * count
    assert all(frame[name].null_count() == count for name in HEAD if name not in ("line", "format"))


@pytest.mark.parametrize("notation", LEVEL_TABLES)
def test_levels_of_a_short_column_are_those_of_a_long_one(notation: str) -> None:
    words = pl.Series("level", [*LEVEL_TABLES[notation], "no such word", None], dtype=pl.String())
    many = pl.concat([words] * (SHORT_COLUMN_ROWS // len(words) + 2))
    assert levels_of(words, notation).equals(levels_of(many, notation).head(len(words)), check_dtypes=True)


def test_times_that_nobody_can_have_written_are_null() -> None:
    written = ["1979-12-31T23:59:59.999999", "1980-01-01T00:00:00", "2100-12-31T23:59:59.999999", "2101-01-01T00:00:00"]
    times = pl.Series(written).str.to_datetime(time_unit="us", time_zone="UTC")
    assert plausible(times).is_null().to_list() == [True, False, False, True]
    far = pl.Series([-(2**62), None, 2**62]).cast(pl.Datetime("us", "UTC"))
    assert plausible(far).null_count() == 3
    assert plausible(times.clear()).is_empty()
