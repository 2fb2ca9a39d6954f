"""Health, looked at in the background and answered from memory, so that the answer comes however busy the API is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from signal_pipeline.operations.health import Health, judge

FRESH_SECONDS = 2.0
STALE_SECONDS = 15.0
FIRST_LOOK_SECONDS = 0.8


class HealthWatch:
    """`look` runs in a thread of its own, once at a time."""

    def __init__(self, look: Callable[[], Health]) -> None:
        self._look = look
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="health")
        self._last: Health | None = None
        self._looked_at = 0.0
        self._under_way: asyncio.Future[Health] | None = None
        self.began = time.monotonic()

    async def health(self) -> Health:
        """At most a few seconds old; when a look takes longer than that, this is a reason by itself."""
        age = time.monotonic() - self._looked_at
        if self._last is not None and age < FRESH_SECONDS:
            return self._last
        look = self.begin()
        if self._last is None:
            await asyncio.wait({look}, timeout=FIRST_LOOK_SECONDS)
        if self._last is None:
            return _still_looking(judge({}, None, None))
        age = time.monotonic() - self._looked_at
        return self._last if age < STALE_SECONDS else _still_looking(self._last)

    def last(self) -> Health | None:
        """What was found last, however long ago."""
        return self._last

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def begin(self) -> asyncio.Future[Health]:
        """Starts a look unless one is under way."""
        if self._under_way is None or self._under_way.done():
            self._under_way = asyncio.get_running_loop().run_in_executor(self._pool, self._looked)
        return self._under_way

    def _looked(self) -> Health:
        self._last = self._look()
        self._looked_at = time.monotonic()
        return self._last


def _still_looking(last: Health) -> Health:
    reasons = [*last.reasons, "the dependencies answer slowly; this is how they were"]
    state = "degraded" if last.state == "healthy" else last.state
    return Health(state, reasons, last.dependencies, last.queue, last.activity, last.at)
