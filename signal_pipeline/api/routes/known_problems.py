"""Problems of the catalog: what is known of one across all reports."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from fastapi import APIRouter

from signal_pipeline.api.context import Context, Reader
from signal_pipeline.api.paging import cursor_behind, place_in
from signal_pipeline.api.problem_shapes import KnownProblemModel
from signal_pipeline.api.problems import Problem, problems_of
from signal_pipeline.api.routes.reports import CursorText, Limit
from signal_pipeline.storage.known_problem import known_problem, reports_with

router = APIRouter(prefix="/v1/problems", tags=["problems"])


@router.get(
    "/{problem_id}",
    response_model=KnownProblemModel,
    responses=problems_of(404),
    summary="A known problem, and the reports that have it",
)
def seen_before(
    context: Context, _: Reader, problem_id: UUID, limit: Limit = 50, cursor: CursorText = None
) -> dict[str, Any]:
    """`problem_id` is what a cluster of a report says. The id of a problem that became part of another leads there."""
    kind = f"problem {problem_id}"
    after = place_in(context.cursors, kind, cursor)
    with context.platform.database.transaction() as connection:
        found = known_problem(connection, problem_id)
        if found is None:
            raise Problem(404, "not_found", "problem not found")
        reports = reports_with(connection, found.id, limit=limit + 1, after=after)
    return asdict(found) | {
        "items": [asdict(one) for one in reports[:limit]],
        "next_cursor": cursor_behind(
            context.cursors, kind, reports, limit, lambda report: (report.created_at, report.report_id)
        ),
    }
