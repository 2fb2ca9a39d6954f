"""Signals among business events: of what is the same one row, each by itself, and the page with both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from signal_pipeline.api.context import ApiContext, Context, Reader
from signal_pipeline.api.problems import Problem, problems_of
from signal_pipeline.api.routes.pages import html
from signal_pipeline.api.routes.reports import CursorText, Limit
from signal_pipeline.pages.index import page_policy
from signal_pipeline.pages.signals import SignalsPage, signals_html
from signal_pipeline.storage.signal_lists import (
    ListedSignal,
    Place,
    SignalFilter,
    listed_signals,
    rules_with_signals,
    signal_groups,
)


class SignalItem(BaseModel):
    rule: str = Field(description="name of the rule; schema for a violation")
    kind: str
    subject: str
    severity: str
    count: int
    entities: int = Field(description="different entities, such as orders")
    first_at: datetime
    last_at: datetime
    sources: list[str]
    known_since: datetime = Field(description="when the first such signal was, whatever was asked for")
    problem_id: UUID | None = Field(description="its problem in the catalog; null until it has been placed there")
    reports: int = Field(description="reports that have it as an error")


class SignalList(BaseModel):
    items: list[SignalItem]


class ListedSignalItem(BaseModel):
    rule: str
    kind: str
    subject: str
    severity: str
    entity: str | None = Field(description="key of the rule, such as the number of an order; null for a violation")
    source: str
    event_id: str
    type: str
    at: datetime
    report_id: UUID | None = Field(description="the report that brought the event; null for one that was sent alone")


class ListedSignals(BaseModel):
    items: list[ListedSignalItem]
    next_cursor: str | None


router = APIRouter(tags=["business events"])
SIGNALS_ON_A_PAGE = 100
GROUPS_ON_A_PAGE = 50
CURSOR = "signals"


def _asked(
    rule: Annotated[str | None, Query(max_length=200, description="name of a rule; schema for violations")] = None,
    source: Annotated[str | None, Query(max_length=200, description="producer of the events")] = None,
    entity: Annotated[str | None, Query(max_length=200, description="key, such as the number of an order")] = None,
    q: Annotated[str | None, Query(max_length=200, description="words of the subject")] = None,
    since: Annotated[
        str | None, Query(max_length=40, description="time or day, UTC; only signals from then on")
    ] = None,
    until: Annotated[str | None, Query(max_length=40, description="time or day, UTC; only signals before it")] = None,
) -> SignalFilter:
    # Forms send what was left empty as empty texts.
    return SignalFilter(
        rule or None, source or None, entity or None, q or None, _moment("since", since), _moment("until", until)
    )


def _moment(name: str, text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise Problem(422, "bad_time", f"{name} is not a time such as 2026-03-01 or 2026-03-01T10:00:00Z") from None


Asked = Annotated[SignalFilter, Depends(_asked)]


@router.get(
    "/v1/signals", response_model=SignalList, responses=problems_of(), summary="Signals among all business events"
)
def signals(context: Context, _: Reader, asked: Asked) -> dict[str, Any]:
    """What the rules found and what violates its schema, the latest first; the same of several entities is one."""
    with context.platform.database.transaction() as connection:
        found = signal_groups(connection, asked)
    return {"items": [vars(one) for one in found]}


@router.get("/v1/signals/list", response_model=ListedSignals, responses=problems_of(), summary="Signals, one by one")
def one_by_one(
    context: Context, _: Reader, asked: Asked, limit: Limit = 50, cursor: CursorText = None
) -> dict[str, Any]:
    """Each with its event and the report that brought it, the latest first."""
    found, following = _listed(context, asked, limit, cursor)
    return {"items": [asdict(one) for one in found], "next_cursor": following}


@router.get("/signals", include_in_schema=False)
def page(
    context: Context, _: Reader, asked: Asked, after: Annotated[str | None, Query(max_length=512)] = None
) -> HTMLResponse:
    found, following = _listed(context, asked, SIGNALS_ON_A_PAGE, after)
    with context.platform.database.transaction() as connection:
        groups = signal_groups(connection, asked, limit=GROUPS_ON_A_PAGE)
        rules = rules_with_signals(connection)
    return html(signals_html(SignalsPage(asked, groups, found, rules, following)), page_policy())


def _listed(
    context: ApiContext, asked: SignalFilter, limit: int, cursor: str | None
) -> tuple[Sequence[ListedSignal], str | None]:
    after: Place | None = None
    if cursor is not None:
        place = context.cursors.read(CURSOR, cursor)
        after = datetime.fromisoformat(place["t"]), int(place["n"]), str(place["h"])
    with context.platform.database.transaction() as connection:
        found = listed_signals(connection, asked, limit=limit + 1, after=after)
    following = None
    if len(found) > limit:
        at, number, digest = found[limit - 1][0]
        following = context.cursors.make(CURSOR, {"t": at.isoformat(), "n": number, "h": digest})
    return [one for _, one in found[:limit]], following
