"""Work as a whole: process what is due, clean up, and the state of the installation."""

from __future__ import annotations

import time
from typing import Annotated, Any
from uuid import UUID

from anyio import sleep
from fastapi import APIRouter, Depends, Query, Request
from starlette.concurrency import run_in_threadpool

from signal_pipeline.api.context import Admin, Context, Reader, Submitter
from signal_pipeline.api.parameters import only_known_parameters
from signal_pipeline.api.problems import problems_of
from signal_pipeline.api.watch import HealthWatch
from signal_pipeline.api.work_shapes import CleanedUpModel, ProcessedModel, StatusOfAll
from signal_pipeline.intake.due_work import MOST_DELETED, POLL_SECONDS, DueWork, clean_up
from signal_pipeline.operations.dashboard import load_operations, operations_json
from signal_pipeline.setting_rules import LEAST_RETENTION_DAYS

MOST_WAIT_SECONDS = 60.0
# A misspelt `report_id` would process everything.
router = APIRouter(prefix="/v1", tags=["work"], dependencies=[Depends(only_known_parameters)])


@router.post(
    "/work/process",
    response_model=ProcessedModel,
    responses=problems_of(404),
    summary="Process all that is due, or one report, and wait for the result",
)
async def process(
    context: Context,
    _: Submitter,
    report_id: Annotated[UUID | None, Query(description="only this report, even before its earliest start")] = None,
    wait_seconds: Annotated[float, Query(ge=0, le=MOST_WAIT_SECONDS, description="longest wait")] = 5.0,
) -> dict[str, Any]:
    """Requests that pause after a failed attempt are tried again at once. At most 1,000 requests are waited for."""
    work = await run_in_threadpool(DueWork, context.platform, report_id)
    ends = time.monotonic() + wait_seconds
    # No thread waits: there are few, and every other request needs one.
    while work.now.is_open and time.monotonic() < ends:
        await sleep(POLL_SECONDS)
        await run_in_threadpool(work.refresh)
    return work.now.as_json()


@router.post(
    "/work/cleanup", response_model=CleanedUpModel, responses=problems_of(), summary="Delete reports of an age"
)
def cleanup(
    request: Request,
    context: Context,
    _: Admin,
    days: Annotated[float, Query(ge=LEAST_RETENTION_DAYS, le=36_500, description="age from which they are deleted")],
    most: Annotated[int, Query(ge=1, le=MOST_DELETED, description="reports that one call deletes")] = MOST_DELETED,
) -> dict[str, Any]:
    """Permanently, oldest first. Reports in progress are left for later; `left` says whether to call again."""
    found = clean_up(context.platform, days, most=most)
    for report in found.reports:
        request.app.state.page_cache.forget(report)
    return found.as_json()


@router.get(
    "/admin/status", response_model=StatusOfAll, responses=problems_of(), summary="The state of the installation"
)
async def status(request: Request, context: Context, _: Reader) -> dict[str, Any]:
    """What the operator's page shows, as JSON."""
    watch: HealthWatch = request.app.state.watch
    health = await watch.health()
    found = await run_in_threadpool(load_operations, context.platform)
    return {"health": health.state, "findings": health.reasons} | operations_json(found)
