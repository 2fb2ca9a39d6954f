"""Verdicts: what people decided about signatures, to read, set and remove."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from signal_pipeline.api.change_shapes import DecidedModel, VerdictList, VerdictWish
from signal_pipeline.api.context import Admin, Context, Reader
from signal_pipeline.api.problems import Problem, problems_of
from signal_pipeline.api.routes.reports import CursorText, Limit
from signal_pipeline.reports.decisions import decide_and_refresh, undo_and_refresh
from signal_pipeline.storage.verdicts import Kind, verdicts_of

router = APIRouter(prefix="/v1/verdicts", tags=["verdicts"])
VerdictNumber = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("", response_model=VerdictList, responses=problems_of(), summary="List verdicts, oldest first")
def list_verdicts(
    context: Context,
    _: Reader,
    limit: Limit = 50,
    cursor: CursorText = None,
    include_removed: Annotated[bool, Query(description="include removed verdicts")] = False,
) -> dict[str, Any]:
    kind = f"verdicts {include_removed}"
    after = 0 if cursor is None else int(context.cursors.read(kind, cursor)["i"])
    with context.platform.database.transaction() as connection:
        found = [one for one in verdicts_of(connection, with_removed=include_removed) if one.id > after]
    shown = found[:limit]
    last = {"i": shown[-1].id} if len(found) > limit else None
    return {
        "items": [one.as_json() for one in shown],
        "next_cursor": None if last is None else context.cursors.make(kind, last),
    }


@router.post(
    "",
    status_code=201,
    response_model=DecidedModel,
    responses=problems_of(404, 409),
    summary="Record a verdict about one or two signatures",
)
def set_one(context: Context, who: Admin, wish: VerdictWish) -> dict[str, Any]:
    """The catalog and the causes in reports follow at once, a report's clusters at its next clustering. The same
    verdict again gives the one that is there; 409 names the verdicts that it contradicts.
    """
    done = decide_and_refresh(
        context.platform,
        Kind(wish.kind),
        wish.signature,
        wish.other,
        by=who.name,
        fixed_in=wish.fixed_in,
        note=wish.note,
        report_id=wish.report_id,
    )
    return done.as_json()


@router.delete(
    "/{verdict_id}", response_model=DecidedModel, responses=problems_of(404, 409), summary="Remove a verdict"
)
def remove(context: Context, who: Admin, verdict_id: VerdictNumber) -> dict[str, Any]:
    """It stays in the list of all, with who removed it, and no longer applies."""
    with context.platform.database.transaction() as connection:
        known = {one.id for one in verdicts_of(connection, with_removed=True)}
    if verdict_id not in known:
        raise Problem(404, "not_found", "verdict not found")
    return undo_and_refresh(context.platform, verdict_id, by=who.name).as_json()
