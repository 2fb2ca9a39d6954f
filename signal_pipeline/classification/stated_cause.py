"""What a record says was the cause, in a field of its own or in the lines below its head.

"Reconciler error" is one message of many problems; its field `error` tells them apart. Which exception a trace has at
its bottom is `root_cause.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from signal_pipeline.classification.ascii_pattern import ascii_pattern
from signal_pipeline.frame_schema import RECORD
from signal_pipeline.text_shapes.short_column import ShortColumn

STATED_CAUSE_VERSION = "2026-12-01"
# Changelog
# 2026-12-01  what a command that failed wrote to standard error
# 2026-11-30.3  what tests of Go and Ruby, ABAP and Android say below their first line
# 2026-11-30.2  what npm and test runners say below their first line
# 2026-11-30  first rules


@dataclass(frozen=True)
class CauseBelow:
    """Where the lines below a head of this wording say what the cause was: group 1 of `pattern`."""

    name: str
    head: str
    pattern: str
    example: tuple[str, str]


_HEAD_WITH_COLON = r"[0-9A-Za-z)>\]'\"] ?:\s*$"
CAUSES_BELOW: tuple[CauseBelow, ...] = (
    CauseBelow(
        "spring",
        r"^(?:APPLICATION FAILED TO START)?$",
        r"(?:^|\n)Description:\s*\n\s*([^\n]+)",
        ("APPLICATION FAILED TO START", "Description:\n\nWeb server failed to start. Port 80 was already in use."),
    ),
    CauseBelow(
        "gradle",
        r"\bFAILURE: Build (?:failed|completed) with ",
        r"(?:^|\n)\* What went wrong:\s*\n([^\n]+(?:\n> [^\n]+)?)",
        ("FAILURE: Build failed with an exception.", "* What went wrong:\nCould not resolve all files."),
    ),
    CauseBelow(
        "otp",
        r"\b(?:terminating|crashed|CRASH REPORT|Supervisor)\b",
        r"(?:^|\n)\s*(?:\*\* \(|(?:\*\* )?[Rr]eason for termination (?:==|=|:)?\s*\n?\s*(?:\*\* )?|Reason: +)([^\n]+)",
        ("GenServer Shop.Cart terminating", "** (stop) :econnrefused"),
    ),
    CauseBelow(
        "windows_event",
        r"(?i)\b(?:terminated due to an unhandled exception|faulting application|stopped (?:working|interacting))\b",
        r"(?:^|\n)\s*(?:Exception Info|Exception code|Faulting module name): ([^\n]+)",
        ("The process was terminated due to an unhandled exception.", "Exception Info: System.IO.IOException"),
    ),
    CauseBelow(
        "test",
        r"^● .* › ",
        r"^\s*([^\s][^\n]+)",
        ("● Cart › adds", "\n    expect(received).toBe(expected)"),
    ),
    CauseBelow(
        "go_test",
        r"^\s*--- FAIL: ",
        r"(?:^|\n)\s+(?:Error:\s+|[^\s:]+\.go:[0-9]+: +)([^\s][^\n]+)",
        ("--- FAIL: TestAdd", "    cart_test.go:14: carts differ"),
    ),
    CauseBelow(
        "minitest",
        r"#test_\w+.*:$",
        r"(?:^|\n)((?:Expected|--- |[A-Z][\w:]*(?:Error|Exception))[^\n]*)",
        ("CartTest#test_adds [test/cart_test.rb]:", "Expected nil to be truthy."),
    ),
    CauseBelow(
        "abap",
        r"^[A-Z][A-Z_0-9]{3,}$",
        r"(?:^|\n)(?:Except\.|Exception)\s+(CX_[A-Z_0-9]+)",
        ("COMPUTE_INT_ZERODIVIDE", "Except.                CX_SY_ZERODIVIDE"),
    ),
    CauseBelow(
        "apple",
        r"^EXC_[A-Z_]+\b",
        r"(?:^|\n)\*\*\* Terminating app due to uncaught exception '([^\n]+)",
        ("EXC_CRASH (SIGABRT)", "*** Terminating app due to uncaught exception 'NSRangeException', reason: 'bad'"),
    ),
    CauseBelow(
        "anr",
        r"^ANR in ",
        r"(?:^|\n)Reason: ([^\n]+)",
        ("ANR in org.acme.shop", "PID: 4321\nReason: Input dispatching timed out"),
    ),
    CauseBelow(
        "npm",
        r"^code E[0-9A-Z_]+$",
        r"(?:^|\n)(?:(?:E?[0-9A-Z]+ )?((?:[A-Za-z]{2,}|[A-Z][^\s]+) [^\n:]*[a-z][^\n]* [^\n]+))",
        ("code E401", "Incorrect or missing password."),
    ),
    CauseBelow(
        "command",
        r"(?i)\b(?:running|executing) (?:the )?command\b|\bcommand\b.*\b(?:failed|returned|exited)\b"
        r"|\b(?:exit|return)(?:ed)? (?:with )?(?:code|status)\b",
        # Of several lines in one quoted value the last: warnings come first, and what stopped the command last.
        r"(?i)(?:^|\n)\s*(?:std ?err|standard error|error output)\s*[:=]\s*[ub]?['\"]?(?:[^\n]*\\n\s*)?"
        r"([^\n\\'\"\s][^\n]*?)(?:\\[rn])*['\"]?\s*(?:\n|$)",
        (
            "Unexpected error while running command.",
            "Command: mount /a\nExit code: 32\nStderr: u'mount: no such device\\n'",
        ),
    ),
    CauseBelow(
        "colon",
        _HEAD_WITH_COLON,
        r"^\s*([0-9A-Za-z{<'\"(][^\n]+)",
        ("closing AMQP connection (a -> b):", "missed heartbeats from client, timeout: 60s"),
    ),
)
"""The first row whose head and lines both match."""
_BELOW = [(ascii_pattern(row.head), ascii_pattern(row.pattern)) for row in CAUSES_BELOW]
_ANY_HEAD = ascii_pattern("|".join(f"(?:{row.head})" for row in CAUSES_BELOW))

_KEY = r"(?:err|error|errmsg|error_message|error_description|exception|cause|reason)"
FIELD = (
    rf"(?:^|[\s{{,(\[])(?:{_KEY}=|\"{_KEY}\": ?)(?:\"((?:[^\"\\]|\\.)*\s(?:[^\"\\]|\\.)*)\""
    rf"|'((?:[^'\\]|\\.)*\s(?:[^'\\]|\\.)*)')"
)
"""A sentence in quotes as the value of a field, inside a message that is no structured record (klog, zap's console)."""
PATTERNS = (*(pattern for row in _BELOW for pattern in row), _ANY_HEAD, FIELD)
_NOT_A_CAUSE = r"^(?:Traceback \(most|goroutine |stack backtrace|\s*at |File \"|#[0-9]+ |-+$|=+$|\*+$)"


def stated_causes(errors: pl.DataFrame) -> pl.Series:
    """What each record of `errors` (role, message, error_text, stack_trace) says of its cause, null where nothing."""
    record = pl.col("role") == RECORD
    messages, traces = ShortColumn(errors["message"]), ShortColumn(errors["stack_trace"])
    said = [pl.col("error_text").str.strip_chars().replace("", None)]
    if messages.may_contain(FIELD):
        said.append(pl.col("message").str.extract(FIELD, 1).str.replace_all(r"\"", '"', literal=True))
        said.append(pl.col("message").str.extract(FIELD, 2))
    below = [
        pl.when(pl.col("message").str.contains(head)).then(pl.col("stack_trace").str.extract(pattern))
        for head, pattern in _BELOW
        if messages.may_contain(head) and traces.may_contain(pattern)
    ]
    if below:
        first = pl.coalesce(below)
        said.append(pl.when(~first.str.contains(_NOT_A_CAUSE)).then(first))
    return errors.with_columns(pl.when(record).then(pl.coalesce(said)).alias("stated"))["stated"]


def states_cause(errors: pl.DataFrame) -> pl.Series:
    """Which records may say their cause so: of these every digit counts."""
    messages = ShortColumn(errors["message"])
    below = errors["stack_trace"].is_not_null() & messages.contain(_ANY_HEAD)
    found = errors["error_text"].is_not_null() | below | messages.contain(FIELD)
    return (found & (errors["role"] == RECORD)).fill_null(False).alias("states")
