"""Health, looked at by a timer and answered from memory: the answer comes at once, and says how old the check is.

Nobody has to ask for a check to be taken: `/metrics` alone, or a probe a minute, finds what is true now. What does not
belong here: what is looked at, and how it is judged (`operations/health.py`).
"""

from __future__ import annotations

import asyncio
import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from signal_pipeline.operations.health import Health, judge

logger = logging.getLogger(__name__)

JITTER = 0.2
"""Looks come up to so much earlier than the interval says, so that many processes do not check at the same moment."""
STALE_INTERVALS = 3
FIRST_CHECK_SECONDS = 0.8


class HealthWatch:
    """`check` runs in its own thread every `interval_seconds`; `findings` are reasons that are known without it."""

    def __init__(
        self, check: Callable[[], Health], interval_seconds: float, findings: Callable[[], list[str]] = list
    ) -> None:
        self._check, self._interval, self._findings = check, interval_seconds, findings
        self._last: tuple[Health, float] | None = None
        self._stop = threading.Event()
        # Of its own: whoever sets the seed of the process's gets the same numbers again.
        self._random = random.Random()
        self.began = time.monotonic()

    def begin(self) -> None:
        threading.Thread(target=self._run, name="health", daemon=True).start()

    def close(self) -> None:
        self._stop.set()

    async def health(self) -> Health:
        """As it was at the last check; soon after the start, the first check is waited for, though not for long."""
        until = self.began + FIRST_CHECK_SECONDS
        while self._last is None and time.monotonic() < until:
            await asyncio.sleep(0.02)
        return self.now()

    def now(self) -> Health:
        """The last check, as far as it still counts: an old one says how things were, and not that reports can come."""
        if self._last is None:
            return self._with(judge({}, None, None), "the first check of the dependencies is not finished")
        age = self.age()
        if age is not None and age > STALE_INTERVALS * self._interval:
            return self._with(self._last[0], f"the dependencies were last looked at {age:.0f} s ago")
        return self._with(self._last[0], None)

    def age(self) -> float | None:
        """Seconds since the last check ended; None before the first."""
        return None if self._last is None else time.monotonic() - self._last[1]

    def _with(self, health: Health, unknown: str | None) -> Health:
        more = [*([unknown] if unknown else []), *self._findings()]
        if not more:
            return health
        state = "degraded" if health.state == "healthy" else health.state
        return replace(health, state=state, reasons=[*more, *health.reasons], is_known=unknown is None)

    def _run(self) -> None:
        while not self._stop.is_set():
            began = time.monotonic()
            try:
                found = self._check()
            except Exception:
                # The outermost edge: whatever it was, the next check must come. This one counts as none.
                logger.exception("a check of the dependencies failed")
            else:
                self._last = (found, time.monotonic())
            pause = self._interval * self._random.uniform(1 - JITTER, 1)
            self._stop.wait(max(0.0, began + pause - time.monotonic()))
