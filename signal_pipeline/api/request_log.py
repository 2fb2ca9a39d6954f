"""One log line and one measurement for each request. The route's template goes in, neither path nor query: they may
hold anything. Ids that the caller sends go in where they are ids (`caller_ids.py`).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator, MutableMapping
from typing import Any
from uuid import uuid4

from fastapi import FastAPI
from starlette.routing import Match

from signal_pipeline.api.caller_ids import caller_ids, report_id_in
from signal_pipeline.api.guard import Application, Receive, Scope, Send, headers_of
from signal_pipeline.api.metrics import RequestMeter, known_method

logger = logging.getLogger("signal_pipeline.api.requests")

QUIET = ("/health/live", "/health/ready", "/health", "/metrics")
UNKNOWN_ROUTE = "unknown"


class RequestLog:
    """The outermost layer. Gives the request an id and puts it into the answer."""

    def __init__(self, application: Application, meter: RequestMeter, app: FastAPI) -> None:
        self._application, self._meter, self._app = application, meter, app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        began, status, request_id = time.monotonic(), 500, uuid4().hex

        async def noted(message: MutableMapping[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [*message.get("headers", []), (b"x-request-id", request_id.encode())]
                message = {**message, "headers": headers}
            await send(message)

        try:
            await self._application(scope, receive, noted)
        finally:
            self._note(scope, status, time.monotonic() - began, request_id)

    def _note(self, scope: Scope, status: int, seconds: float, request_id: str) -> None:
        route = self._route(scope)
        self._meter.note(scope["method"], route, status, seconds)
        level = logging.DEBUG if scope["path"] in QUIET else logging.WARNING if status >= 500 else logging.INFO
        identity = scope.get("state", {}).get("identity")
        logger.log(
            level,
            "%s %s %d",
            known_method(scope["method"]),
            route,
            status,
            extra={
                "status": status,
                "duration_ms": round(seconds * 1000, 1),
                "request_id": request_id,
                "who": None if identity is None else identity.name,
                "report_id": report_id_in(scope.get("path_params") or {}),
                **caller_ids(headers_of(scope)),
            },
        )

    def _route(self, scope: Scope) -> str:
        """The template of the route; anything that is not ours is one and the same."""
        found = scope.get("route")
        if found is not None:
            return str(found.path)
        if scope["path"] in ("/", *QUIET):
            return str(scope["path"])
        for route in leaf_routes(self._app.router.routes):
            if route.matches({**scope, "app": self._app})[0] is not Match.NONE:
                return str(getattr(route, "path", UNKNOWN_ROUTE))
        return UNKNOWN_ROUTE


def leaf_routes(routes: Iterable[Any]) -> Iterator[Any]:
    """The routes themselves, also those of routers that were included."""
    for route in routes:
        included = getattr(route, "original_router", None)
        yield from [route] if included is None else leaf_routes(included.routes)
