"""A report's progress as server-sent events."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Annotated
from uuid import UUID

from anyio import sleep
from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from signal_pipeline.api.context import Context, Reader
from signal_pipeline.api.problems import Problem, problems_of
from signal_pipeline.errors import ReportUnknown, TransientError
from signal_pipeline.reports.progress import Snapshot, changes, snapshot

POLL_SECONDS = 0.5
LONGEST_SECONDS = 900.0
RETRY_MS = 2_000
# A stream takes one of the requests that may be in progress at once: the others must still get through.
SHARE_OF_SLOTS = 4
router = APIRouter(prefix="/v1/reports", tags=["reports"])


class OpenStreams:
    """How many streams are open; for one event loop."""

    def __init__(self) -> None:
        self.count = 0


async def _first(request: Request, context: Context, _: Reader, report_id: UUID) -> Snapshot:
    """Before the answer begins, so that an unknown report is 404 and not an empty stream."""
    streams: OpenStreams = request.app.state.streams
    if streams.count >= max(1, context.settings.api_in_flight // SHARE_OF_SLOTS):
        raise Problem(429, "too_busy", "too many streams are open; try again later", headers={"Retry-After": "5"})
    return await run_sync(snapshot, context.platform, report_id)


@router.get(
    "/{report_id}/events",
    response_class=EventSourceResponse,
    responses=problems_of(404),
    summary="A report's progress as server-sent events, until it has ended",
)
async def events(
    request: Request,
    context: Context,
    report_id: UUID,
    first: Annotated[Snapshot, Depends(_first)],
    max_seconds: Annotated[float, Query(ge=0, le=LONGEST_SECONDS, description="ends the stream")] = LONGEST_SECONDS,
) -> AsyncIterator[ServerSentEvent]:
    """Events: `progress` (state, percent, attempt, last stage, files by outcome), `stage` (a step that ended, with its
    seconds), `file` (what became of a file), `log` (a line with its level) and at last `end`. The first events say how
    it is now, so that a client which connects again has missed nothing.
    """
    streams: OpenStreams = request.app.state.streams
    ends = time.monotonic() + max_seconds
    before, now = None, first
    streams.count += 1
    try:
        while True:
            for change in changes(before, now):
                yield ServerSentEvent(event=change.kind, data=change.data, retry=RETRY_MS)
            if now.status.is_final or time.monotonic() >= ends or await request.is_disconnected():
                return
            await sleep(POLL_SECONDS)
            before = now
            with suppress(TransientError):
                now = await run_sync(snapshot, context.platform, report_id)
    except ReportUnknown:
        yield ServerSentEvent(event="end", data={"state": "DELETED", "reason": None})
    finally:
        streams.count -= 1
