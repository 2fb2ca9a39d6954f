"""W3C extended logs (IIS, HTTPERR, CloudFront, Exchange): the file itself names its columns in a `#Fields:` line."""

from __future__ import annotations

import re

import polars as pl

from signal_pipeline.parsing.logs.formats.catalog import STAMPS
from signal_pipeline.parsing.logs.formats.log_format import LogFormat
from signal_pipeline.parsing.logs.recognise import Matcher

_DIRECTIVE = "#Fields:"
_MAX_FIELDS = 64
_MAX_LAYOUTS = 8
_GROUPS: dict[str, str] = {
    "cs-method": r"(?:(?P<method>[A-Z]{1,16})|-)",
    "cs-uri-stem": r"(?:(?P<url>[^ \t-][^ \t]*)|-)",
    "cs-uri": r"(?:(?P<url>[^ \t-][^ \t]*)|-)",
    "sc-status": r"(?:(?P<status>[0-9]{3})|-)",
}
"""What is kept of a field; all others are skipped."""
_NAMES: tuple[tuple[str, str], ...] = (
    ("x-edge-location", "cloudfront"),
    ("s-reason", "iis-httperr"),
    ("sc-win32-status", "iis-w3c"),
    ("s-sitename", "iis-w3c"),
    ("", "w3c"),
)
"""The first whose field is there names the format."""
_DIRECTIVES = r"(?P<message>#(?:Software|Version|Date|Fields|Remark|Start-Date|End-Date|GMT-Offset|System|Comment):.*)$"


def w3c_matchers(text: pl.Series) -> tuple[Matcher, ...]:
    """Matchers for the layouts that the lines of `text` announce; none when they announce none."""
    announced = text.filter(text.str.starts_with(_DIRECTIVE)).unique(maintain_order=True).head(_MAX_LAYOUTS).to_list()
    rows = [row for line in announced if (row := layout(line)) is not None]
    if not rows:
        return ()
    # Date and time are fields of their own, with a tab between them in some of these logs.
    stamp = STAMPS["iso"].pattern.replace("[T ]", "[ \t]")
    matchers = [Matcher(row, STAMPS["iso"], row.pattern(stamp)) for row in rows]
    directive = LogFormat(rows[0].name, _DIRECTIVES, (), levels="none")
    return (*matchers, Matcher(directive, None, directive.pattern()))


def layout(directive: str) -> LogFormat | None:
    """The row for lines with the fields of one `#Fields:` line; None unless they begin with date and time."""
    fields = re.split(r"[ \t]+", directive.removeprefix(_DIRECTIVE).strip())[:_MAX_FIELDS]
    if fields[:2] != ["date", "time"] or "sc-status" not in fields:
        return None
    taken = {"url"} if "cs-uri-stem" in fields else set[str]()
    parts = []
    for field in fields[2:]:
        part = _GROUPS.get(field, "[^ \t]+")
        if field == "time-taken":
            # IIS counts milliseconds, CloudFront seconds with a fraction.
            part = r"(?:(?P<duration_s>[0-9]+\.[0-9]+)|(?P<duration_ms>[0-9]+)|-)"
        if field == "cs-uri" and "url" in taken:
            part = "[^ \t]+"
        parts.append(part)
    name = next(name for mark, name in _NAMES if not mark or mark in fields)
    return LogFormat(name, r"{stamp}[ \t]+" + "[ \t]+".join(parts) + ".*", (), ("iso",), levels="status", kind="access")
