"""What the routes share: the platform, cursors, who asks. And how a route says which scope it needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer

from signal_pipeline.api.cursors import Cursors
from signal_pipeline.api.identity import Identity, Scope
from signal_pipeline.api.problems import Problem, unauthorized
from signal_pipeline.platform.platform import Platform
from signal_pipeline.settings import Settings
from signal_pipeline.storage.database import Database

POOL_SIZE = 16
POOL_WAIT_SECONDS = 1.2
"""Whoever would wait longer for a connection gets `Retry-After`: the response comes within two seconds."""
SERVER_WAIT_SECONDS = 0.5
"""A connection whose server says nothing for so long is given up, and another one is tried."""
BRIEF_WAIT_SECONDS = 0.3
"""How long the next ones wait while there is none: else sixty of them hold all threads for a second each."""


class ApiPlatform(Platform):
    """Many requests at once share a larger pool, and none waits long for it."""

    @cached_property
    def database(self) -> Database:
        return Database(
            self.settings,
            max_size=POOL_SIZE,
            timeout_seconds=POOL_WAIT_SECONDS,
            answer_seconds=SERVER_WAIT_SECONDS,
            brief_seconds=BRIEF_WAIT_SECONDS,
        )


@dataclass(frozen=True)
class ApiContext:
    """One for the application."""

    platform: Platform
    cursors: Cursors

    @property
    def settings(self) -> Settings:
        return self.platform.settings

    def page_url(self, report_id: UUID) -> str:
        return f"/reports/{report_id}"

    def dagster_partition(self, report_id: UUID) -> str | None:
        base = self.settings.dagster_url
        return None if base is None else f"{base.rstrip('/')}/assets/clusters?view=partitions&partition={report_id}"


def context_of(request: Request) -> ApiContext:
    found: ApiContext = request.app.state.context
    return found


Context = Annotated[ApiContext, Depends(context_of)]


# For the API's description alone: the guard has read it before a route is asked.
_BEARER = HTTPBearer(
    auto_error=False, scheme_name="token", description="a token, as `signal-pipeline tokens add` prints it"
)


def needs(scope: Scope) -> Callable[..., Identity]:
    """A dependency: whoever asks, if that may do it. 401 without a token that is known, 403 with too little scope."""

    def check(request: Request, _: Annotated[Any, Security(_BEARER)] = None) -> Identity:
        identity: Identity | None = request.state.identity
        if identity is None:
            raise unauthorized()
        if identity.scope < scope:
            raise Problem(403, "scope_missing", f"this needs a token with the scope {scope.name.lower()}")
        return identity

    return check


Reader = Annotated[Identity, Depends(needs(Scope.READ))]
Submitter = Annotated[Identity, Depends(needs(Scope.SUBMIT))]
Admin = Annotated[Identity, Depends(needs(Scope.ADMIN))]
