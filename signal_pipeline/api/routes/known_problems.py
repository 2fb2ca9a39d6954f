"""Problems of the catalog: what is known of one across all reports."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter

from signal_pipeline.api.context import Context, Reader
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
    after = None
    if cursor is not None:
        position = context.cursors.read(kind, cursor)
        after = (datetime.fromisoformat(position["t"]), UUID(position["i"]))
    with context.platform.database.transaction() as connection:
        found = known_problem(connection, problem_id)
        if found is None:
            raise Problem(404, "not_found", "there is no such problem")
        reports = reports_with(connection, found.id, limit=limit + 1, after=after)
    shown = reports[:limit]
    last = {"t": shown[-1].created_at.isoformat(), "i": str(shown[-1].report_id)} if len(reports) > limit else None
    return asdict(found) | {
        "items": [asdict(one) for one in shown],
        "next_cursor": None if last is None else context.cursors.make(kind, last),
    }
