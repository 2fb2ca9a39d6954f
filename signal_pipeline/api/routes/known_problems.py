"""Problems of the catalog: what is known of one across all reports."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from signal_pipeline.api.context import Context, Reader
from signal_pipeline.api.paging import cursor_behind, place_in
from signal_pipeline.api.problem_shapes import KnownProblemModel, ListedProblems
from signal_pipeline.api.problems import Problem, problems_of
from signal_pipeline.api.routes.reports import CursorText, Limit
from signal_pipeline.catalog.causes import listed_problems, part_of
from signal_pipeline.storage.known_problem import known_problem, reports_with

router = APIRouter(prefix="/v1/problems", tags=["problems"])


@router.get("", response_model=ListedProblems, responses=problems_of(), summary="Problems across all reports")
def list_problems(
    context: Context,
    _: Reader,
    limit: Limit = 50,
    cursor: CursorText = None,
    since: Annotated[
        datetime | None, Query(description="only reports made, and signals, at or after this time")
    ] = None,
    until: Annotated[datetime | None, Query(description="only reports made, and signals, before this time")] = None,
) -> dict[str, Any]:
    """Those in the most reports first, then those that only signals of business events say. An error that is only ever
    a symptom, or background, is not listed."""
    kind = f"problems {since} {until}"
    place = None if cursor is None else context.cursors.read(kind, cursor)
    after = None if place is None else (int(place["n"]), UUID(str(place["i"])))
    with context.platform.database.transaction() as connection:
        found = listed_problems(connection, limit=limit + 1, after=after, since=_utc(since), until=_utc(until))
    shown = [one.problem for one in found[:limit]]
    more = {"n": shown[-1].reports, "i": str(shown[-1].id)} if len(found) > limit else None
    return {
        "items": [one.as_json() for one in found[:limit]],
        "next_cursor": None if more is None else context.cursors.make(kind, more),
    }


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=moment.tzinfo or UTC)


@router.get(
    "/{problem_id}",
    response_model=KnownProblemModel,
    responses=problems_of(404),
    summary="A problem, its causes or symptoms, and the reports that have it",
)
def seen_before(
    context: Context, _: Reader, problem_id: UUID, limit: Limit = 50, cursor: CursorText = None
) -> dict[str, Any]:
    """`problem_id` as a report's problems and clusters have it. The id of a problem that became part of another leads
    there.
    """
    kind = f"problem {problem_id}"
    after = place_in(context.cursors, kind, cursor)
    with context.platform.database.transaction() as connection:
        found = known_problem(connection, problem_id)
        if found is None:
            raise Problem(404, "not_found", "problem not found")
        reports = reports_with(connection, found.id, limit=limit + 1, after=after)
        part = part_of(connection, found.id)
    return (
        asdict(found)
        | part.as_json()
        | {
            "items": [asdict(one) for one in reports[:limit]],
            "next_cursor": cursor_behind(
                context.cursors, kind, reports, limit, lambda report: (report.created_at, report.report_id)
            ),
        }
    )
