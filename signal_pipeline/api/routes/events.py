"""Business events: sending them in. What was found among them: signals.py."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from signal_pipeline.api.context import ApiContext, Context, Submitter
from signal_pipeline.api.guard import MAX_EVENTS_BYTES
from signal_pipeline.api.problems import Problem, problems_of
from signal_pipeline.errors import MessageRejected, RulesInvalid, SchemaInvalid
from signal_pipeline.intake.event_batch import checks_of, read_batch, record
from signal_pipeline.parsing.decompress import GZIP_MAGIC, gunzipped
from signal_pipeline.parsing.events.checked import EventChecker


class ViolatedSchema(BaseModel):
    event_id: str
    schema_name: str = Field(alias="schema", serialization_alias="schema")
    version: str | None
    field: str = Field(description="JSON pointer into the event")
    keyword: str = Field(description="JSON Schema keyword that it violates")


class EventsAccepted(BaseModel):
    accepted: int = Field(description="events that are new")
    duplicates: int = Field(description="events that were already recorded")
    violations: int = Field(description="new events that violate their schema")
    rejected: list[int] = Field(description="positions of the objects that are not events, from 0")
    violated: list[ViolatedSchema] = Field(description="what is wrong with which, the first hundred")


router = APIRouter(prefix="/v1", tags=["business events"])
VIOLATIONS_LISTED = 100


@router.post(
    "/events",
    status_code=202,
    response_model=EventsAccepted,
    responses=problems_of(413),
    summary="Send business events: one JSON object a line, an array, or one object",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"type": ["object", "array"]}},
                "application/cloudevents+json": {"schema": {"type": "object"}},
                "application/cloudevents-batch+json": {"schema": {"type": "array"}},
                "application/x-ndjson": {"schema": {"type": "string"}},
            },
        }
    },
)
async def send(request: Request, context: Context, _: Submitter) -> dict[str, Any]:
    """202 means that the events are recorded and judged. An event that was there already (same source and id) changes
    nothing, so a body may be sent again. It may be compressed with gzip. CloudEvents in binary mode (`ce-type` and
    others as headers) are taken, and a webhook that is passed on with its headers."""
    body = bytearray()
    async for block in request.stream():
        body += block
    return await run_in_threadpool(_record, context, bytes(body), request.headers.items())


def _unpacked(body: bytes) -> bytes:
    """A body in gzip, whether a header says so or not, as what is in it."""
    if not body.startswith(GZIP_MAGIC):
        return body
    found, pieces = bytearray(), gunzipped(BytesIO(body))
    while True:
        try:
            found += next(pieces)
        except StopIteration as end:
            if end.value is not None:
                raise Problem(422, "bad_gzip", "the gzip data is cut or damaged; nothing was recorded") from None
            return bytes(found)
        if len(found) > MAX_EVENTS_BYTES:
            raise Problem(413, "too_large", f"more than {MAX_EVENTS_BYTES} bytes once it is unpacked")


def _record(context: ApiContext, body: bytes, headers: Iterable[tuple[str, str]]) -> dict[str, Any]:
    try:
        checks = checks_of(context.platform)
    except (RulesInvalid, SchemaInvalid):
        raise Problem(
            503, "checks_invalid", "the table of rules or the schemas cannot be used; `signal-pipeline doctor` says why"
        ) from None
    try:
        batch = read_batch(_unpacked(body), EventChecker(checks, context.platform.redactor()), headers)
    except MessageRejected as rejected:
        raise Problem(422, rejected.code, rejected.detail) from None
    done = record(context.platform, [batch], checks)
    listed = [
        {"event_id": event.facts.id, "schema": one.schema, "version": one.version, "field": one.field,
         "keyword": one.keyword}
        for event in batch.events for one in event.violations or ()
    ]  # fmt: skip
    return {**vars(done), "rejected": batch.rejected, "violated": listed[:VIOLATIONS_LISTED]}
