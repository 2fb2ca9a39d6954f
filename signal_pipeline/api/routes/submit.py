"""Submitting and retrying reports."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Header, Request, Response
from pydantic import StringConstraints, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from signal_pipeline.api.caller_ids import IDEMPOTENCY_KEY
from signal_pipeline.api.context import ApiContext, Context, Submitter
from signal_pipeline.api.problems import Problem, problems_of
from signal_pipeline.api.shapes import AcceptedReport, Done, References
from signal_pipeline.api.submissions import Accepted, Submissions
from signal_pipeline.api.work_form import FIELDS
from signal_pipeline.intake.submission import announce
from signal_pipeline.reports.overview import report_status
from signal_pipeline.storage.intake import reopen

router = APIRouter(prefix="/v1/reports", tags=["submitting"])
IdempotencyKey = Annotated[
    Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=IDEMPOTENCY_KEY)] | None,
    Header(description="the same key and content return the same report, for seven days"),
]
_FORM = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "array", "minItems": 1, "items": {"type": "string", "format": "binary"}},
        "title": {"type": "string", "maxLength": 4096},
        **FIELDS,
    },
    "additionalProperties": False,
}


@router.post(
    "",
    status_code=202,
    response_model=AcceptedReport,
    responses=problems_of(409, 507) | {200: {"model": AcceptedReport, "description": "Accepted before, with this key"}},
    summary="Submit a report: files, or references to objects",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "multipart/form-data": {"schema": _FORM},
                "application/json": {"schema": {"$ref": "#/components/schemas/References"}},
            },
        }
    },
)
async def submit(
    request: Request,
    response: Response,
    context: Context,
    who: Submitter,
    later: BackgroundTasks,
    idempotency_key: IdempotencyKey = None,
) -> dict[str, Any]:
    """202 means that the report is stored and cannot be lost. Files are streamed to the object store as they arrive."""
    submissions = Submissions(context.platform)
    content_type = request.headers.get("content-type", "")
    if content_type.partition(";")[0].strip().lower() == "application/json":
        references = await _references(request)
        done = await run_in_threadpool(submissions.refer, references, who=who.name, key=idempotency_key)
    else:
        try:
            done = await submissions.upload(content_type, request.stream(), who=who.name, key=idempotency_key)
        except ClientDisconnect:
            raise Problem(400, "client_gone", "the request body was cut off") from None
    if done.is_new:
        later.add_task(announce, context.platform, done.report_id)
    else:
        response.status_code = 200
    return _accepted(context, done)


async def _references(request: Request) -> References:
    try:
        return References.model_validate_json(await request.body())
    except ValidationError as error:
        found = [{"where": ".".join(map(str, e["loc"])), "what": e["msg"]} for e in error.errors(include_input=False)]
        raise Problem(422, "invalid_request", "the request does not match its schema", errors=found[:20]) from None


def _accepted(context: ApiContext, done: Accepted) -> dict[str, Any]:
    return {
        "report_id": done.report_id,
        "files": done.files,
        "bytes": done.bytes,
        "status_url": f"/v1/reports/{done.report_id}",
        "page_url": context.page_url(done.report_id),
    }


@router.post(
    "/{report_id}/retry",
    status_code=202,
    response_model=Done,
    responses=problems_of(404, 409),
    summary="Process a finished report again",
)
def retry(context: Context, _: Submitter, report_id: UUID) -> dict[str, Any]:
    """409 while it is being processed or waits to be."""
    found = report_status(context.platform.database, report_id)
    if found.request is None:
        raise Problem(409, "not_requested", "processing of this report has not been requested yet")
    with context.platform.database.transaction() as connection:
        if not reopen(connection, found.request.id):
            raise Problem(409, "not_finished", f"the report is {found.state}")
    return {"id": report_id, "state": "PENDING"}
