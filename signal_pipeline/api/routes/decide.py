"""Pages about problems across reports, and the page on which people decide about those of one report."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, Field

from signal_pipeline.api.context import Admin, ApiContext, Context, Reader
from signal_pipeline.api.identity import Scope
from signal_pipeline.api.paging import cursor_behind, place_in
from signal_pipeline.api.problems import Problem
from signal_pipeline.api.routes.admin import PRINTABLE_ASCII
from signal_pipeline.api.routes.pages import html
from signal_pipeline.api.sessions import Sessions
from signal_pipeline.catalog.causes import listed_problems, part_of
from signal_pipeline.catalog.search import search
from signal_pipeline.errors import SignatureUnknown, VerdictRefused
from signal_pipeline.pages.index import page_policy
from signal_pipeline.pages.problems import Asked, decide_html, problem_html, problems_html
from signal_pipeline.reports.causes import ReportCauses, report_causes
from signal_pipeline.reports.decisions import decide_and_refresh, set_healthy, undo_and_refresh, unset_healthy
from signal_pipeline.storage.known_problem import known_problem, reports_with
from signal_pipeline.storage.live_signals import live_signals_of
from signal_pipeline.storage.search import Filters
from signal_pipeline.storage.verdicts import Kind, Verdict, verdicts_of

router = APIRouter(include_in_schema=False)
ON_A_PAGE = 50
FOUND = 20
Place = Annotated[str | None, Query(max_length=512)]
Id = Annotated[str, Field(max_length=100, pattern=PRINTABLE_ASCII)]


class DecideForm(BaseModel):
    """A decision: about the report, about one of its problems by id, or that a verdict is removed."""

    key: Annotated[str, Field(max_length=200, pattern=PRINTABLE_ASCII)]
    do: Literal["healthy", "not healthy", "caused_by", "not_a_bug", "fixed", "remove"]
    problem: Id = ""
    cause: Id = ""
    version: Annotated[str, Field(max_length=100)] = ""
    verdict: Annotated[int, Field(ge=0, le=2**63 - 1)] = 0


@router.get("/problems")
def problems_page(
    context: Context, _: Reader, after: Place = None, q: Annotated[str, Query(max_length=1000)] = ""
) -> HTMLResponse:
    place = None if after is None else context.cursors.read("problems page", after)
    begin = None if place is None else (int(place["n"]), UUID(str(place["i"])))
    asked = Asked(q, search(context.platform, q, Filters(), FOUND)) if q.strip() else None
    with context.platform.database.transaction() as connection:
        found = listed_problems(connection, limit=ON_A_PAGE + 1, after=begin)
    shown = found[:ON_A_PAGE]
    older = None
    if len(found) > ON_A_PAGE:
        last = shown[-1].problem
        older = context.cursors.make("problems page", {"n": last.reports, "i": str(last.id)})
    return html(problems_html(shown, older=older, asked=asked), page_policy())


@router.get("/problems/{problem_id}")
def problem_page(context: Context, _: Reader, problem_id: UUID, after: Place = None) -> HTMLResponse:
    """The id of a problem that was merged into another redirects to it."""
    kind = f"problem page {problem_id}"
    place = place_in(context.cursors, kind, after)
    with context.platform.database.transaction() as connection:
        found = known_problem(connection, problem_id)
        if found is None:
            raise Problem(404, "not_found", "problem not found")
        reports = reports_with(connection, found.id, limit=ON_A_PAGE + 1, after=place)
        part = part_of(connection, found.id)
        signals = live_signals_of(connection, found.id) if found.signals else None
    older = cursor_behind(context.cursors, kind, reports, ON_A_PAGE, lambda one: (one.created_at, one.report_id))
    return html(problem_html(found, part, reports[:ON_A_PAGE], signals, older=older), page_policy())


@router.get("/reports/{report_id}/decide")
def decide_page(
    request: Request, context: Context, who: Reader, report_id: UUID, done: Annotated[bool, Query()] = False
) -> HTMLResponse:
    sessions: Sessions = request.app.state.sessions
    key = sessions.form_key(who) if who.scope >= Scope.ADMIN else None
    return _page(context, report_id, key, confirmation="Recorded." if done else None)


@router.post("/reports/{report_id}/decide")
def decide_by_form(
    request: Request,
    context: Context,
    who: Admin,
    report_id: UUID,
    wish: Annotated[DecideForm, Form()],
) -> Response:
    sessions: Sessions = request.app.state.sessions
    if not sessions.is_form_key(wish.key, who):
        raise Problem(403, "foreign_form", "this form is not from your session; reload the page")
    platform = context.platform
    try:
        if wish.do == "healthy":
            set_healthy(platform, report_id, by=who.name)
        elif wish.do == "not healthy":
            unset_healthy(platform, report_id)
        elif wish.do == "remove":
            undo_and_refresh(platform, wish.verdict, by=who.name)
        else:
            _refuse_empty(wish)
            decide_and_refresh(
                platform,
                Kind(wish.do),
                wish.problem,
                wish.cause if wish.do == "caused_by" else None,
                by=who.name,
                fixed_in=wish.version.strip() if wish.do == "fixed" else None,
                report_id=report_id,
            )
    except (VerdictRefused, SignatureUnknown) as error:
        return _page(context, report_id, sessions.form_key(who), refused=str(error), status=422)
    return RedirectResponse(f"/reports/{report_id}/decide?done=true", 303)


def _refuse_empty(wish: DecideForm) -> None:
    if wish.do == "caused_by" and not wish.cause:
        raise VerdictRefused("choose what it is caused by")
    if wish.do == "fixed" and not wish.version.strip():
        raise VerdictRefused("name the version that fixes it")


def _page(
    context: ApiContext,
    report_id: UUID,
    form_key: str | None,
    *,
    confirmation: str | None = None,
    refused: str | None = None,
    status: int = 200,
) -> HTMLResponse:
    found = report_causes(context.platform.database, report_id)
    with context.platform.database.transaction() as connection:
        verdicts = verdicts_of(connection)
    about = _about(found, verdicts)
    return html(
        decide_html(found, about, form_key=form_key, confirmation=confirmation, refused=refused), page_policy(), status
    )


def _about(found: ReportCauses, verdicts: list[Verdict]) -> list[Verdict]:
    """Those that name an error of the report."""
    have = {entry.signature for one in found.incidents for entry in one.entries}
    have |= {one for problem in found.problems for cluster in problem.clusters for one in cluster.signature_hashes}
    return [one for one in verdicts if one.signature_hash in have or one.other_hash in have]
