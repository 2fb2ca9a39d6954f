"""A second look at values that a `format` refused: what widely used validators take is taken here as well.

RFC 3339 lets a space stand for the T, and producers leave the zone out or write it without a colon; addresses with
characters that should have been escaped are addresses all the same. A value that is no such thing at all stays refused.
"""

from __future__ import annotations

import re
from typing import Any

_TIME = (
    r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?(?: ?(?:[zZ]|UTC|[+\-][0-9]{2}(?::?[0-9]{2})?))?"
)
_DATE = r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"

TAKEN: dict[str, re.Pattern[str]] = {
    "date-time": re.compile(rf"{_DATE}[tT ]{_TIME}"),
    "time": re.compile(_TIME),
    "uri": re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s\x00-\x1f]+"),
    "uri-reference": re.compile(r"[^\s\x00-\x1f]*"),
    "uri-template": re.compile(r"[^\s\x00-\x1f]+"),
    "email": re.compile(r"[^\s@]+@[^\s@]+"),
    "hostname": re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_\-.]{0,251}[A-Za-z0-9_])?"),
}


def is_taken(name: str, value: Any) -> bool:
    """Whether a text that is not strictly of the format is taken for one."""
    pattern = TAKEN.get(name)
    return pattern is not None and isinstance(value, str) and pattern.fullmatch(value) is not None
