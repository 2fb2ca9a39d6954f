"""Which wordings report an error. Which entries are errors is decided by the rules of their role (`roles.py`).

Of a message without a level the words decide (`error_words.py`), harmless phrases taken out first. A line that opens
with a level word of its own ("WARN ...") is judged by that word, except that a refused login is an error even so: mail
servers say "warning: SASL LOGIN authentication failed".
"""

from __future__ import annotations

import polars as pl

from signal_pipeline.classification.ascii_pattern import ascii_pattern
from signal_pipeline.classification.error_words import HARMLESS, REFUSED_LOGIN, SAYS_ERROR, any_of
from signal_pipeline.classification.outcome_words import NO_OUTCOME, OUTCOMES
from signal_pipeline.classification.plain_text import NOT_A_RECORD
from signal_pipeline.text_shapes.short_column import ShortColumn, contains, replace_all

DETECTION_VERSION = "2026-12-01"
# Changelog
# 2026-12-01  fatal errors of PHP behind its process manager, volumes that cannot be mounted; names of settings
# 2026-11-30.7  errors of Lua, Perl and Erlang; lines that begin with "Error: "
# 2026-11-30.6  lists of files, packages and tests; tests that passed, whatever their names say
# 2026-11-30.5  services that a supervisor saw die; collections of garbage
# 2026-11-30.4  headings and recaps of test runs; data races, compilers of Go, memory and disks that are full
# 2026-11-30.3  words and quoted traces of written text say nothing
# 2026-11-30.2  exceptions that nobody caught; commands and settings that are printed
# 2026-11-30  what died, or failed a test, is an error at any level; no words, no error; text of scripts
# 2026-11-22.2  errors that a body reports under a 2xx
# 2026-11-22  first rules

_OPENS_CALMLY = ascii_pattern(r"^\W{0,3}(?i:trace|debug|info|information|notice|verbose|config|fine)\b")
_OPENS_WITH_WARNING = ascii_pattern(
    r"^\W{0,3}(?i:warn|warning)\b|^(?:\(node:[0-9]+\) )?(?:\[[0-9A-Z_]+\] )?(?:PendingDeprecation|Deprecation|Future"
    r"|User|Resource|Runtime|Syntax|Import|Experimental|MaxListenersExceeded)?Warning: "
)
_OPENS_BADLY = ascii_pattern(r"^\W{0,3}(?i:error|err|critical|crit|fatal|severe|emerg|emergency|alert|panic)\b")

# The words with which any match of SAYS_ERROR must come: one cheap scan finds the lines worth a closer look.
_HINTS = [
    "err", "exception", "traceback", "fatal", "panic", "emerg", "critical", "fail", "unsuccessful", "seg", "sig",
    "dumped", "crash", "overflow", "memory", "oom", "protection", "bug", "oops", "abort", "died", "abnormal",
    "violat", "after-free", "refused", "denied", "reject", "forbid", "authori", "allow", "prohibit", "permit",
    "invalid", "unknown", "password", "break-in", "illegal", "attack", "tim", "deadline", "expired", "reset",
    "pipe", "reachable", "route", "connect", "name", "gateway", "available", "down", "can", "could", "unable",
    "exist", "no such", "not found", "missing", "malformed", "corrupt", "unexpected", "unhandled", "uncaught",
    "assert", "deadlock", "undefined", "mismatch", "loss", "full", "space", "quota", "too many", "unrecoverable",
    "bad ", "match", "attack", "exceed", "attempt", "wrong", "alert", "severe", "crit", "refus", "interrupt",
    "econn", "enoent", "eacces", "eperm", "epipe", "ehost", "enot", "eaddr", "eno",
    "emfile", "einval", "eexist", "eio", "eai_", "ora-", "sqlstate", "http", "status", "response", "exit",
    "lockup", "blocked", "hung_", "threshold", "read-only", "busy", "stale", "not ok", "✕", "✗", "✘", "✖", "×",
    "smash", "free", "terminate", "killed", "machine check", "backoff", "upstream", "breaker", "large", "dereference",
    "_____", "respond", "back-off", "stopped", "misconf", "clusterdown", "noauth", "noscript", "get ", "post ", "put ",
    "patch ",
    "delete ", "returned", "existent", " than the ", "took ", "dirty", "maximum", "limit",
]  # fmt: skip


_STATES_FAILURE = ascii_pattern(
    r"^Error: [^\s]| at [^\s]+ line [0-9]+\.$|(?i) - failed\b|; refusing to\b|\blimit exceeded\b|\bmore"
    r" than the [0-9]+ maximum\b"
)
"""That something failed now, whatever prose follows."""

_OUTCOME, _NO_OUTCOME = any_of(OUTCOMES), ascii_pattern(NO_OUTCOME)
_NOT_A_RECORD, _HARMLESS, _SAYS_ERROR = any_of(NOT_A_RECORD), any_of(HARMLESS), any_of(SAYS_ERROR)
_REFUSED_LOGIN = ascii_pattern(REFUSED_LOGIN)
PATTERNS = (
    *(_OUTCOME, _NO_OUTCOME, _NOT_A_RECORD, _STATES_FAILURE, _HARMLESS, _SAYS_ERROR, _REFUSED_LOGIN),
    *(_OPENS_CALMLY, _OPENS_WITH_WARNING, _OPENS_BADLY),
)


def hints_at_error(reduced: pl.Expr) -> pl.Expr:
    """Cheap and loose: false means that no wording can make the line an error."""
    return reduced.str.contains_any(_HINTS, ascii_case_insensitive=True)


def says_outcome(messages: pl.Series) -> pl.Series:
    """The message reports that something died or failed, whatever its level."""
    column = ShortColumn(messages)
    found = column.contain(_OUTCOME)
    return found & ~column.contain(_NO_OUTCOME) if found.any() else found


def words_say_error(messages: pl.Series) -> pl.Series:
    """The wording of a message without a level says that something went wrong."""
    no_record = contains(messages, _NOT_A_RECORD)
    if no_record.any():
        messages = messages.zip_with(~no_record | contains(messages, _STATES_FAILURE), pl.Series([""]))
    column, rest = ShortColumn(messages), ShortColumn(replace_all(messages, [(_HARMLESS, " ")]))
    calm = column.contain(_OPENS_CALMLY)
    warns = column.contain(_OPENS_WITH_WARNING)
    if warns.any():
        calm |= warns & ~column.contain(_REFUSED_LOGIN)
    return (rest.contain(_OPENS_BADLY) | rest.contain(_SAYS_ERROR)) & ~calm
