"""The bounds of the guard as they are in force now: asked for in the background, never waited for."""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor

from signal_pipeline.api.guard import Bounds
from signal_pipeline.errors import SignalPipelineError
from signal_pipeline.operations.runtime_settings import effective_settings
from signal_pipeline.platform.platform import Platform
from signal_pipeline.settings import Settings

FRESH_SECONDS = 2.0


def bounds_of(settings: Settings) -> Bounds:
    return Bounds(
        hosts=frozenset(name.strip().lower() for name in settings.api_hosts.split(",") if name.strip()),
        requests_per_second=settings.api_requests_per_second,
        in_flight=settings.api_in_flight,
        upload_bytes=settings.api_upload_bytes,
    )


class LiveBounds:
    """Called with every request; gives what was found last and looks again when that has become old."""

    def __init__(self, platform: Platform, base: Settings) -> None:
        self._platform, self._base = platform, base
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="bounds")
        self._bounds = bounds_of(base)
        self._refreshed_at = 0.0
        self._refreshing: Future[None] | None = None

    def __call__(self) -> Bounds:
        if time.monotonic() - self._refreshed_at > FRESH_SECONDS and (
            self._refreshing is None or self._refreshing.done()
        ):
            self._refreshed_at = time.monotonic()
            self._refreshing = self._pool.submit(self._refresh)
        return self._bounds

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _refresh(self) -> None:
        try:
            self._bounds = bounds_of(effective_settings(self._platform, self._base))
        except SignalPipelineError:
            return  # what was in force stays in force
