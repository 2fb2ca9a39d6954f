"""An unexpected exception costs the smallest thing that it happened in: what was given is halved until it stands alone.

What belongs here: which exceptions are unexpected, halving, and how a fault is logged. What becomes of the
rest is for the caller to say.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from typing import TypeVar

from polars.exceptions import PanicException

from signal_pipeline.errors import SignalPipelineError

logger = logging.getLogger(__name__)
# A panic within polars is no Exception for Python.
UNEXPECTED = (Exception, PanicException)
# Where so many single items fail, the fault is not in the items: what is left is not tried one by one.
MOST_ALONE = 32
MAX_TRACE_CHARS = 3_000

Whole = TypeVar("Whole")
Done = TypeVar("Done")


def is_expected(error: BaseException) -> bool:
    """Raised on purpose, or by the machine and not by what was read: to be handled further out."""
    return isinstance(error, SignalPipelineError | MemoryError)


def tell_fault(what: str, error: BaseException) -> None:
    """The traceback into the log: places in the code, without the exception's own text, which may quote an input."""
    trace = "".join(traceback.format_tb(error.__traceback__))[-MAX_TRACE_CHARS:]
    logger.error("internal error in %s: %s\n%s", what, type(error).__name__, trace)


def done_apart(
    whole: Whole,
    size: int,
    part: Callable[[Whole, int, int], Whole],
    work: Callable[[Whole], Done],
    instead: Callable[[Whole], Done | None],
    *,
    what: str,
) -> tuple[list[Done], int]:
    """`work` of `whole`, in as many parts as it takes for the items on which it raises to stand alone.

    Those get what `instead` makes of them, in their place in the order; None leaves them out. Also returns how many
    they were. `part(whole, start, end)` cuts; `work` must treat each of the `size` items by itself.
    """
    found: list[Done] = []
    alone = lost = 0

    def skip(some: Whole, count: int) -> None:
        nonlocal lost
        lost += count
        other = instead(some)
        if other is not None:
            found.append(other)

    def do(some: Whole, count: int) -> None:
        nonlocal alone
        if alone >= MOST_ALONE:
            skip(some, count)
            return
        try:
            found.append(work(some))
        except UNEXPECTED as error:
            if is_expected(error):
                raise
            if count > 1:
                do(part(some, 0, count // 2), count // 2)
                do(part(some, count // 2, count), count - count // 2)
                return
            alone += 1
            if alone <= 3:
                tell_fault(what, error)
            skip(some, count)

    do(whole, size)
    return found, lost
