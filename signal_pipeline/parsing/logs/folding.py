"""Traces of which a logger gave each line a header of its own (syslog, logcat, OpenStack) become whole again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
import polars as pl

from signal_pipeline.parsing.logs.levels import LOUD
from signal_pipeline.parsing.logs.lines import Ints
from signal_pipeline.stack_traces.continuation import CONTINUATION, EXCEPTION_LINE
from signal_pipeline.stack_traces.linear_pattern import linear
from signal_pipeline.text_shapes.short_column import ShortColumn

Flags = npt.NDArray[np.bool_]
FRAME = (
    r"^(?:\s+at |\s*at [^\s]+\(|\s+\.\.\. [0-9]+ more|Caused by: |\s+File \"|\s+from |\t"
    r"|[^\s:]+\.(?:rb|erb|rake):[0-9]+:in [`'])"
)
"""A message that is the frame of a trace wherever it stands."""
OPENS = (
    r"^(?:Traceback \(most recent call last\):|Exception in thread [^\s\"]+:?\s*$|panic: |fatal error: |goroutine ["
    r"0-9]+ \[|FATAL EXCEPTION: "
    r"|\*\*\* Terminating app due|(?:\[ *[0-9]+\.[0-9]+\] )?(?:BUG: |Oops: |general protection fault|Kernel panic"
    r"|------------\[ cut here|(?:[Cc]all [Tt]race|Backtrace):$))"
)
"""A message that begins a trace whose next lines are told by where they stand."""
_BEGINNINGS = r"^(?:[\t ]|at |Caused by: )"
_RUBY = r"\.(?:rb|erb|rake):[0-9]+:in "
_MAX_LINES = 2_000
_MAX_GAP = 50
"""Heads of other sources between two lines of a trace."""
_MAX_SECONDS = 2
_SOURCE = ("format", "component", "thread")

_CONTINUES = linear(CONTINUATION)
_KERNEL_OPENS = linear(r"(?:\[ *[0-9]+\.[0-9]+\] )?(?:BUG|Oops|general|Kernel panic|-----|[Cc]all|Backtrace)")
_KERNEL_CONTINUES = linear(
    r"(?:\[ *[0-9]+\.[0-9]+\] )?(?:[ \t]|[CR][0-9A-Z]{1,2}: |EFLAGS|[A-Z]{3}: [0-9a-f]{4}|[CDEFGS]S: |Code: |Call Trace"
    r"|CPU: [0-9]|Hardware name|Modules linked in|WARNING: CPU|#PF: |PGD |Oops: |PKRU: |---\[ end|<(?:/?)(?:TASK|IRQ)>"
    r"|(?:\? )?[0-9A-Za-z_.]+\+0x[0-9a-f]+/0x|\[<[0-9a-f]+>\]|Workqueue: |Tainted|Kernel Offset|RIP: |RSP: )"
)
_PYTHON = ("Traceback", "Exception in thread ")
_CHAIN = ("During handling of the above exception", "The above exception was the direct cause", "Traceback (most")
_EXCEPTION, _CARETS = linear(EXCEPTION_LINE), linear(r"[~^]+\s*$")
_ANDROID = linear(r"(?:Process: |PID: |[A-Za-z_$][0-9A-Za-z_.$]*(?:Exception|Error|Throwable|Failure)\b)")


def fold_traces(heads: pl.DataFrame) -> Ints | None:
    """For each head the number of the head whose record it is part of: its own, or for the lines of a trace that of the
    head before it from the same source, even when others are between. None when no head is part of another.
    """
    messages = heads["message"]
    rows = ShortColumn(messages)
    opens = rows.contain(OPENS).fill_null(False)
    if heads.height < 2 or not (opens.any() or rows.contain(_BEGINNINGS).any() or rows.contain(_RUBY).any()):
        return None
    opens = opens & (heads["format"] != "text")
    frames = (rows.contain(FRAME).fill_null(False) & (heads["format"] != "text")).to_numpy()
    if not (frames.any() or opens.any()):
        return None
    order, same = _by_source(heads)
    folds = frames[order] & same
    starts_at = np.flatnonzero(opens.to_numpy()[order])
    if len(starts_at):
        written = messages.fill_null("").gather(order).to_list()
        stamped = _stamped_alike(heads, order) & same
        for start in starts_at.tolist():
            if not folds[start]:
                folds[start + 1 : start + 1 + _lines_after(written, same, stamped, start)] = True
                folds[start] = stamped[start] and written[start].startswith(_PYTHON)
    if not folds.any():
        return None
    own = np.where(folds, 0, np.arange(len(order)))
    owner = np.empty(len(order), np.int64)
    owner[order] = order[np.maximum.accumulate(own)]
    return owner


def _by_source(heads: pl.DataFrame) -> tuple[Ints, Flags]:
    """The order in which heads of one source stand beside each other, and whether a head comes right after another of
    its source: at once where nothing but the format says whose it is, else within _MAX_GAP heads and _MAX_SECONDS."""
    # OpenStack writes the trace of a warning, and of any other record, as lines of level ERROR or TRACE.
    level = pl.when(pl.col("format") != "openstack").then("level")
    keys = heads.select(*_SOURCE, level.alias("level"))
    source = keys.select(pl.struct(pl.all()).rank("dense")).to_series().to_numpy()
    order: Ints = np.argsort(source, kind="stable")
    named = (heads["component"].is_not_null() | heads["thread"].is_not_null()).to_numpy()[order]
    gap = np.diff(order, prepend=-1)
    seconds = heads["timestamp"].gather(order).dt.epoch("s").fill_null(0).to_numpy()
    near = (gap <= _MAX_GAP) & (np.abs(np.diff(seconds, prepend=0)) <= _MAX_SECONDS)
    same: Flags = (np.diff(source[order], prepend=-1) == 0) & ((gap == 1) | (named & near))
    return order, same


def _stamped_alike(heads: pl.DataFrame, order: Ints) -> Flags:
    """Whether a head of an error, or of a trace, has the very time, to less than a second, of the one before it and no
    id of its own: loggers that write a record line by line give all its lines one time."""
    micros = heads["timestamp"].gather(order).dt.epoch("us").fill_null(0).to_numpy()
    loud = heads["level"].is_in((*LOUD, "trace")).fill_null(False).to_numpy()[order]
    untraced = (heads["trace_id"].fill_null("") == "").to_numpy()[order]
    alike: Flags = (np.diff(micros, prepend=0) == 0) & (micros % 1_000_000 != 0) & loud & untraced
    return alike


def _lines_after(messages: list[str], same: Flags, stamped: Flags, start: int) -> int:
    """How many heads right after `start` belong to the trace that it opens."""
    run = _run(messages, same, start)
    if messages[start].startswith(_PYTHON):
        last = _of_python(run)
        while start + last + 1 < len(messages) and stamped[start + last + 1]:
            last += 1
        return last
    android = messages[start].startswith("FATAL EXCEPTION")
    continues = _KERNEL_CONTINUES if _KERNEL_OPENS.match(messages[start]) else _CONTINUES
    last = 0
    for number, line in enumerate(run, 1):
        if line.strip() and not (continues.match(line) or (android and number < 4 and _ANDROID.match(line))):
            break
        last = number
    return last


def _run(messages: list[str], same: Flags, start: int) -> Iterator[str]:
    """The messages from the same source right after `start`."""
    for at in range(start + 1, min(len(messages), start + 1 + _MAX_LINES)):
        if not same[at]:
            return
        yield messages[at]


def _of_python(run: Iterable[str]) -> int:
    """Frames and the lines of source below them, the line of the exception, and the exceptions that it is chained to.
    Some loggers take the indentation away."""
    last, frames, after_file = 0, False, False
    for number, line in enumerate(run, 1):
        if not line.strip():
            continue
        is_file = line.startswith('File "')
        if line[0] in " \t" or is_file or (after_file and not _EXCEPTION.match(line)):
            last, frames = number, True
        elif frames and _CARETS.match(line):
            last = number
        elif frames:
            last, frames = number, False
        elif line.startswith(_CHAIN):
            last = number
        else:
            break
        after_file = is_file
    return last
