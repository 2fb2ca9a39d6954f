"""What a record says was the cause, in a field of its own or in the lines below its head.

"Reconciler error" is one message of many problems; its field `error` tells them apart. Which exception a trace has at
its bottom is `root_cause.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from signal_pipeline.classification.ascii_pattern import ascii_pattern
from signal_pipeline.frame_schema import RECORD

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

_KEY = r"(?:err|error|errmsg|error_message|error_description|exception|cause|reason)"
FIELD = (
    rf"(?:^|[\s{{,(\[])(?:{_KEY}=|\"{_KEY}\": ?)(?:\"((?:[^\"\\]|\\.)*\s(?:[^\"\\]|\\.)*)\""
    rf"|'((?:[^'\\]|\\.)*\s(?:[^'\\]|\\.)*)')"
)
"""A sentence in quotes as the value of a field, inside a message that is no structured record (klog, zap's console)."""
_NOT_A_CAUSE = r"^(?:Traceback \(most|goroutine |stack backtrace|\s*at |File \"|#[0-9]+ |-+$|=+$|\*+$)"


def stated_causes(errors: pl.DataFrame) -> pl.Series:
    """What each record of `errors` (role, message, error_text, stack_trace) says of its cause, null where nothing."""
    record = pl.col("role") == RECORD
    inside = pl.coalesce(
        pl.col("message").str.extract(FIELD, 1).str.replace_all(r"\"", '"', literal=True),
        pl.col("message").str.extract(FIELD, 2),
    )
    below = pl.coalesce(
        pl.when(pl.col("message").str.contains(ascii_pattern(row.head))).then(
            pl.col("stack_trace").str.extract(ascii_pattern(row.pattern))
        )
        for row in CAUSES_BELOW
    )
    below = pl.when(~below.str.contains(_NOT_A_CAUSE)).then(below)
    said = pl.coalesce(pl.col("error_text").str.strip_chars().replace("", None), inside, below)
    return errors.select(pl.when(record).then(said).alias("stated"))["stated"]


def states_cause(errors: pl.DataFrame) -> pl.Series:
    """Which records may say their cause so: of these every digit counts."""
    heads = "|".join(f"(?:{row.head})" for row in CAUSES_BELOW)
    below = pl.col("stack_trace").is_not_null() & pl.col("message").str.contains(ascii_pattern(heads))
    found = pl.col("error_text").is_not_null() | below | pl.col("message").str.contains(FIELD)
    return errors.select((found & (pl.col("role") == RECORD)).fill_null(False).alias("states"))["states"]
