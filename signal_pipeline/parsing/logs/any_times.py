"""Times in a column whose style is not known beforehand: fields of JSON and logfmt lines. The styles are in
formats/stamps.py.
"""

from __future__ import annotations

import polars as pl

from signal_pipeline.parsing.logs.formats.stamps import STAMP_BY_NAME
from signal_pipeline.parsing.logs.timestamps import Times, no_times, plausible, read_times

_STYLES = (
    "iso", "iso-spaced-zone", "iso-basic", "epoch-ns", "epoch-us", "epoch-ms", "epoch-s", "slash-ymd-zone",
    "slash-ymd", "apache", "rfc-2822", "ctime", "ctime-zone", "java-util", "slashes-year-last", "day-month-year",
    "syslog", "month-day",
)  # fmt: skip
_UNITS = (1.0, 1e3, 1e6, 1e9)
_EARLIEST, _LATEST = 315_532_800.0, 4_102_444_800.0
"""1980 and 2100, in seconds since 1970."""


def read_any_times(written: pl.Series) -> Times:
    """The times in a column of texts; null where a text is no time in any common style."""
    best = no_times(written.len())
    open_rows = written.is_not_null()
    for name in _STYLES:
        if not open_rows.any():
            break
        stamp = STAMP_BY_NAME[name]
        groups = written.str.extract_groups(rf"^\s*{stamp.pattern}\s*$").struct.unnest()
        fits = groups["time"].is_not_null() & open_rows
        if not fits.any():
            continue
        times = read_times(groups["time"], groups["zone"] if "zone" in groups.columns else None, stamp)
        best = Times(_filled(best.utc, times.utc, fits), _filled(best.zone, times.zone, fits), times.yearless)
        open_rows = open_rows & ~fits
    return best


def read_numbers(seconds: pl.Series) -> Times:
    """The times in a column of numbers since 1970, whose unit (s, ms, us, ns) is told by their size."""
    value = seconds.cast(pl.Float64(), strict=False)
    micros = no_times(value.len()).utc.cast(pl.Int64())
    for unit in _UNITS:
        fits = (value / unit).is_between(_EARLIEST, _LATEST).fill_null(False)
        micros = _filled(micros, (value * (1e6 / unit)).round().cast(pl.Int64(), strict=False), fits)
    utc = plausible(micros.cast(pl.Datetime("us")).dt.replace_time_zone("UTC"))
    zone = pl.Series(["epoch"]).new_from_index(0, value.len()).set(utc.is_null(), None)
    return Times(utc, zone)


def _filled(kept: pl.Series, found: pl.Series, where: pl.Series) -> pl.Series:
    return found.zip_with(where, kept)
