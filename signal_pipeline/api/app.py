"""The application: routes, guard and headers put together, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import cast

from fastapi import FastAPI, Request
from fastapi.responses import Response
from prometheus_client import CollectorRegistry

from signal_pipeline.api import problems
from signal_pipeline.api.context import ApiContext, ApiPlatform
from signal_pipeline.api.cursors import Cursors
from signal_pipeline.api.guard import Application, Guard
from signal_pipeline.api.headers import SecurityHeaders
from signal_pipeline.api.health_metrics import HealthCollector
from signal_pipeline.api.live_bounds import LiveBounds
from signal_pipeline.api.metrics import PipelineCollector, RequestMeter
from signal_pipeline.api.problems import Problem, problem_response
from signal_pipeline.api.request_log import RequestLog
from signal_pipeline.api.routes import (
    admin,
    changes,
    dead_letters,
    decide,
    events,
    health,
    known_problems,
    network,
    pages,
    progress,
    reports,
    search,
    signals,
    submit,
    verdicts,
    work,
)
from signal_pipeline.api.sessions import Sessions
from signal_pipeline.api.shapes import References
from signal_pipeline.api.tokens import Tokens
from signal_pipeline.api.watch import HealthWatch
from signal_pipeline.operations.health import check_dependencies
from signal_pipeline.platform.platform import Platform
from signal_pipeline.settings import Settings

DESCRIPTION = (
    "Bug reports in, clustered problems out. Errors are application/problem+json (RFC 9457). Lists are read with"
    " `limit` and `cursor`; a cursor is only good for the list that gave it out."
)

# In the order in which the API's description lists them.
ROOMS = (
    reports, network, progress, submit, events, signals, work, changes, search, known_problems, verdicts, dead_letters,
    health, admin, pages, decide,
)  # fmt: skip


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
    tokens = Tokens(settings)
    watch = HealthWatch(
        lambda: check_dependencies(own), settings.api_health_interval_seconds, lambda: _token_findings(tokens)
    )
    bounds = LiveBounds(own, settings)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(HealthCollector(watch, tokens))
    registry.register(PipelineCollector(own, lambda: watch.now().is_down("postgres")))
    # No secret is kept for this alone: what is signed has a purpose, and a key derived for it.
    secret = settings.redaction_key.get_secret_value().encode()
    sessions = Sessions(secret, tokens)
    app.state.context = ApiContext(own, Cursors(secret))
    app.state.sessions = sessions
    app.state.page_cache = pages.PageCache()
    app.state.watch = watch
    app.state.streams = progress.OpenStreams()
    app.state.registry = registry
    problems.install(app)
    app.add_exception_handler(Problem, lambda request, problem: _answer(request, cast(Problem, problem)))
    for room in ROOMS:
        app.include_router(room.router)
    _describe_references(app)
    guarded = Guard(app, tokens, bounds, sessions.identity, lambda scope, problem: _answer(Request(scope), problem))
    return RequestLog(SecurityHeaders(guarded), RequestMeter(registry), app)


def _token_findings(tokens: Tokens) -> list[str]:
    finding = tokens.finding()
    return [] if finding is None else [f"tokens: {finding}"]


def _answer(request: Request, problem: Problem) -> Response:
    """A person without a session is shown the sign-in page, a program the problem."""
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
