"""How timestamps are written: one row per style, with its pattern and its strptime formats. No parsing
here.
"""

from __future__ import annotations

from dataclasses import dataclass

from signal_pipeline.parsing.logs.formats.months import OTHER_MONTH, OTHER_MONTHS
from signal_pipeline.parsing.logs.formats.word_trie import word_pattern

_D = "[0-9]{2}"
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = r"[0-9]{2}:[0-9]{2}:[0-9]{2}"
_FRACTION = r"(?:[.,][0-9]{1,9})?"
_OFFSET = r"(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?"
_ZONES = word_pattern(
    (
        "UTC", "GMT", "CET", "CEST", "EET", "EEST", "WET", "WEST", "BST", "IST", "MSK", "JST", "KST", "HKT",
        "SGT", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT", "AKST", "AKDT", "HST", "AEST", "AEDT",
        "ACST", "AWST", "NZST", "NZDT", "BRT", "ART", "WIB", "PKT", "SAST",
    )
)  # fmt: skip
_SPACED_ZONE = rf" (?P<zone>[+-][0-9]{{2}}:?[0-9]{{2}}|{_ZONES})"
_MONTH = word_pattern(("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"))
_MONTH_NAME = word_pattern(
    (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    )
)  # fmt: skip
_DAY = word_pattern(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))


@dataclass(frozen=True)
class Stamp:
    """A style of timestamp. `pattern` has the groups time and, where it may hold one, zone.

    `formats` are strptime formats, tried in order on the normalised text (see timestamps.py); a format
    without a year gets one from the file. `epoch` is the unit of a number.
    """

    name: str
    pattern: str
    formats: tuple[str, ...]
    example: str
    epoch: str | None = None
    repairs: tuple[tuple[str, str], ...] = ()
    """Replacements (Rust regex) that bring what is written to the formats: clocks without leading zeros."""


CLOCK = "clock"
"""The name of the style that says the time of day and no date."""

STAMPS: tuple[Stamp, ...] = (
    Stamp(
        "iso-spaced-zone",
        rf"(?P<time>{_DATE}(?:[T ]|, ){_CLOCK}{_FRACTION}){_SPACED_ZONE}",
        ("%Y-%m-%d %H:%M:%S%.f",),
        "2024-03-01 10:00:00.123 +0100",
    ),
    Stamp(
        "iso-half-day",
        rf"(?P<time>{_DATE}[T ][0-9]{{1,2}}:{_D}:{_D} [AP]M)",
        ("%Y-%m-%d %I:%M:%S %p",),
        "2024-03-01 10:00:00 PM",
    ),
    Stamp(
        "iso-colon-millis",
        rf"(?P<time>{_DATE}[T ]{_CLOCK}:[0-9]{{3}})",
        ("%Y-%m-%d %H:%M:%S:%3f",),
        "2020-05-26 19:46:43:259",
    ),
    Stamp(
        "iso",
        rf"(?P<time>{_DATE}(?:[T ]|, ){_CLOCK}{_FRACTION}){_OFFSET}",
        ("%Y-%m-%d %H:%M:%S%.f",),
        "2024-03-01 10:00:00,123",
    ),
    Stamp(
        "iso-month-name",
        rf"(?P<time>[0-9]{{4}}-{_MONTH}-[0-9]{{2}} {_CLOCK}{_FRACTION})",
        ("%Y-%b-%d %H:%M:%S%.f",),
        "2024-Mar-01 10:00:00",
    ),
    Stamp(
        "iso-underscore",
        rf"(?P<time>{_DATE}_{_CLOCK}{_FRACTION})",
        ("%Y-%m-%d_%H:%M:%S%.f",),
        "2024-03-01_10:00:00.12345",
    ),
    Stamp(
        "iso-one-digit-hour",
        rf"(?P<time>{_DATE}[T ][0-9]:{_D}:{_D}{_FRACTION}){_OFFSET}",
        ("%Y-%m-%d %H:%M:%S%.f",),
        "2024-03-01 9:00:00,123",
    ),
    Stamp(
        "iso-ordinal",
        rf"(?P<time>[0-9]{{4}}-[0-9]{{3}}T{_CLOCK}{_FRACTION}){_OFFSET}",
        ("%Y-%j %H:%M:%S%.f",),
        "2012-025T10:22:40,672",
    ),
    Stamp(
        "iso-basic", rf"(?P<time>[0-9]{{8}}T[0-9]{{6}}{_FRACTION}){_OFFSET}", ("%Y%m%d %H%M%S%.f",), "20240301T100000Z"
    ),
    Stamp(
        "basic-dot",
        r"(?P<time>[0-9]{8}[.-][0-9]{6}(?:[.,][0-9]{1,9})?)",
        ("%Y%m%d.%H%M%S%.f", "%Y%m%d-%H%M%S%.f"),
        "20120702.102240,672",
    ),
    Stamp("basic-date", rf"(?P<time>[0-9]{{8}} {_CLOCK}{_FRACTION})", ("%Y%m%d %H:%M:%S%.f",), "20260327 11:34:21.908"),
    Stamp(
        "basic-dash",
        r"(?P<time>[0-9]{8}-[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?::[0-9]{1,3})?)",
        ("%Y%m%d-%H:%M:%S:%3f", "%Y%m%d-%H:%M:%S"),
        "20171223-22:15:29:606",
        repairs=(
            (r"([-:])([0-9])(:|$)", "${1}0${2}${3}"),
            (r"([-:])([0-9])(:|$)", "${1}0${2}${3}"),
            (r"(:[0-9]{2}:[0-9]{2}):([0-9]{2})$", "${1}:0${2}"),
        ),
    ),
    Stamp(
        "slash-ymd-zone",
        rf"(?P<time>[0-9]{{4}}/{_D}/{_D} {_CLOCK}{_FRACTION}){_SPACED_ZONE}",
        ("%Y/%m/%d %H:%M:%S%.f",),
        "2024/03/01 10:00:00 +0000",
    ),
    Stamp(
        "slash-ymd",
        rf"(?P<time>[0-9]{{4}}/{_D}/{_D}[ T-]{_CLOCK}{_FRACTION}){_OFFSET}",
        ("%Y/%m/%d %H:%M:%S%.f", "%Y/%m/%d-%H:%M:%S%.f"),
        "2023/02/21 08:05:56.233208",
    ),
    Stamp(
        "dot-ymd",
        rf"(?P<time>[0-9]{{4}}\.{_D}\.{_D} {_CLOCK}{_FRACTION})",
        ("%Y.%m.%d %H:%M:%S%.f",),
        "2024.03.01 10:00:00.123456",
    ),
    Stamp("colon-ymd", rf"(?P<time>[0-9]{{4}}:{_D}:{_D}-{_CLOCK})", ("%Y:%m:%d-%H:%M:%S",), "2014:07:02-00:17:45"),
    Stamp(
        "slash-short",
        rf"(?P<time>[0-9]{{2}}/{_D}/{_D} {_CLOCK}{_FRACTION})",
        ("%y/%m/%d %H:%M:%S%.f",),
        "17/06/09 20:10:40",
    ),
    Stamp(
        "dash-short",
        rf"(?P<time>[0-9]{{2}}-{_D}-{_D} {_CLOCK}{_FRACTION})",
        ("%y-%m-%d %H:%M:%S%.f",),
        "23-12-14 18:17:10.2",
    ),
    Stamp("hdfs", r"(?P<time>[0-9]{6} [0-9]{6})", ("%y%m%d %H%M%S",), "081109 203615"),
    Stamp(
        "mysql-short", r"(?P<time>[0-9]{6} {1,2}[0-9]{1,2}:[0-9]{2}:[0-9]{2})", ("%y%m%d %H:%M:%S",), "130324  0:04:00"
    ),
    Stamp(
        "apache",
        rf"(?P<time>[0-9]{{1,2}}/{_MONTH}/[0-9]{{4}}[: ]{_CLOCK}{_FRACTION})(?: (?:(?P<zone>[+-][0-9]{{4}}) ?)?)?",
        ("%d/%b/%Y:%H:%M:%S%.f", "%d/%b/%Y %H:%M:%S%.f"),
        "10/Oct/2000:13:55:36 -0700",
    ),
    Stamp(
        "dash-month-zone",
        (
            rf"(?P<time>[0-9]{{1,2}}-{_MONTH}-[0-9]{{4}} {_CLOCK}{_FRACTION}) "
            rf"(?P<zone>[+-][0-9]{{4}}|{_ZONES}|[A-Z][a-z]+(?:/[A-Z][A-Za-z_]+)+)"
        ),
        ("%d-%b-%Y %H:%M:%S%.f",),
        "21-Jul-2025 01:02:43 UTC",
    ),
    Stamp(
        "dash-month",
        rf"(?P<time>[0-9]{{1,2}}-{_MONTH}-[0-9]{{4}} {_CLOCK}{_FRACTION})",
        ("%d-%b-%Y %H:%M:%S%.f",),
        "21-Jul-2025 01:02:43.123",
    ),
    Stamp(
        "compact-month",
        rf"(?P<time>[0-9]{{2}}{_MONTH}[0-9]{{4}} {_CLOCK}{_FRACTION})",
        ("%d%b%Y %H:%M:%S%.f",),
        "20Apr2024 21:40:34.123",
    ),
    Stamp(
        "ctime-yearless",
        rf"(?P<time>{_DAY} {_MONTH} {{1,2}}[0-9]{{1,2}} {_CLOCK}\.[0-9]{{3}})",
        ("%b %d %H:%M:%S%.f",),
        "Fri Mar  1 10:42:29.902",
        repairs=((r"^[A-Z][a-z]{2} ", ""),),
    ),
    Stamp(
        "ctime",
        (
            rf"(?P<time>{_DAY} {_MONTH} {{1,2}}[0-9]{{1,2}} {_CLOCK}{_FRACTION} [0-9]{{4}})(?: "
            rf"(?P<zone>[+-][0-9]{{2}}:?[0-9]{{2}}))?"
        ),
        ("%a %b %d %H:%M:%S%.f %Y",),
        "Fri Sep 09 10:42:29.902022 2011",
    ),
    Stamp(
        "ctime-zone",
        (
            rf"(?P<time>{_DAY} {_MONTH} {{1,2}}[0-9]{{1,2}} {_CLOCK}{_FRACTION} "
            rf"(?:[+-][0-9]{{4}}|[A-Z]{{3,4}}) [0-9]{{4}})"
        ),
        ("%a %b %d %H:%M:%S%.f %z %Y",),
        "Sat Apr 27 03:33:07 PDT 2013",
    ),
    Stamp(
        "java-util",
        rf"(?P<time>{_MONTH} {{1,2}}[0-9]{{1,2}}, [0-9]{{4}} [0-9]{{1,2}}:{_D}:{_D}{_FRACTION}(?:[ \x{{202f}}][AP]M)?)",
        ("%b %d %Y %I:%M:%S %p", "%b %d %Y %H:%M:%S%.f"),
        "Jul 22, 2024 3:15:12 PM",
    ),
    Stamp(
        "day-month-year",
        rf"(?P<time>[0-9]{{1,2}} {_MONTH} [0-9]{{4}},? {_CLOCK}{_FRACTION})(?: (?P<zone>[+-][0-9]{{4}}|{_ZONES}))?",
        ("%d %b %Y %H:%M:%S%.f",),
        "18 Jul 2025 19:08:05.257",
    ),
    Stamp(
        "rfc-2822",
        (
            rf"(?P<time>{_DAY}, [0-9]{{1,2}} {_MONTH} [0-9]{{4}} {_CLOCK}{_FRACTION})(?: "
            rf"(?P<zone>[+-][0-9]{{4}}|{_ZONES}))?"
        ),
        ("%a, %d %b %Y %H:%M:%S%.f",),
        "Fri, 18 Jul 2025 19:08:05 +0000",
    ),
    Stamp(
        "day-month-other-language",
        rf"(?P<time>[0-9]{{1,2}}[. ] ?{OTHER_MONTH}\.?[. ] ?[0-9]{{4}},? {_CLOCK}{_FRACTION})",
        ("%d %b %Y %H:%M:%S%.f",),
        "01 févr. 2024 10:00:00,123",
        repairs=(
            *((rf"(?i){written}[a-zéû]*\.?", month) for written, month in OTHER_MONTHS),
            (r"[. ]+([A-Z])", " $1"),
        ),
    ),
    Stamp(
        "day-month",
        rf"(?P<time>[0-9]{{1,2}} {_MONTH} {_CLOCK}{_FRACTION})",
        ("%d %b %H:%M:%S%.f",),
        "13 Apr 12:52:30.731",
    ),
    Stamp(
        "syslog-year-zone",
        rf"(?P<time>{_MONTH} {{1,2}}[0-9]{{1,2}},? [0-9]{{4}} {_CLOCK}{_FRACTION}) (?P<zone>{_ZONES})",
        ("%b %d %Y %H:%M:%S%.f",),
        "Jun 14 2024 15:16:01 GMT",
    ),
    Stamp(
        "month-name",
        (
            rf"(?P<time>{_MONTH_NAME} [0-9]{{1,2}}, [0-9]{{4}}(?: at|,)? [0-9]{{1,2}}:{_D}(?::{_D})?(?:[ "
            rf"\x{{202f}}][AP]M)?)"
        ),
        ("%B %d %Y %I:%M %p", "%B %d %Y %I:%M:%S %p", "%B %d %Y %H:%M:%S", "%B %d %Y %H:%M"),
        "June 14, 2024 15:16",
        repairs=((" at ", " "), (r"([0-9]{4}),", "$1")),
    ),
    Stamp(
        "syslog-year",
        rf"(?P<time>{_MONTH} {{1,2}}[0-9]{{1,2}},? [0-9]{{4}} {_CLOCK}{_FRACTION})",
        ("%b %d %Y %H:%M:%S%.f",),
        "Jun 14 2024 15:16:01",
    ),
    Stamp(
        "syslog",
        rf"(?P<time>{_MONTH} {{1,2}}[0-9]{{1,2}} {_CLOCK}{_FRACTION})",
        ("%b %d %H:%M:%S%.f",),
        "Jun 14 15:16:01",
    ),
    Stamp(
        "dash-month-short",
        rf"(?P<time>{_MONTH}-[0-9]{{2}}-[0-9]{{2}} {_CLOCK})",
        ("%b-%d-%y %H:%M:%S",),
        "Apr-07-13 07:08:36",
    ),
    Stamp("month-day", rf"(?P<time>{_D}-{_D} {_CLOCK}\.[0-9]{{3,6}})", ("%m-%d %H:%M:%S%.f",), "03-17 16:13:38.811"),
    Stamp(
        "dots-dmy",
        rf"(?P<time>[0-9]{{1,2}}\.[0-9]{{1,2}}\.[0-9]{{4}},? {_CLOCK}{_FRACTION}){_OFFSET}",
        ("%d.%m.%Y %H:%M:%S%.f",),
        "01.03.2024 10:00:00",
    ),
    Stamp(
        "dots-dmy-short",
        rf"(?P<time>{_D}\.{_D}\.{_D} {_CLOCK}{_FRACTION})",
        ("%d.%m.%y %H:%M:%S%.f",),
        "01.03.24 10:00:00",
    ),
    Stamp(
        "slashes-year-last",
        (
            rf"(?P<time>[0-9]{{1,2}}/[0-9]{{1,2}}/[0-9]{{4}},? [0-9]{{1,2}}:{_D}:{_D}{_FRACTION}(?:[ "
            rf"\x{{202f}}][AaPp][Mm])?)"
        ),
        ("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M:%S%.f %p", "%m/%d/%Y %H:%M:%S%.f", "%d/%m/%Y %H:%M:%S%.f"),
        "10/22/2024, 3:15:12 PM",
    ),
    Stamp(
        "dashes-year-last",
        rf"(?P<time>{_D}-{_D}-[0-9]{{4}} {_CLOCK}{_FRACTION})(?: (?P<zone>[+-][0-9]{{4}}))?",
        ("%d-%m-%Y %H:%M:%S%.f", "%m-%d-%Y %H:%M:%S%.f"),
        "11-06-2013 02:09:40",
    ),
    Stamp(
        "blue-gene",
        r"(?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{6})",
        ("%Y-%m-%d-%H.%M.%S%.f",),
        "2005-06-03-15.42.50.675872",
    ),
    Stamp(
        "iso-dashes",
        r"(?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2}[-_][0-9]{2}-[0-9]{2}-[0-9]{2})",
        ("%Y-%m-%d-%H-%M-%S", "%Y-%m-%d_%H-%M-%S"),
        "2024-03-01_10-00-00",
    ),
    Stamp("epoch-ns", r"(?P<time>1[0-9]{18})", (), "1531171074631000000", epoch="ns"),
    Stamp("epoch-us", r"(?P<time>1[0-9]{15})", (), "1531171074631000", epoch="us"),
    Stamp("epoch-ms", r"(?P<time>1[0-9]{12})", (), "1531171074631", epoch="ms"),
    Stamp("epoch-s", r"(?P<time>[1-9][0-9]{8,9}(?:\.[0-9]{1,9})?)", (), "1531171074.631", epoch="s"),
    Stamp(CLOCK, rf"(?P<time>{_CLOCK}{_FRACTION})", (), "10:00:00.123"),
)

STAMP_BY_NAME: dict[str, Stamp] = {stamp.name: stamp for stamp in STAMPS}
