"""What one row of the format table is, and how its short-hand becomes a pattern. The rows are in the files
beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from signal_pipeline.parsing.logs.formats.word_trie import word_pattern

ANY_STAMP = ("*",)
"""A layout that may follow any timestamp; which ones are tried is decided by the lines."""

_CORE = (
    "trace|debug|verbose|info|information|notice|warning|warn|error|err|severe|critical|crit|fatal|alert|emergency"
    "|emerg|panic"
)
_UPPER_ONLY = (
    "FINEST|FINER|FINE|CONFIG|SUCCESS|LOG|NOTE|FAILURE|SECURITY|AUDIT|FAIL|SCHWERWIEGEND|WARNUNG|FEHLER|GRAVE|ERREUR"
    "|AVERTISSEMENT|ADVERTENCIA|INFOS|ERRO|EROR|DEBG|TRAC|BLAT"
)
_SHORT = "inform|VRB|DBG|INF|WRN|FTL|TRC|CRT|vrb|dbg|inf|wrn|ftl|trc|crt|trce|dbug|fail|dpanic|DPANIC"
_NUMBERED = "debug1|debug2|debug3|debug4|debug5|DEBUG1|DEBUG2|DEBUG3|DEBUG4|DEBUG5"
_TITLE = "Trace|Debug|Verbose|Info|Information|Notice|Warning|Warn"


def _words(*lists: str) -> str:
    return word_pattern("|".join(lists).split("|"))


UPPER_LEVEL = _words(_CORE.upper(), _UPPER_ONLY)
LEVEL_WORD = _words(_CORE.upper(), _CORE, _SHORT, _NUMBERED, _UPPER_ONLY, _TITLE)
ANY_LEVEL = _words(_CORE.upper(), _CORE, _CORE.title(), _SHORT, _NUMBERED, _UPPER_ONLY)

SHORTHAND: dict[str, str] = {
    "{level}": rf"(?P<level>{LEVEL_WORD})",
    "{upper-level}": rf"(?P<level>{UPPER_LEVEL})",
    "{any-level}": rf"(?P<level>{ANY_LEVEL})",
    "{component}": r"(?P<component>[A-Za-z_#$][0-9A-Za-z_.$:/\\\-#<>]*)",
    "{method}": r"(?P<method>[A-Z]{3,16})",
    "{status}": r"(?P<status>[0-9]{3})",
    "{pid}": r"(?P<thread>[0-9]+)",
}
"""`{level}` leaves out `Error` and other words that begin sentences and name exceptions; in brackets, where they
can only be levels, `{any-level}` takes them too."""

Kind = Literal["record", "access", "bare"]


@dataclass(frozen=True)
class LogFormat:
    """One layout of a log line.

    `header` is a Rust regex from the first character of the line to the first of the message; it is
    anchored and wrapped by `pattern`. Its named groups are the fields: time, zone, level, component,
    thread, trace_id, method, url, status, duration_s, duration_ms, duration_us, exception_class, message.
    Without a group `message` the message is what follows the header. `{stamp}` stands for one of
    `stamps`; the other short-hands are in `SHORTHAND`. Deterministic patterns (at each character one way
    to go on) run three times as fast as ambiguous ones.
    `kind` "access" makes the message out of method, URL and status; "bare" means that nothing but the time
    is known, so a line of a trace may hide behind the header.
    """

    name: str
    header: str
    examples: tuple[str, ...]
    stamps: tuple[str, ...] = ()
    levels: str = "words"
    kind: Kind = "record"
    class_prefix: str = ""
    """What comes before the text of group exception_class: `23505` alone does not say whose code it is."""

    def pattern(self, stamp: str = "") -> str:
        """The whole Rust regex, with `stamp` (a pattern) in the place of `{stamp}`."""
        header = self.header.replace("{stamp}", stamp)
        for name, expansion in SHORTHAND.items():
            header = header.replace(name, expansion)
        return f"^(?P<header>{header})"
