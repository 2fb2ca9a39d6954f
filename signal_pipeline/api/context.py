"""What the routes share: the platform, cursors, who asks. And how a route says which scope it needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from signal_pipeline.api.cursors import Cursors
from signal_pipeline.api.problems import Problem
from signal_pipeline.api.tokens import Identity, Scope
from signal_pipeline.platform.platform import Platform
from signal_pipeline.settings import Settings
from signal_pipeline.storage.database import Database

POOL_SIZE = 16
POOL_WAIT_SECONDS = 2.0
"""Whoever would wait longer for a connection is told to come again."""


class ApiPlatform(Platform):
    """Many requests at once share a larger pool, and none waits long for it."""

    @cached_property
    def database(self) -> Database:
        return Database(self.settings, max_size=POOL_SIZE, timeout_seconds=POOL_WAIT_SECONDS)


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


def needs(scope: Scope) -> Callable[[Request], Identity]:
    """A dependency: whoever asks, if that may do it. 401 without a token that is known, 403 with too little scope."""

    def check(request: Request) -> Identity:
        identity: Identity | None = request.state.identity
        if identity is None:
            raise Problem(
                401, "unauthorized", "show a token: Authorization: Bearer …", headers={"WWW-Authenticate": "Bearer"}
            )
        if identity.scope < scope:
            raise Problem(403, "scope_missing", f"this needs a token with the scope {scope.name.lower()}")
        return identity

    return check


Reader = Annotated[Identity, Depends(needs(Scope.READ))]
Submitter = Annotated[Identity, Depends(needs(Scope.SUBMIT))]
Admin = Annotated[Identity, Depends(needs(Scope.ADMIN))]
