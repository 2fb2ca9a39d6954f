"""Searching all reports' errors by meaning, by words and by parts of words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from signal_pipeline.api.change_shapes import FoundList
from signal_pipeline.api.context import Context, Reader
from signal_pipeline.api.problems import problems_of
from signal_pipeline.api.shapes import Text
from signal_pipeline.catalog.search import search
from signal_pipeline.schemas import ErrorType, Severity
from signal_pipeline.storage.search import Filters

router = APIRouter(tags=["search"])


@router.get(
    "/v1/search", response_model=FoundList, responses=problems_of(), summary="Search errors by meaning and keyword"
)
def find(
    context: Context,
    _: Reader,
    q: Annotated[Text, Query(min_length=1, max_length=1000, description="a sentence, words, or part of an identifier")],
    error_type: ErrorType | None = None,
    severity: Severity | None = None,
    since: Annotated[datetime | None, Query(description="occurred at or after this time; UTC without a zone")] = None,
    until: Annotated[datetime | None, Query(description="occurred at or before this time; UTC without a zone")] = None,
    report_id: Annotated[UUID | None, Query(description="only in this report")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 10,
) -> dict[str, Any]:
    """The text is masked like a report's before the search, and is not stored."""
    filters = Filters(error_type, severity, report_id, _utc(since), _utc(until))
    return {"items": [one.as_json() for one in search(context.platform, q, filters, limit)]}


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=moment.tzinfo or UTC)
