"""Which entries are errors. Not what kind of error: that is `error_rules.py`.

The first of these that applies decides:

1. An entry whose role has rules of its own (`roles.py`), as an HTTP exchange has: by those.
2. Access log line (a status without a level): a status of 400 and more is an error, below it is not.
3. Level error or critical is an error. Level warning is one when the record carries an exception trace:
   programs log a caught exception so, and the trace is what a person looks for. Any other level is none,
   whatever its text mentions.
   But what `outcome_words.py` lists (a process that died, a test that failed) is an error at any level, and a record
   without a letter, a digit, a trace or a cause is none at any.
4. No level: a stack trace is an error; else the words decide (`error_words.py`), harmless phrases taken out
   first. A line that opens with a level word of its own ("WARN ...") is judged by that word, except that
   a refused login is an error even so: mail servers say "warning: SASL LOGIN authentication failed".
"""

from __future__ import annotations

import polars as pl

from signal_pipeline.classification.ascii_pattern import ascii_pattern
from signal_pipeline.classification.error_words import HARMLESS, REFUSED_LOGIN, SAYS_ERROR, any_of
from signal_pipeline.classification.outcome_words import NO_OUTCOME, OUTCOMES
from signal_pipeline.classification.plain_text import NOT_A_RECORD
from signal_pipeline.classification.roles import by_role

DETECTION_VERSION = "2026-11-30"
# Changelog
# 2026-11-30  what died, or failed a test, is an error at any level; no words, no error; text of scripts
# 2026-11-22.2  errors that a body reports under a 2xx
# 2026-11-22  first rules

HAS_TRACE = (
    r"(?m)^\s*at \S|^Traceback \(most recent call last\)|^\s*File \"[^\"]+\", line [0-9]+|^goroutine [0-9]+ \["
    r"|^\s*#[0-9]+\s+|^Caused by: |^\s*from \S+:[0-9]+:in |[A-Za-z](?:Exception|Error)(?::|$)"
    r"|^stack backtrace:|^\s+[0-9]+: 0x|^\s+(?i:error|fatal|failure/error|panic)(?: \([0-9A-Z_]+\)|:) "
)
_OPENS_CALMLY = r"^\W{0,3}(?i:trace|debug|info|information|notice|verbose|config|fine)\b"
_OPENS_WITH_WARNING = (
    r"^\W{0,3}(?i:warn|warning)\b|^(?:\(node:[0-9]+\) )?(?:\[[0-9A-Z_]+\] )?(?:PendingDeprecation|Deprecation|Future"
    r"|User|Resource|Runtime|Syntax|Import|Experimental|MaxListenersExceeded)?Warning: "
)
_OPENS_BADLY = r"^\W{0,3}(?i:error|err|critical|crit|fatal|severe|emerg|emergency|alert|panic)\b"

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


def hints_at_error(reduced: pl.Expr) -> pl.Expr:
    """Cheap and loose: false means that no wording can make the line an error."""
    return reduced.str.contains_any(_HINTS, ascii_case_insensitive=True)


def says_outcome(message: pl.Expr) -> pl.Expr:
    """The message reports that something died or failed, whatever its level."""
    found = message.str.contains(any_of(OUTCOMES))
    return found & ~message.str.contains(ascii_pattern(NO_OUTCOME))


def words_say_error(message: pl.Expr) -> pl.Expr:
    """The wording of a message without a level says that something went wrong."""
    message = pl.when(message.str.contains(any_of(NOT_A_RECORD))).then(pl.lit("")).otherwise(message)
    rest = message.str.replace_all(any_of(HARMLESS), " ")
    calm = message.str.contains(ascii_pattern(_OPENS_CALMLY))
    warns = message.str.contains(ascii_pattern(_OPENS_WITH_WARNING))
    calm |= warns & ~message.str.contains(ascii_pattern(REFUSED_LOGIN))
    return (rest.str.contains(ascii_pattern(_OPENS_BADLY)) | rest.str.contains(any_of(SAYS_ERROR))) & ~calm


def is_error(words: pl.Expr, outcome: pl.Expr) -> pl.Expr:
    """The rules above over columns role, level, status, net_error, marks, message, stack_trace; `words` answers rule 4,
    and `outcome` says that something died or failed."""
    level, status = pl.col("level"), pl.col("status")
    trace = pl.col("stack_trace").str.contains(ascii_pattern(HAS_TRACE)).fill_null(False)
    record = (
        pl.when(status.is_null() & _says_nothing())
        .then(False)
        .when(level.is_in(["error", "critical"]) | (outcome & status.is_null()))
        .then(True)
        .when(level.is_null() & status.is_not_null())
        .then(status >= 400)
        .when(level == "warning")
        .then(trace)
        .when(level.is_not_null())
        .then(False)
        .otherwise(trace | words.fill_null(False))
    )
    return by_role(lambda rules: rules.is_error(), record)


def _says_nothing() -> pl.Expr:
    """No word, no number, no trace, no cause: a rule of dashes, a border, the empty line that a logger gave a head."""
    said = [
        pl.col(name).str.contains(r"[\pL\pN]").fill_null(False) for name in ("message", "stack_trace", "error_text")
    ]
    return ~pl.any_horizontal(*said, pl.col("exception_class").is_not_null())
