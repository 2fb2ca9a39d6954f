"""From the words, letters and numbers that loggers write to the one scale of `schemas.LEVELS`. One table
per notation.
"""

from __future__ import annotations

import polars as pl

from signal_pipeline.text_shapes.short_column import SHORT_COLUMN_ROWS

LOUD = ("error", "critical")
QUIET = ("trace", "debug", "info", "notice")
"""Levels of `schemas.LEVELS` that say an error, and that say none."""

_WORDS: dict[str, tuple[str, ...]] = {
    "trace": (
        "trace", "trce", "trc", "verbose", "verb", "vrb", "finest", "finer", "all", "silly", "trace2", "spam", "trac",
        "veryverbose", "blat",
    ),
    "debug": (
        "debug", "dbug", "dbg", "fine", "config", "debug0", "debug1", "debug2", "debug3", "debug4", "debug5",
        "detail", "statement", "hint", "deb", "debu", "debg",
    ),
    "info": (
        "info", "information", "informational", "inf", "log", "success", "http", "audit", "system", "display",
        "default", "normal", "in", "infos", "inform", "message",
    ),
    "notice": (
        "notice", "note", "security",
    ),
    "warning": (
        "warning", "warn", "wrn", "warnin", "wa", "warnings", "warnung", "avertissement", "advertencia",
    ),
    "error": (
        "error", "err", "eror", "erro", "fail", "failure", "failed", "error_message", "severe_error", "er",
        "exception", "fehler", "erreur",
    ),
    "critical": (
        "critical", "crit", "crt", "fatal", "ftl", "emerg", "emergency", "alert", "panic", "dpanic", "severe",
        "schwerwiegend", "grave",
        "fatal_error", "fault", "terminate", "wtf", "assert", "off", "al", "em", "cr", "fata", "pani", "pnc",
    ),
}  # fmt: skip
_LETTERS: dict[str, tuple[str, ...]] = {
    "trace": ("V", "T"),
    "debug": ("D", "D1", "D2", "D3", "D4", "D5"),
    "info": ("I", "L"),
    "notice": ("N",),
    "warning": ("W",),
    "error": ("E", "S"),
    "critical": ("F", "C", "A", "X"),
}
_SYSLOG = ("critical", "critical", "critical", "error", "warning", "notice", "info", "debug")
_BUNYAN = {10: "trace", 20: "debug", 30: "info", 40: "warning", 50: "error", 60: "critical"}
_PYTHON = {10: "debug", 20: "info", 30: "warning", 40: "error", 50: "critical"}
_NEXTCLOUD = {0: "debug", 1: "info", 2: "warning", 3: "error", 4: "critical"}
_REDIS = {".": "debug", "-": "debug", "*": "notice", "#": "warning"}


def _cased(words: dict[str, tuple[str, ...]]) -> dict[str, str]:
    spellings = {word: level for level, spelled in words.items() for word in spelled}
    return {form: level for word, level in spellings.items() for form in (word, word.upper(), word.title())}


LEVEL_TABLES: dict[str, dict[str, str]] = {
    "words": _cased(_WORDS),
    "letters": {letter: level for level, letters in _LETTERS.items() for letter in letters},
    "syslog": {str(number): level for number, level in enumerate(_SYSLOG)},
    "priority": {str(priority): _SYSLOG[priority % 8] for priority in range(192)},
    "bunyan": {str(number): level for number, level in _BUNYAN.items()},
    "python": {str(number): level for number, level in _PYTHON.items()},
    "nextcloud": {str(number): level for number, level in _NEXTCLOUD.items()},
    "redis": _REDIS,
    "status": {str(status): "error" if status >= 400 else "info" for status in range(100, 600)},
    "npm": {
        "ERR!": "error",
        "error": "error",
        "WARN": "warning",
        "warn": "warning",
        "notice": "notice",
        "info": "info",
        "verb": "debug",
        "verbose": "debug",
        "timing": "debug",
        "silly": "trace",
        "http": "info",
    },
    "php": {
        "Fatal error": "critical",
        "Parse error": "critical",
        "Recoverable fatal error": "critical",
        "Catchable fatal error": "critical",
        "Warning": "warning",
        "Notice": "notice",
        "Deprecated": "notice",
    },
    "postgres": {
        **{f"DEBUG{n}": "debug" for n in ("", "1", "2", "3", "4", "5")},
        **dict.fromkeys(("LOG", "INFO", "DETAIL", "HINT", "QUERY", "CONTEXT", "STATEMENT", "LOCATION"), "info"),
        "NOTICE": "notice",
        "WARNING": "warning",
        "ERROR": "error",
        "FATAL": "critical",
        "PANIC": "critical",
    },
    "browser": {
        **dict.fromkeys(("Uncaught", "[ERROR]", "net::", "Failed to load resource", "Mixed Content:"), "error"),
        **{
            f"Access to {what} at": "error"
            for what in ("fetch", "XMLHttpRequest", "script", "font", "image", "manifest")
        },
        **{
            f"Refused to {verb}": "error" for verb in ("load", "execute", "connect", "apply", "frame", "display", "set")
        },
        **dict.fromkeys(("[WARN]", "[Violation]", "[Deprecation]", "[Intervention]"), "warning"),
    },
    "erlang": {
        **dict.fromkeys(("ERROR", "CRASH", "SUPERVISOR"), "error"),
        "WARNING": "warning",
        **dict.fromkeys(("INFO", "PROGRESS"), "info"),
    },
    "xorg": {"EE": "error", "WW": "warning", **dict.fromkeys(("II", "**", "==", "--", "++", "NI", "!!"), "info")},
    "cmtrace": {"1": "info", "2": "warning", "3": "error"},
    "websphere": {
        "F": "critical",
        "E": "error",
        "W": "warning",
        "A": "notice",
        **dict.fromkeys(("I", "C", "O"), "info"),
        "D": "debug",
        **dict.fromkeys(("1", "2", "3", ">", "<"), "trace"),
    },
    "ceph": {"-1": "error", **{str(number): "info" if number < 2 else "debug" for number in range(100)}},
    "checks": {
        **dict.fromkeys(("OK", "UP", "RECOVERY"), "info"),
        **dict.fromkeys(("WARNING", "UNKNOWN"), "warning"),
        **dict.fromkeys(("CRITICAL", "DOWN", "UNREACHABLE"), "error"),
    },
    "none": {},
}
"""By notation: what is written → level. An answer of 400 or more is an error, in access logs as in HAR files."""


def levels_of(written: pl.Series, notation: str) -> pl.Series:
    """The levels of a column of written levels; null where the word is unknown."""
    table = LEVEL_TABLES[notation]
    if len(written) <= SHORT_COLUMN_ROWS:
        return pl.Series(written.name, [table.get(word) for word in written.to_list()], dtype=pl.String())
    return written.replace_strict(table, default=None, return_dtype=pl.String())


def level_of(written: object, numbers: str = "bunyan") -> str | None:
    """The level of one value of a JSON field: a word, or a number on the scale `numbers`."""
    if isinstance(written, bool) or written is None:
        return None
    if isinstance(written, int | float):
        number = int(written)
        if 0 <= number <= 7:
            return LEVEL_TABLES["nextcloud" if numbers == "nextcloud" else "syslog"].get(str(number))
        return LEVEL_TABLES[numbers].get(str(number // 10 * 10))
    if isinstance(written, str):
        word = written.strip()
        if word.isdecimal() and len(word) < 4:
            return level_of(int(word), numbers)
        return (
            LEVEL_TABLES["words"].get(word)
            or LEVEL_TABLES["words"].get(word.lower())
            or LEVEL_TABLES["letters"].get(word)
        )
    return None
