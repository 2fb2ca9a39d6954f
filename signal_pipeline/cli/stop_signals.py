"""Ctrl-C, SIGTERM and a closed terminal as one exception, for commands that must clean up.

What belongs here: signal handlers. What does not: the cleanup.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class StopRequested(BaseException):
    """This command is to stop. Not an Exception, so that no handler takes it for an error."""


@contextmanager
def stop_signals() -> Iterator[None]:
    """Inside, the first stop signal raises StopRequested in the main thread; later ones change nothing."""
    asked = False

    def ask(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if not asked:
            asked = True
            raise StopRequested

    numbers = [signal.SIGINT, signal.SIGTERM]
    # nohup means: outlive the terminal.
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, ask) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
