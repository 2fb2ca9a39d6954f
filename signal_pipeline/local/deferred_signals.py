"""Stop signals that wait for a safe point.

What belongs here: holding Python's handlers back. What does not: what a handler does.
"""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Self

_NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class DeferredSignals:
    """Inside, handlers run only when `deliver` is called, and at the end.

    A handler that raises can strike between the taking of a lock and the `with` that gives it back, inside
    `Event.wait` for one; the thread that sets the event then waits for ever. In other threads than the main one,
    which get no signals, it does nothing.
    """

    def __init__(self) -> None:
        self._before: dict[signal.Signals, signal._HANDLER] = {}
        self._arrived: list[signal.Signals] = []

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in _NUMBERS:
                if callable(signal.getsignal(number)):
                    self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self.deliver()

    def deliver(self) -> None:
        """Run the handlers of what arrived; what they raise is raised here."""
        while self._arrived:
            number = self._arrived.pop(0)
            handler = self._before[number]
            assert callable(handler)
            handler(number, None)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self._arrived.append(signal.Signals(number))
