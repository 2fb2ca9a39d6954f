"""From written times to UTC. How times are written is in formats/stamps.py."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from signal_pipeline.parsing.logs.formats.stamps import Stamp
from signal_pipeline.parsing.logs.formats.zones import ZONE_MINUTES
from signal_pipeline.schemas import UTC_TIME

ASSUMED_UTC = "assumed-utc"
ASSUMED_YEAR = "assumed-year"
PLACEHOLDER_YEAR = 2000
"""A leap year, so that 29 February of a time without a year can be read."""
_EARLIEST_MICROS = int(datetime(1980, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
_AFTER_LATEST_MICROS = int(datetime(2101, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
_PER_SECOND = {"s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9}
_CLOCK_AND_FRACTION = re.compile(r"([T :])[0-9]{2}:[0-9]{2}:[0-9]{2}(?:([.,])([0-9]{1,9}))?(?![0-9:])")
_DATE_AND_T = r"^[0-9-]{8,10}T"
_ZONE_TAIL = re.compile(r"^([+-])([0-9]{2}):?([0-9]{2})?$")


@dataclass(frozen=True)
class Times:
    """Times in UTC, the zone as it was read, and whether the year is only a placeholder."""

    utc: pl.Series
    zone: pl.Series
    yearless: bool = False


def no_times(count: int) -> Times:
    """`count` records without a time."""
    return Times(
        pl.repeat(None, count, dtype=UTC_TIME, eager=True), pl.repeat(None, count, dtype=pl.String(), eager=True)
    )


def read_times(written: pl.Series, zone: pl.Series | None, stamp: Stamp) -> Times:
    """The times in a column of texts in the style of `stamp`; null where a text is no time of that style."""
    if stamp.epoch is not None:
        utc = _from_epoch(written, stamp.epoch)
        return Times(utc, _zone_text(utc, None, "epoch"))
    if not stamp.formats:
        return no_times(written.len())
    yearless = not any(part in form for form in stamp.formats for part in ("%Y", "%y"))
    for pattern, replacement in stamp.repairs:
        written = written.str.replace_all(pattern, replacement)
    local = _parsed(written, stamp.formats, yearless)
    utc = local if zone is None else _in_utc(local, zone)
    utc = plausible(utc.dt.replace_time_zone("UTC"))
    return Times(utc, _zone_text(utc, zone, ASSUMED_UTC), yearless)


def _in_utc(local: pl.Series, zone: pl.Series) -> pl.Series:
    names = _names_in(zone)
    minutes = _zone_minutes(zone, names)
    utc = local if minutes is None else (local - minutes)
    return _in_named_zones(utc, zone) if any("/" in name for name in names) else utc


def _in_named_zones(local: pl.Series, zone: pl.Series) -> pl.Series:
    """Local times of zones like Europe/Berlin in UTC; of an hour that there is twice the first, of unknown zones as is.

    What no zone's clock ever showed becomes null.
    """
    utc = local
    for name in zone.drop_nulls().unique().to_list():
        if "/" not in name:
            continue
        try:
            there = local.dt.replace_time_zone(name, ambiguous="earliest", non_existent="null")
        except pl.exceptions.ComputeError:
            continue
        found = there.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
        utc = found.zip_with((zone == name).fill_null(False), utc)
    return utc


def clock_times(written: pl.Series) -> pl.Series:
    """Times of day without a date, as written; null where a text is none. A fraction may follow a comma."""
    return written.str.replace(",", ".", literal=True).str.strptime(pl.Time(), "%H:%M:%S%.f", strict=False)


def plausible(utc: pl.Series) -> pl.Series:
    """`utc` with null for times that no running system can have written."""
    micros = utc.cast(pl.Int64())
    odd = ((micros < _EARLIEST_MICROS) | (micros >= _AFTER_LATEST_MICROS)).fill_null(False)
    return utc.set(odd, None) if odd.any() else utc


def _normalised(written: pl.Series, formats: tuple[str, ...]) -> pl.Series:
    """The texts as `formats` expect them, whichever of the allowed marks each of them has."""
    text = written
    if text.str.contains(",", literal=True).any() and not any("," in form for form in formats):
        text = text.str.replace(r",([0-9]{1,9})$", ".$1").str.replace(", ", " ", literal=True)
    if text.str.contains("\u202f", literal=True).any():
        text = text.str.replace("\u202f", " ", literal=True)
    if text.str.contains(_DATE_AND_T).any():
        text = text.str.replace("T", " ", literal=True)
    return text


def _parsed(written: pl.Series, formats: tuple[str, ...], yearless: bool) -> pl.Series:
    """The local times: first by the very format of the first text, what that leaves by all `formats`."""
    ambiguous = len({form[:2] for form in formats}) > 1
    quick = None if ambiguous else _format_of_first(written, formats)
    if quick is None:
        return _by_formats(_normalised(written, formats), formats, yearless)
    text = written.str.replace("  ", " 0", literal=True) if "%b %d" in quick else written
    result = _strptime(_dated(text, yearless), _year_format(yearless) + quick)
    if result.null_count() == written.null_count():
        return result
    gaps = result.is_null() & written.is_not_null()
    return result.scatter(gaps.arg_true(), _by_formats(_normalised(written.filter(gaps), formats), formats, yearless))


def _by_formats(text: pl.Series, formats: tuple[str, ...], yearless: bool) -> pl.Series:
    text = _dated(text, yearless)
    if len({form[:2] for form in formats}) > 1:
        formats = _by_fit(text, formats)
    result: pl.Series | None = None
    for form in (*_exact(text, formats), *formats):
        wanted = _year_format(yearless) + form
        if result is None:
            result = _strptime(text, wanted)
        elif result.null_count():
            gaps = result.is_null() & text.is_not_null()
            if not gaps.any():
                break
            result = result.scatter(gaps.arg_true(), _strptime(text.filter(gaps), wanted))
    assert result is not None
    return result


def _dated(text: pl.Series, yearless: bool) -> pl.Series:
    return f"{PLACEHOLDER_YEAR} " + text if yearless else text


def _year_format(yearless: bool) -> str:
    return "%Y " if yearless else ""


def _format_of_first(written: pl.Series, formats: tuple[str, ...]) -> str | None:
    """The format of the first text to the letter: polars reads fixed formats five times as fast as general ones.

    None when it cannot be told.
    """
    first = written.drop_nulls().head(1)
    found = None if first.is_empty() else _CLOCK_AND_FRACTION.search(str(first.item()))
    if found is None or "%S%.f" not in formats[0]:
        return None
    mark, digits = found.group(2) or "", found.group(3) or ""
    if digits and len(digits) not in (3, 6, 9):
        return None
    fraction = f"{mark}%{len(digits)}f" if digits else ""
    quick = formats[0].replace("%.f", fraction)
    return quick.replace(" ", "T", 1) if found.group(1) == "T" else quick


def _by_fit(text: pl.Series, formats: tuple[str, ...]) -> tuple[str, ...]:
    """`formats` with the one first that fits most texts: whether the day or the month comes first is decided once."""
    return tuple(sorted(formats, key=lambda form: _strptime(text.head(10_000), form).null_count()))


def _strptime(text: pl.Series, form: str) -> pl.Series:
    if "%z" in form:
        return _with_zone_name(text, form)
    return text.str.strptime(pl.Datetime("us"), form, strict=False)


def _with_zone_name(text: pl.Series, form: str) -> pl.Series:
    """Times whose zone comes before the year, as in the output of date(1)."""
    parts = text.str.extract_groups(
        r"^(?P<before>.*) (?P<zone>[+-][0-9]{4}|[A-Z]{3,4}) (?P<year>[0-9]{4})$"
    ).struct.unnest()
    local = (parts["before"] + " " + parts["year"]).str.strptime(
        pl.Datetime("us"), form.replace(" %z", ""), strict=False
    )
    minutes = _zone_minutes(parts["zone"], _names_in(parts["zone"]))
    return local if minutes is None else local - minutes


def _exact(text: pl.Series, formats: tuple[str, ...]) -> tuple[str, ...]:
    """The format with the number of fraction digits of the first text: three times as fast as any number."""
    first = text.drop_nulls().head(1)
    if first.is_empty() or "%.f" not in formats[0]:
        return ()
    digits = re.search(r":[0-9]{2}(?:\.([0-9]{1,9}))?(?![0-9.:])", str(first.item())[-40:])
    count = len(digits.group(1) or "") if digits else -1
    if count == 0:
        return (formats[0].replace("%.f", ""),)
    return (formats[0].replace("%.f", f".%{count}f"),) if count in (3, 6, 9) else ()


def _from_epoch(written: pl.Series, unit: str) -> pl.Series:
    if unit == "s":
        micros = (written.cast(pl.Float64(), strict=False) * 1e6).round()
    else:
        micros = written.cast(pl.Int64(), strict=False) / (_PER_SECOND[unit] / 1e6)
    return plausible(micros.cast(pl.Int64(), strict=False).cast(pl.Datetime("us")).dt.replace_time_zone("UTC"))


def _names_in(zone: pl.Series) -> list[str]:
    return zone.unique().drop_nulls().to_list()


def _zone_minutes(zone: pl.Series, names: list[str]) -> pl.Series | None:
    """How far each zone is east of UTC, as durations; unknown ones count as UTC. None when all are UTC."""
    known = {name: zone_minutes(name) or 0 for name in names}
    if not any(known.values()):
        return None
    minutes = zone.replace_strict(known, default=0, return_dtype=pl.Int64()).fill_null(0)
    return (minutes * 60_000_000).cast(pl.Duration("us"))


def zone_minutes(name: str) -> int | None:
    """Minutes east of UTC of one written zone; None when it is not known."""
    offset = _ZONE_TAIL.match(name)
    if offset:
        minutes = int(offset.group(2)) * 60 + int(offset.group(3) or 0)
        return -minutes if offset.group(1) == "-" else minutes
    return ZONE_MINUTES.get(name)


def _zone_text(utc: pl.Series, zone: pl.Series | None, default: str) -> pl.Series:
    if zone is None or zone.null_count() == zone.len():
        text = pl.repeat(default, utc.len(), dtype=pl.String(), eager=True)
    else:
        text = zone.fill_null(default)
    return text.set(utc.is_null(), None) if utc.null_count() else text
