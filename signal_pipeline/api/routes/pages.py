"""Pages for people: the list of reports, a report, and the sign-in page."""

from __future__ import annotations

import time
from collections import OrderedDict
from threading import Lock
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from signal_pipeline.api.context import ApiContext, Context, Reader
from signal_pipeline.api.guard import COOKIE, headers_of, session_cookie
from signal_pipeline.api.paging import cursor_behind, place_in
from signal_pipeline.api.problems import Problem
from signal_pipeline.api.sessions import SESSION_SECONDS, Sessions
from signal_pipeline.pages.index import index_html, login_html, page_policy
from signal_pipeline.pages.report import Links, report_html, report_policy
from signal_pipeline.reports.page_data import load_report_page, page_version
from signal_pipeline.storage.report_lists import report_page

router = APIRouter(include_in_schema=False)
REPORTS_ON_A_PAGE = 50
MAX_CACHED_BYTES = 64 * 1024 * 1024
FRESH_SECONDS = 60.0
"""What a page says of other reports (seen before, in how many) is not part of its version, so it grows old."""


class PageCache:
    """Rendered pages by report and version of what they show; the longest unused go first."""

    def __init__(self) -> None:
        self._pages: OrderedDict[tuple[UUID, str], tuple[float, str]] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, report_id: UUID, version: str) -> str | None:
        with self._lock:
            at, page = self._pages.get((report_id, version), (0.0, ""))
            if not page or time.monotonic() - at > FRESH_SECONDS:
                return None
            self._pages.move_to_end((report_id, version))
            return page

    def put(self, report_id: UUID, version: str, page: str) -> None:
        with self._lock:
            self._remove((report_id, version))
            self._pages[(report_id, version)] = (time.monotonic(), page)
            self._bytes += len(page)
            while self._bytes > MAX_CACHED_BYTES and len(self._pages) > 1:
                self._remove(next(iter(self._pages)))

    def forget(self, report_id: UUID) -> None:
        """For a report that is deleted: nothing of it stays in memory."""
        with self._lock:
            for key in [key for key in self._pages if key[0] == report_id]:
                self._remove(key)

    def _remove(self, key: tuple[UUID, str]) -> None:
        if key in self._pages:
            self._bytes -= len(self._pages.pop(key)[1])


def html(text: str, policy: str, status: int = 200) -> HTMLResponse:
    # With no-referrer a browser would send its own forms with the origin "null".
    headers = {"Content-Security-Policy": f"{policy}; frame-ancestors 'none'", "Referrer-Policy": "same-origin"}
    return HTMLResponse(text, status, headers)


@router.get("/")
def index(
    request: Request, context: Context, who: Reader, before: Annotated[str | None, Query(max_length=512)] = None
) -> HTMLResponse:
    after = place_in(context.cursors, "index", before)
    with context.platform.database.transaction() as connection:
        found = report_page(connection, limit=REPORTS_ON_A_PAGE + 1, after=after, state=None)
    older = cursor_behind(
        context.cursors, "index", found, REPORTS_ON_A_PAGE, lambda entry: (entry.created_at, entry.report_id)
    )
    shown = found[:REPORTS_ON_A_PAGE]
    page = index_html(
        shown,
        older=older,
        name=who.name,
        dagster=context.settings.dagster_url,
        has_session=bool(session_cookie(headers_of(request.scope))),
    )
    return html(page, page_policy())


@router.get("/reports/{report_id}")
def report(request: Request, context: Context, _: Reader, report_id: UUID) -> HTMLResponse:
    cache: PageCache = request.app.state.page_cache
    version = page_version(context.platform, report_id)
    page = cache.get(report_id, version)
    if page is None:
        page = report_html(load_report_page(context.platform, report_id), _links(context, report_id))
        cache.put(report_id, version, page)
    return html(page, report_policy())


def _links(context: ApiContext, report_id: UUID) -> Links:
    return Links(
        dagster=context.dagster_partition(report_id),
        reports="/",
        admin="/admin",
        decide=f"/reports/{report_id}/decide",
        problems="/problems/",
    )


@router.get("/login")
def login_form(wrong: bool = False) -> HTMLResponse:
    return html(login_html(wrong=wrong), page_policy())


@router.post("/login")
def login(
    request: Request, token: Annotated[str, Form(max_length=200)], to: Annotated[str, Form(max_length=500)] = "/"
) -> Response:
    sessions: Sessions = request.app.state.sessions
    cookie = sessions.begin(token)
    if cookie is None:
        return RedirectResponse("/login?wrong=true", 303)
    # Only to a page of ours: two slashes at the beginning would be another site.
    answer = RedirectResponse(to if to.startswith("/") and not to.startswith(("//", "/\\")) else "/", 303)
    is_secure = request.url.scheme == "https" or headers_of(request.scope).get("x-forwarded-proto") == "https"
    answer.set_cookie(COOKIE, cookie, max_age=SESSION_SECONDS, httponly=True, samesite="strict", secure=is_secure)
    return answer


@router.post("/logout")
def logout(request: Request) -> Response:
    """The session ends here and in the browser: a copy of the cookie is useless afterwards."""
    sessions: Sessions = request.app.state.sessions
    sessions.end(session_cookie(headers_of(request.scope)))
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(COOKIE)
    return answer


def way_in(request: Request, problem: Problem) -> Response | None:
    """A person without a session gets the sign-in page instead of a problem detail."""
    wants_page = "text/html" in request.headers.get("accept", "") and request.method == "GET"
    is_page = request.url.path == "/" or request.url.path.startswith(("/reports/", "/admin", "/problems", "/signals"))
    return RedirectResponse("/login", 303) if problem.status == 401 and wants_page and is_page else None
