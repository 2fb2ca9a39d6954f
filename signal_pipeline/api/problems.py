"""Errors as RFC 9457 problem details: one shape for everything that goes wrong, with no text of an input in it."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from signal_pipeline.errors import (
    DatabaseUnavailable,
    MessageRejected,
    PermanentError,
    ReportUnknown,
    SettingsInvalid,
    SignalRejected,
    SignatureUnknown,
    TransientError,
    VectorsMixed,
    VerdictRefused,
    WorkOrderInvalid,
)
from signal_pipeline.storage.object_store import UploadRefused

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 2
# Which status a fault of ours is, by its type; the first row that fits.
_STATUS_OF: tuple[tuple[type[Exception], int, str], ...] = (
    (ReportUnknown, 404, "not_found"),
    (DatabaseUnavailable, 503, "database_unavailable"),
    (TransientError, 503, "temporarily_unavailable"),
    (UploadRefused, 507, "storage_refused"),
    (SignalRejected, 422, "signal_rejected"),
    (MessageRejected, 422, "message_rejected"),
    (SettingsInvalid, 422, "settings_invalid"),
    (WorkOrderInvalid, 422, "work_order_invalid"),
    (SignatureUnknown, 404, "signature_unknown"),
    (VerdictRefused, 409, "verdict_refused"),
    (VectorsMixed, 409, "vectors_mixed"),
    (PermanentError, 500, "internal_error"),
)


class ProblemModel(BaseModel):
    """What a problem looks like; for the OpenAPI schema."""

    type: str = Field(description="always about:blank: the status says what kind it is, and `code` says more")
    title: str = Field(description="the status in words")
    status: int
    detail: str | None = Field(None, description="what is wrong, and what to do")
    code: str = Field(description="one of a fixed set of words, for programs")
    errors: list[dict[str, str]] | None = Field(None, description="which part of the request is wrong, one by one")


class Problem(Exception):
    """An answer other than the one that was asked for."""

    def __init__(
        self, status: int, code: str, detail: str, *, headers: dict[str, str] | None = None, **more: Any
    ) -> None:
        self.status, self.code, self.detail, self.headers, self.more = status, code, detail, headers or {}, more
        super().__init__(detail)


def unauthorized() -> Problem:
    return Problem(401, "unauthorized", "show a token: Authorization: Bearer …", headers={"WWW-Authenticate": "Bearer"})


def problem_response(problem: Problem) -> Response:
    body = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
        **problem.more,
    }
    return JSONResponse(body, problem.status, problem.headers, MEDIA_TYPE)


def problems_of(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For the `responses` of a route: these, and those that every route may give."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemModel"}}}
    everywhere = (400, 401, 403, 408, 413, 415, 421, 422, 429, 500, 503)
    return {
        status: {"model": ProblemModel, "description": HTTPStatus(status).phrase, "content": content}
        for status in sorted({*statuses, *everywhere})
    }


def install(app: FastAPI) -> None:
    """Everything that a route raises becomes a problem."""

    @app.exception_handler(Problem)
    def ours(_: Request, problem: Problem) -> Response:
        return problem_response(problem)

    @app.exception_handler(PermanentError)
    @app.exception_handler(TransientError)
    def fault(_: Request, error: Exception) -> Response:
        return problem_response(problem_of(error))

    @app.exception_handler(HTTPException)
    def http(_: Request, error: HTTPException) -> Response:
        if isinstance(error.__cause__, Problem):
            return problem_response(error.__cause__)  # of the body, which FastAPI takes for a body it cannot read
        code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
        detail = error.detail if isinstance(error.detail, str) else HTTPStatus(error.status_code).phrase
        return problem_response(Problem(error.status_code, code, detail, headers=dict(error.headers or {})))

    @app.exception_handler(RequestValidationError)
    def invalid(_: Request, error: RequestValidationError) -> Response:
        # Without the values: they may hold secrets, and would be logged by whoever logs answers.
        found = [{"where": ".".join(map(str, one["loc"])), "what": str(one["msg"])} for one in error.errors()]
        return problem_response(
            Problem(422, "invalid_request", "the request does not match its schema", errors=found[:20])
        )

    @app.exception_handler(Exception)
    def unexpected(request: Request, error: Exception) -> Response:
        # Not its path, which may hold anything.
        route = getattr(request.scope.get("route"), "path", "no route of ours")
        logger.error("%s while answering %s", type(error).__name__, route, exc_info=error)
        return problem_response(Problem(500, "internal_error", "an unexpected error; see the log"))


def problem_of(error: Exception) -> Problem:
    """A fault of ours as a problem. Their texts are ours and hold no values."""
    for kind, status, code in _STATUS_OF:
        if isinstance(error, kind):
            headers = {"Retry-After": str(RETRY_AFTER_SECONDS)} if status == 503 else {}
            detail = "an unexpected error; see the log" if status == 500 else str(error)
            if status == 500:
                logger.error("%s: %s", type(error).__name__, error)
            return Problem(status, code, detail, headers=headers)
    return Problem(500, "internal_error", "an unexpected error; see the log")
