"""Times in JSON fields: numbers in any unit, ISO texts, other texts. One value at a time, with a cache of
what worked.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from signal_pipeline.parsing.logs.formats.stamps import STAMPS
from signal_pipeline.parsing.logs.timestamps import ASSUMED_UTC, read_times

_EARLIEST, _LATEST = 315_532_800.0, 4_102_444_800.0
"""1980 and 2100, in seconds since 1970."""
_UNITS = (1.0, 1e3, 1e6, 1e9)
_CACHE = 4_096

_MAX_NUMBER = 1e30


class JsonTimes:
    """Reads the time fields of a run of records."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[datetime | None, str | None]] = {}

    def read(self, value: Any) -> tuple[datetime | None, str | None]:
        """The time in UTC and the zone as read; (None, None) when `value` is no time."""
        if isinstance(value, bool) or value is None:
            return None, None
        if isinstance(value, int | float):
            return _from_number(value)
        if isinstance(value, str):
            return self._from_text(value)
        if isinstance(value, dict) and isinstance(value.get("epochSecond"), int | float):
            nanos = value.get("nanoOfSecond")
            return _from_number(value["epochSecond"] + (nanos / 1e9 if isinstance(nanos, int | float) else 0))
        return None, None

    def _from_text(self, text: str) -> tuple[datetime | None, str | None]:
        known = self._seen.get(text)
        if known is None:
            known = _from_iso(text) or _from_digits(text) or _from_any(text)
            if len(self._seen) < _CACHE:
                self._seen[text] = known
        return known


def _from_number(value: float) -> tuple[datetime | None, str | None]:
    if not -_MAX_NUMBER < value < _MAX_NUMBER:  # an integer may have more digits than a float
        return None, None
    for unit in _UNITS:
        seconds = value / unit
        if _EARLIEST <= seconds < _LATEST:
            return datetime.fromtimestamp(seconds, UTC), "epoch"
    return None, None


def _from_iso(text: str) -> tuple[datetime | None, str | None] | None:
    if len(text) > 40 or not text[:4].isdigit():
        return None
    try:
        time = datetime.fromisoformat(text.strip().replace(",", "."))
    except ValueError:
        return None
    if time.tzinfo is None:
        utc, zone = time.replace(tzinfo=UTC), ASSUMED_UTC
    else:
        tail = text.strip()
        zone = "Z" if tail[-1] in "Zz" else tail[max(tail.rfind("+"), tail.rfind("-")) :]
        try:
            utc = time.astimezone(UTC)
        except OverflowError:
            return None, None
    return (utc, zone) if 1980 <= utc.year < 2100 else (None, None)


def _from_digits(text: str) -> tuple[datetime | None, str | None] | None:
    if len(text) > 32 or not text.replace(".", "", 1).isdecimal():
        return None
    found = _from_number(float(text))
    return found if found[0] else None


def _from_any(text: str) -> tuple[datetime | None, str | None]:
    column = pl.Series([text[:64]])
    for stamp in STAMPS:
        if stamp.epoch or not stamp.formats or not any(year in form for form in stamp.formats for year in ("%Y", "%y")):
            continue
        groups = column.str.extract_groups(f"^{stamp.pattern}$").struct.unnest()
        if groups["time"].null_count():
            continue
        times = read_times(groups["time"], groups["zone"] if "zone" in groups.columns else None, stamp)
        utc = times.utc.item()
        if utc is not None:
            return utc + timedelta(0), times.zone.item()
    return None, None
