"""What the API gives of work as a whole, as pydantic models."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from signal_pipeline.api.shapes import State


class ProcessedRequest(BaseModel):
    """A request that was due."""

    report_id: UUID
    state: State
    reason: str | None


class ProcessedModel(BaseModel):
    """What became of the requests that were due."""

    processed: int = Field(description="completed")
    failed: int = Field(description="dead or cancelled")
    waiting: int = Field(description="not ended when the wait was over; they go on")
    reports: list[ProcessedRequest]


class CleanedUpModel(BaseModel):
    """What a clean-up deleted."""

    deleted: int
    left: int = Field(description="reports of that age that are still there; call again")


class QueueModel(BaseModel):
    """What waits and what runs."""

    pending: int
    due: int
    running: int
    lag_seconds: float = Field(description="how long the oldest due request has waited")
    dead_letters: int


class ActivityModel(BaseModel):
    """What happened within the last hour."""

    last_at: datetime | None
    completed: int
    failed: int


class AttemptModel(BaseModel):
    """An attempt in progress."""

    report_id: UUID
    attempt: int
    progress: int
    started_at: datetime | None
    lease_seconds: float
    dagster_run_id: str | None


class RunModel(BaseModel):
    """A Dagster run that has not ended."""

    run_id: str
    job: str
    status: str
    created_at: datetime


class StageModel(BaseModel):
    """Times of a step, of the last 100 reports."""

    stage: str
    count: int
    average_seconds: float
    p50_seconds: float
    p95_seconds: float


class StatusOfAll(BaseModel):
    """The state of the installation, as the operator's page shows it."""

    health: Literal["healthy", "degraded", "unhealthy"]
    findings: list[str]
    queue: QueueModel
    last_hour: ActivityModel
    attempts: list[AttemptModel]
    runs: list[RunModel] | None = Field(description="null when Dagster's database does not respond")
    stages: list[StageModel]
    failures: dict[str, int] = Field(description="reasons of failed attempts within the last day")
    error_types: dict[str, int] = Field(description="signatures by error type")
    sizes: dict[str, int]
    database_bytes: int
