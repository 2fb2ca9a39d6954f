"""The network part of a report: flows of its captures, and alerts about them."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from signal_pipeline.api.context import ApiContext, Context, Reader
from signal_pipeline.api.network_shapes import AlertList, FlowPage
from signal_pipeline.api.problems import Problem, problems_of
from signal_pipeline.reports.network import Network, flow_rows, report_network
from signal_pipeline.reports.overview import report_status
from signal_pipeline.storage.frames import FrameBroken

router = APIRouter(prefix="/v1/reports", tags=["reports"])
Limit = Annotated[int, Query(ge=1, le=200, description="items on a page")]
CursorText = Annotated[str | None, Query(max_length=512, description="`next_cursor` of the previous page")]


@router.get(
    "/{report_id}/flows",
    response_model=FlowPage,
    responses=problems_of(404, 409),
    summary="Flows of the report's captures, by first packet",
)
def flows(
    context: Context, _: Reader, report_id: UUID, limit: Limit = 100, cursor: CursorText = None
) -> dict[str, Any]:
    network = _network(context, report_id)
    kind = f"flows {report_id}"
    begin = 0 if cursor is None else int(context.cursors.read(kind, cursor)["n"])
    rows = flow_rows(network.flows, begin, limit + 1)
    more = {"n": begin + limit} if len(rows) > limit else None
    return {
        "report_id": report_id,
        "items": rows[:limit],
        "next_cursor": None if more is None else context.cursors.make(kind, more),
    }


@router.get(
    "/{report_id}/alerts",
    response_model=AlertList,
    responses=problems_of(404, 409),
    summary="Alerts about the traffic in the report's captures",
)
def alerts(context: Context, _: Reader, report_id: UUID) -> dict[str, Any]:
    return {"report_id": report_id, "items": _network(context, report_id).alerts()}


def _network(context: ApiContext, report_id: UUID) -> Network:
    status = report_status(context.platform.database, report_id)
    files = {str(file.signal_id): str(file.name) for file in status.files}
    try:
        network = report_network(context.platform, report_id, files)
    except FrameBroken as broken:
        raise Problem(409, "entries_damaged", str(broken)) from None
    if network is None:
        raise Problem(409, "no_entries", "the entries are not available yet", headers={"Retry-After": "2"})
    return network
