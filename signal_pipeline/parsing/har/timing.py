"""When a request began and how long its phases took. Absurd values become None and a flag."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from signal_pipeline.parsing.har.entry import Timings

PHASES = ("blocked", "dns", "connect", "ssl", "send", "wait", "receive")
MAX_DURATION_MS = 30 * 24 * 3600 * 1000.0
MAX_SKEW_MS = 1.0
"""Chrome subtracts clocks of two processes: a phase of no length may come out as -0.317 ms."""
_FIRST_YEAR, _LAST_YEAR = 1980, 2199
_EPOCH_MS = (1e11, 7e12)

_ZONE = r"Z|z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2}"
_ISO = re.compile(rf"(\d{{4}})-(\d{{2}})-(\d{{2}})[Tt ](\d{{2}}):(\d{{2}}):(\d{{2}})(?:[.,](\d{{1,12}}))?\s?({_ZONE})?")
_TIME_SHAPE = re.compile(r"[+-]?\d{1,6}-\d{1,2}-\d{1,2}[Tt ][\d:.,]{1,24}(?:[Zz]|[+-]\d{2}:?\d{2})?")


@dataclass(frozen=True)
class Moment:
    """`at` in UTC and the zone as it was written; `flag` says what was wrong, with the raw text if it is a time."""

    at: datetime | None = None
    zone: str | None = None
    flag: str | None = None


def parse_moment(value: object) -> Moment:
    """Reads startedDateTime: ISO 8601 with a zone, or milliseconds since 1970.

    A time without a zone says nothing about when: None and the flag.
    """
    if value is None:
        return Moment(flag="no_time")
    if isinstance(value, str):
        return _parse_text(value[:64].strip())
    if isinstance(value, (int, float)) and _EPOCH_MS[0] < value < _EPOCH_MS[1]:
        return Moment(datetime.fromtimestamp(value / 1000, UTC), "epoch")
    return Moment(flag="bad_time")


def _parse_text(text: str) -> Moment:
    found = _ISO.fullmatch(text)
    if found and found[8]:
        try:
            at = _moment(found)
        except (ValueError, OverflowError):
            return Moment(flag=_bad_time(text))
        if _FIRST_YEAR <= at.year <= _LAST_YEAR:
            return Moment(at, found[8])
    return Moment(flag=_bad_time(text))


def _moment(found: re.Match[str]) -> datetime:
    zone = found[8] if found[8][0] in "+-" else "+00:00"
    return datetime.fromisoformat(found[0][: found.start(8)].rstrip() + zone).astimezone(UTC)


def _bad_time(text: str) -> str:
    return f"bad_time={text.replace(',', '.')}" if _TIME_SHAPE.fullmatch(text) else "bad_time"


@dataclass(frozen=True)
class Duration:
    """`total_ms` of the whole request and the phase that took longest; `bad` when a value made no sense."""

    total_ms: float | None = None
    slowest_phase: str | None = None
    bad: bool = False


def parse_duration(total: object, timings: Timings | None) -> Duration:
    """Reads `time` and `timings`; -1 and null mean "does not apply". Without a total, the phases' sum."""
    bad = False
    phases: dict[str, float] = {}
    for name in PHASES if timings is not None else ():
        value, wrong = _milliseconds(getattr(timings, name))
        bad |= wrong
        if value is not None:
            phases[name] = value
    if "ssl" in phases and phases["ssl"] <= phases.get("connect", -1.0):
        phases["connect"] -= phases["ssl"]  # the specification counts TLS into connect
    slowest = max(phases, key=lambda name: phases[name], default=None)
    if slowest is not None and phases[slowest] <= 0:
        slowest = None
    total_ms, wrong = _milliseconds(total)
    if total_ms is None and not wrong and phases:
        total_ms = round(sum(phases.values()), 6)
    return Duration(total_ms, slowest, bad or wrong)


def _milliseconds(value: object) -> tuple[float | None, bool]:
    if (type(value) is float or type(value) is int) and 0 <= value <= MAX_DURATION_MS:
        return float(value), False
    if value is None or value == -1:
        return None, False
    if type(value) is float and -MAX_SKEW_MS < value < 0:
        return 0.0, False
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None, True
    if not 0 <= value <= MAX_DURATION_MS or not math.isfinite(value):
        return None, True
    return float(value), False
