"""The application: routes, guard and headers put together, and nothing else."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI, Request
from fastapi.responses import Response
from prometheus_client import CollectorRegistry

from signal_pipeline.api import problems
from signal_pipeline.api.context import ApiContext, ApiPlatform
from signal_pipeline.api.cursors import Cursors
from signal_pipeline.api.guard import Application, Guard
from signal_pipeline.api.headers import SecurityHeaders
from signal_pipeline.api.live_bounds import LiveBounds
from signal_pipeline.api.metrics import PipelineCollector, RequestMeter
from signal_pipeline.api.problems import Problem, problem_response
from signal_pipeline.api.request_log import RequestLog
from signal_pipeline.api.routes import (
    admin,
    changes,
    dead_letters,
    health,
    known_problems,
    pages,
    reports,
    search,
    submit,
    verdicts,
)
from signal_pipeline.api.sessions import Sessions
from signal_pipeline.api.shapes import References
from signal_pipeline.api.tokens import Tokens
from signal_pipeline.api.watch import HealthWatch
from signal_pipeline.operations.health import look
from signal_pipeline.platform.platform import Platform
from signal_pipeline.settings import Settings

DESCRIPTION = (
    "Bug reports in, clustered problems out. Errors are application/problem+json (RFC 9457). Lists are read with"
    " `limit` and `cursor`; a cursor is only good for the list that gave it out."
)


def create_app(settings: Settings, platform: Platform | None = None) -> Application:
    """The ASGI application. Without `platform` it opens one and closes it at its end."""
    own = platform or ApiPlatform(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        watch.begin()
        yield
        watch.close()
        bounds.close()
        if platform is None:
            own.close()

    app = FastAPI(
        title="signal-pipeline",
        version=version("signal-pipeline"),
        description=DESCRIPTION,
        # Their pages load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    watch, bounds = HealthWatch(lambda: look(own)), LiveBounds(own, settings)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(PipelineCollector(own, watch.last))
    secret = hmac.digest(settings.redaction_key.get_secret_value().encode(), b"signal_pipeline api", hashlib.sha256)
    tokens = Tokens(settings)
    sessions = Sessions(secret, tokens)
    app.state.context = ApiContext(own, Cursors(secret))
    app.state.sessions = sessions
    app.state.page_cache = pages.PageCache()
    app.state.watch = watch
    app.state.registry = registry
    problems.install(app)
    _show_the_way_in(app)
    for room in (reports, submit, changes, search, known_problems, verdicts, dead_letters, health, admin, pages):
        app.include_router(room.router)
    _describe_references(app)
    guarded = Guard(app, tokens, bounds, sessions.identity)
    return RequestLog(SecurityHeaders(guarded), RequestMeter(registry), app)


def _show_the_way_in(app: FastAPI) -> None:
    @app.exception_handler(Problem)
    def told(request: Request, problem: Problem) -> Response:
        return pages.way_in(request, problem) or problem_response(problem)


def _describe_references(app: FastAPI) -> None:
    """The submission takes two kinds of bodies, so that FastAPI does not find this one by itself."""
    made = app.openapi

    def described() -> dict[str, object]:
        schema = made()
        schemas = schema["components"]["schemas"]
        if "References" not in schemas:
            own = References.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas |= own.pop("$defs", {}) | {"References": own}
        return schema

    app.openapi = described  # type: ignore[method-assign]
