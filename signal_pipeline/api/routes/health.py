"""Health and metrics, for programs that poll every few seconds."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any, Literal

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry
from pydantic import BaseModel, Field

from signal_pipeline.api.context import Reader
from signal_pipeline.api.metrics import text_of
from signal_pipeline.api.watch import HealthWatch
from signal_pipeline.operations.health import Health

router = APIRouter(tags=["health"])


class Alive(BaseModel):
    """This process responds."""

    status: Literal["alive"]


class HealthModel(BaseModel):
    """The pipeline's health. Reasons and numbers need the scope `read`."""

    state: Literal["healthy", "degraded", "unhealthy"]
    ready: bool
    uptime_seconds: float
    age_seconds: float | None = Field(None, description="seconds since the last check; null before the first")
    reasons: list[str] | None = None
    dependencies: dict[str, dict[str, Any]] | None = None
    queue: dict[str, float] | None = None
    last_activity_at: str | None = None
    completed_last_hour: int | None = None
    failed_last_hour: int | None = None
    checked_at: str | None = None


_RESPONSES: dict[int | str, dict[str, Any]] = {503: {"model": HealthModel, "description": "Not ready, or unhealthy"}}


@router.get("/health/live", response_model=Alive, summary="Whether this process responds; checks no dependency")
async def live() -> dict[str, str]:
    return {"status": "alive"}


@router.get(
    "/health/ready", response_model=HealthModel, responses=_RESPONSES, summary="Whether reports can be accepted"
)
async def ready(request: Request) -> Response:
    health, body = await _health_body(request)
    return JSONResponse(body, 200 if health.is_ready else 503)


@router.get("/health", response_model=HealthModel, responses=_RESPONSES, summary="The pipeline's health, with reasons")
async def health(request: Request) -> Response:
    found, body = await _health_body(request)
    return JSONResponse(body, 503 if found.state == "unhealthy" else 200)


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request, _: Reader) -> Response:
    registry: CollectorRegistry = request.app.state.registry
    return Response(await run_sync(text_of, registry), media_type=CONTENT_TYPE_LATEST)


async def _health_body(request: Request) -> tuple[Health, dict[str, Any]]:
    watch: HealthWatch = request.app.state.watch
    found = await watch.health()
    body: dict[str, Any] = {
        "state": found.state,
        "ready": found.is_ready,
        "uptime_seconds": round(time.monotonic() - watch.began, 1),
        "age_seconds": None if (age := watch.age()) is None else round(age, 1),
    }
    if request.state.identity is not None:
        recent = found.activity
        body |= {
            "reasons": found.reasons,
            "dependencies": {name: asdict(one) for name, one in found.dependencies.items()},
            "queue": None if found.queue is None else asdict(found.queue),
            "last_activity_at": recent.last_at.isoformat() if recent and recent.last_at else None,
            "completed_last_hour": recent.completed if recent else None,
            "failed_last_hour": recent.failed if recent else None,
            "checked_at": found.at.isoformat(),
        }
    return found, body
