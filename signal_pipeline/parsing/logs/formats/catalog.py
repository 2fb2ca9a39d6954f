"""All rows of the format table in the order in which they are tried: the specific before the general."""

from __future__ import annotations

from signal_pipeline.parsing.logs.formats import (
    access,
    browser,
    cloud,
    databases,
    games,
    go_rust,
    google,
    iso_text,
    jvm,
    mobile,
    network,
    python_text,
    scripting,
    syslog,
    systems,
    web_errors,
)
from signal_pipeline.parsing.logs.formats.log_format import ANY_STAMP, LogFormat
from signal_pipeline.parsing.logs.formats.stamps import STAMPS as COMMON_STAMPS
from signal_pipeline.parsing.logs.formats.stamps import Stamp

STAMPS: dict[str, Stamp] = {
    stamp.name: stamp
    for stamp in (
        *COMMON_STAMPS,
        *access.STAMPS,
        *databases.STAMPS,
        *games.STAMPS,
        *go_rust.STAMPS,
        *google.STAMPS,
        *jvm.STAMPS,
        *network.STAMPS,
        *scripting.STAMPS,
        *syslog.STAMPS,
        *systems.STAMPS,
    )
}
LEADING_STAMPS: tuple[Stamp, ...] = COMMON_STAMPS
"""The styles that a layout for any timestamp may have."""

TEXT_FORMATS: tuple[LogFormat, ...] = (
    *access.FORMATS,
    *systems.FORMATS,
    *google.FORMATS,
    *mobile.FORMATS,
    *web_errors.FORMATS,
    *databases.FORMATS,
    *games.FORMATS,
    *network.FORMATS,
    *cloud.FORMATS,
    *python_text.FORMATS,
    *scripting.FORMATS,
    *scripting.CI,
    *browser.FORMATS,
    *jvm.BEFORE_SYSLOG,
    *syslog.FORMATS,
    *jvm.FORMATS,
    *go_rust.FORMATS,
    *iso_text.FORMATS,
    *syslog.ISO_DATED,
    *iso_text.TIME_FIRST,
    *scripting.BROWSER,
    *iso_text.LEVEL_FIRST,
)


def stamps_of(row: LogFormat) -> tuple[Stamp, ...]:
    """The timestamp styles that `row` may have; empty when it has no timestamp."""
    if row.stamps == ANY_STAMP:
        return LEADING_STAMPS
    return tuple(STAMPS[name] for name in row.stamps)


SINGLE_LINE_FORMATS: tuple[str, ...] = ("logfmt", *sorted({row.name for row in TEXT_FORMATS if row.kind == "access"}))
"""Formats whose records fill one line by construction. All JSON flavours are such as well."""
