"""Reading reports: lists, status, result, clusters, timeline."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import polars as pl
from fastapi import APIRouter, Query

from signal_pipeline.api.cause_shapes import IncidentList, ReportProblemsModel, ResultModel
from signal_pipeline.api.context import ApiContext, Context, Reader
from signal_pipeline.api.paging import cursor_behind, place_in
from signal_pipeline.api.problems import Problem, problems_of
from signal_pipeline.api.shapes import (
    ClusterList,
    ReportList,
    State,
    StatusModel,
    TimelineEntry,
    TimelinePage,
)
from signal_pipeline.reports.cause_json import incidents_json, report_json
from signal_pipeline.reports.causes import report_causes
from signal_pipeline.reports.damage import damaged_frames
from signal_pipeline.reports.log_lines import report_log
from signal_pipeline.reports.overview import FINAL_STATES, report_problems, report_status
from signal_pipeline.storage.frames import FrameBroken, FrameMissing
from signal_pipeline.storage.report_lists import report_page

router = APIRouter(prefix="/v1/reports", tags=["reports"])
Limit = Annotated[int, Query(ge=1, le=200, description="items on a page")]
CursorText = Annotated[str | None, Query(max_length=512, description="`next_cursor` of the previous page")]
LOG_LINES = 50
RESULT_CLUSTERS = 20
_TIMELINE_FIELDS = list(TimelineEntry.model_fields)


@router.get("", response_model=ReportList, responses=problems_of(), summary="List reports, newest first")
def list_reports(
    context: Context, _: Reader, limit: Limit = 50, cursor: CursorText = None, state: State | None = None
) -> dict[str, Any]:
    after = place_in(context.cursors, "reports", cursor)
    with context.platform.database.transaction() as connection:
        found = report_page(connection, limit=limit + 1, after=after, state=state)
    return {
        "items": [vars(entry) for entry in found[:limit]],
        "next_cursor": cursor_behind(
            context.cursors, "reports", found, limit, lambda entry: (entry.created_at, entry.report_id)
        ),
    }


@router.get(
    "/{report_id}",
    response_model=StatusModel,
    responses=problems_of(404),
    summary="A report's progress, with the end of its log",
)
def status(
    context: Context, _: Reader, report_id: UUID, log_lines: Annotated[int, Query(ge=0, le=500)] = LOG_LINES
) -> dict[str, Any]:
    found = report_status(context.platform.database, report_id)
    return found.as_json() | {
        "damaged": damaged_frames(context.platform, report_id) if found.is_final else [],
        "log": [vars(line) for line in report_log(context.platform, found, log_lines)],
        "page_url": context.page_url(report_id),
        "dagster_url": context.dagster_partition(report_id),
    }


@router.get(
    "/{report_id}/result",
    response_model=ResultModel,
    responses=problems_of(404, 409),
    summary="The headline, the problems with their causes, and the worst clusters",
)
def result(context: Context, _: Reader, report_id: UUID) -> dict[str, Any]:
    """409 until the report is finished."""
    found = report_problems(context.platform.database, report_id, evidence_of=range(RESULT_CLUSTERS))
    if found.status.state not in FINAL_STATES:
        raise Problem(409, "not_finished", f"the report is {found.status.state}", headers={"Retry-After": "2"})
    causes = report_causes(context.platform.database, report_id)
    return {
        "report_id": report_id,
        "headline": causes.headline,
        "verdict": causes.headline,
        "problems": len(causes.causes),
        "causes": report_json(causes)["problems"][:RESULT_CLUSTERS],
        "clusters": found.as_json()["clusters"][:RESULT_CLUSTERS],
        "page_url": context.page_url(report_id),
    }


@router.get(
    "/{report_id}/problems",
    response_model=ReportProblemsModel,
    responses=problems_of(404),
    summary="A report's problems: the cause and symptoms of each, and whether it was seen before",
)
def report_problems_with_causes(context: Context, _: Reader, report_id: UUID) -> dict[str, Any]:
    return report_json(report_causes(context.platform.database, report_id))


@router.get(
    "/{report_id}/incidents",
    response_model=IncidentList,
    responses=problems_of(404),
    summary="A report's incidents: the root of each and its symptoms",
)
def incidents(context: Context, _: Reader, report_id: UUID) -> dict[str, Any]:
    found = report_causes(context.platform.database, report_id)
    return {"report_id": report_id, "items": incidents_json(found)}


@router.get(
    "/{report_id}/clusters",
    response_model=ClusterList,
    responses=problems_of(404),
    summary="A report's clusters of equal errors, worst first",
)
def clusters(
    context: Context, _: Reader, report_id: UUID, limit: Limit = 50, cursor: CursorText = None
) -> dict[str, Any]:
    kind = f"clusters {report_id}"
    begin = 0 if cursor is None else int(context.cursors.read(kind, cursor)["n"])
    page = range(begin, begin + limit)
    body = report_problems(context.platform.database, report_id, evidence_of=page).as_json()
    items = body.pop("clusters")
    more = {"n": page.stop} if len(items) > page.stop else None
    return body | {
        "items": items[page.start : page.stop],
        "next_cursor": None if more is None else context.cursors.make(kind, more),
    }


@router.get(
    "/{report_id}/timeline",
    response_model=TimelinePage,
    responses=problems_of(404, 409),
    summary="Entries of all files on one axis, requests joined to log records",
)
def timeline(
    context: Context,
    _: Reader,
    report_id: UUID,
    limit: Limit = 100,
    cursor: CursorText = None,
    failures_only: Annotated[bool, Query(description="only entries that belong to a failure")] = False,
) -> dict[str, Any]:
    report_status(context.platform.database, report_id)
    frame = _timeline(context, report_id)
    if frame is None:
        raise Problem(409, "no_timeline", "the timeline is not available yet", headers={"Retry-After": "2"})
    kind = f"timeline {report_id} {failures_only}"
    begin = 0 if cursor is None else int(context.cursors.read(kind, cursor)["n"])
    chosen = frame.filter(pl.col("incident").is_not_null()) if failures_only else frame
    rows = chosen.select(_TIMELINE_FIELDS).slice(begin, limit + 1).collect().to_dicts()
    more = {"n": begin + limit} if len(rows) > limit else None
    return {
        "report_id": report_id,
        "items": rows[:limit],
        "next_cursor": None if more is None else context.cursors.make(kind, more),
    }


def _timeline(context: ApiContext, report_id: UUID) -> pl.LazyFrame | None:
    try:
        return context.platform.frames.scan("timeline", report_id)
    except FrameMissing:
        return None
    except FrameBroken as broken:
        raise Problem(409, "timeline_damaged", str(broken)) from None
