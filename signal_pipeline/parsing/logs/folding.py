"""Traces of which a logger gave each line a header of its own (syslog, logcat, shippers) become whole again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from signal_pipeline.parsing.few_rows import Rows
from signal_pipeline.stack_traces.continuation import CONTINUATION
from signal_pipeline.stack_traces.linear_pattern import linear

FRAME = (
    r"^(?:\s+at |\s*at [^\s]+\(|\s+\.\.\. [0-9]+ more|Caused by: |\s+File \"|\s+from |\t"
    r"|[^\s:]+\.(?:rb|erb|rake):[0-9]+:in [`'])"
)
"""A message that is the frame of a trace wherever it stands."""
OPENS = (
    r"^(?:Traceback \(most recent call last\):|panic: |fatal error: |goroutine [0-9]+ \[|FATAL EXCEPTION: "
    r"|\*\*\* Terminating app due|(?:\[ *[0-9]+\.[0-9]+\] )?(?:BUG: |Oops: |general protection fault|Kernel panic"
    r"|------------\[ cut here|(?:[Cc]all [Tt]race|Backtrace):$))"
)
"""A message that begins a trace whose next lines are told by where they stand."""
_BEGINNINGS = r"^(?:[\t ]|at |Caused by: )"
_RUBY = r"\.(?:rb|erb|rake):[0-9]+:in "
_MAX_LINES = 2_000

_CONTINUES = linear(CONTINUATION)
_KERNEL_OPENS = linear(r"(?:\[ *[0-9]+\.[0-9]+\] )?(?:BUG|Oops|general|Kernel panic|-----|[Cc]all|Backtrace)")
_KERNEL_CONTINUES = linear(
    r"(?:\[ *[0-9]+\.[0-9]+\] )?(?:[ \t]|[CR][0-9A-Z]{1,2}: |EFLAGS|[A-Z]{3}: [0-9a-f]{4}|[CDEFGS]S: |Code: |Call Trace"
    r"|CPU: [0-9]|Hardware name|Modules linked in|WARNING: CPU|#PF: |PGD |Oops: |PKRU: |---\[ end|<(?:/?)(?:TASK|IRQ)>"
    r"|(?:\? )?[0-9A-Za-z_.]+\+0x[0-9a-f]+/0x|\[<[0-9a-f]+>\]|Workqueue: |Tainted|Kernel Offset|RIP: |RSP: )"
)
_CHAIN = ("During handling of the above exception", "The above exception was the direct cause", "Traceback (most")
_ANDROID = linear(r"(?:Process: |PID: |[A-Za-z_$][0-9A-Za-z_.$]*(?:Exception|Error|Throwable|Failure)\b)")


def fold_traces(heads: pl.DataFrame, text: pl.Series) -> tuple[pl.DataFrame, pl.Series]:
    """Drops heads that are lines of the trace of the head before them, from the same source.

    Their lines, without the header, take the place of what was in `text`.
    """
    messages = heads["message"]
    rows = Rows(messages)
    opens = rows.contain(OPENS).fill_null(False)
    if heads.height < 2 or not (opens.any() or rows.contain(_BEGINNINGS).any() or rows.contain(_RUBY).any()):
        return heads, text
    same = heads.select(
        pl.all_horizontal(
            pl.col(name).eq_missing(pl.col(name).shift(1)) for name in ("format", "component", "thread", "level")
        )
    ).to_series()
    headed = heads["format"] != "text"
    folds = (rows.contain(FRAME).fill_null(False) & same & headed).to_numpy().copy()
    folds[0] = False
    starts_at = (opens & headed).arg_true().to_list()
    if starts_at:
        written, joined = messages.fill_null("").to_list(), same.to_list()
        for start in starts_at:
            if not folds[start]:
                folds[start + 1 : start + 1 + _lines_after(written, joined, start)] = True
    folded = heads.filter(pl.Series(folds))
    if folded.is_empty():
        return heads, text
    return heads.filter(pl.Series(~folds)), text.clone().scatter(folded["line"], folded["message"])


def _lines_after(messages: list[str], same: list[bool], start: int) -> int:
    """How many heads right after `start` belong to the trace that it opens."""
    run = _run(messages, same, start)
    if messages[start].startswith("Traceback"):
        return _of_python(run)
    android = messages[start].startswith("FATAL EXCEPTION")
    continues = _KERNEL_CONTINUES if _KERNEL_OPENS.match(messages[start]) else _CONTINUES
    last = 0
    for number, line in enumerate(run, 1):
        if line.strip() and not (continues.match(line) or (android and number < 4 and _ANDROID.match(line))):
            break
        last = number
    return last


def _run(messages: list[str], same: list[bool], start: int) -> Iterator[str]:
    """The messages from the same source right after `start`."""
    for at in range(start + 1, min(len(messages), start + 1 + _MAX_LINES)):
        if not same[at]:
            return
        yield messages[at]


def _of_python(run: Iterable[str]) -> int:
    """Indented frames, the line of the exception, and the exceptions that it is chained to."""
    last, frames = 0, False
    for number, line in enumerate(run, 1):
        if not line.strip():
            continue
        if line[0] in " \t":
            last, frames = number, True
        elif frames:
            last, frames = number, False
        elif line.startswith(_CHAIN):
            last = number
        else:
            break
    return last
