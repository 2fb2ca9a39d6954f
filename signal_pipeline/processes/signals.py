"""Which signals a process was sent, whoever handles them and whatever the handlers do."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def signals_seen() -> Iterator[set[signal.Signals]]:
    """The set fills when the block ends. Python writes each signal's number down before it calls a handler."""
    seen: set[signal.Signals] = set()
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    before = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    try:
        yield seen
    finally:
        signal.set_wakeup_fd(before)
        with suppress(BlockingIOError):
            seen.update(signal.Signals(number) for number in os.read(reading, 4096))
        os.close(reading)
        os.close(writing)
