"""What the API takes and gives, as pydantic models: the OpenAPI schema is made of these."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from signal_pipeline.schemas import Severity
from signal_pipeline.work_order import WorkOrder

State = Literal["NOT REQUESTED", "PENDING", "RUNNING", "COMPLETED", "FAILED", "CANCELLED", "DEAD"]
# Control characters are no part of any name.
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]*$")]


class Reference(BaseModel):
    """An object that lies in the bucket already."""

    model_config = ConfigDict(extra="forbid")
    key: Annotated[Text, StringConstraints(min_length=1, max_length=1024)] = Field(
        description="the object's key, below API_REFERENCE_PREFIX"
    )
    name: Annotated[Text, StringConstraints(min_length=1, max_length=255)] | None = Field(
        None, description="name of the file as readers see it"
    )


class References(BaseModel):
    """A report whose files lie in the bucket already."""

    model_config = ConfigDict(extra="forbid")
    title: Annotated[Text, StringConstraints(max_length=500)] | None = Field(None, description="what it is about")
    objects: Annotated[list[Reference], Field(min_length=1, max_length=1000)]
    work: WorkOrder | None = Field(None, description="how the report is to be processed")


class AcceptedReport(BaseModel):
    """A report that is stored: from now on it cannot be lost."""

    report_id: UUID
    files: int
    bytes: int
    status_url: str
    page_url: str


class ReportLine(BaseModel):
    """A report in a list."""

    report_id: UUID
    title: str | None
    source: str
    created_at: datetime
    state: State
    progress: int = Field(ge=0, le=100)
    reason: str | None
    finished_at: datetime | None
    clusters: int | None = Field(
        description="clusters that hold more than one signature; null before there is a clustering"
    )
    signatures: int | None
    problems: int | None = Field(description="background left out; null before there are any")
    headline: str | None = Field(description="the headline as it was last computed")


class ReportList(BaseModel):
    """A page of reports, newest first."""

    items: list[ReportLine]
    next_cursor: str | None


class FileLine(BaseModel):
    """What became of a file."""

    signal_id: UUID
    name: str
    outcome: Literal["ok", "partial", "failed"]
    kind: str
    format: str | None
    share_understood: float
    entries: int
    reasons: list[str]
    redactions: dict[str, int]
    duplicate_of: UUID | None


class LogLine(BaseModel):
    """One line of what happened to a report."""

    at: datetime
    source: Literal["intake", "run"]
    text: str
    level: Literal["debug", "info", "warning", "error", "critical"]


class StatusModel(BaseModel):
    """How far a report is."""

    report_id: UUID
    state: State
    progress: int = Field(ge=0, le=100)
    attempt: int
    reason: str | None
    last_error: str | None
    dagster_run_id: str | None
    kind: str | None
    priority: Literal["interactive", "normal", "backfill"] | None
    depends_on: list[UUID] = Field(description="reports that it waits for")
    requested_at: datetime | None
    due_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    files: list[FileLine]
    damaged: list[str] = Field(description="assets whose stored frame is damaged; materializing one makes it again")
    log: list[LogLine] = Field(description="the last lines, oldest first")
    page_url: str
    dagster_url: str | None


class ClusterModel(BaseModel):
    """Equal errors: a cluster, or a signature on its own."""

    label: int
    is_noise: bool
    error_type: str
    severity: Severity
    frequency: int
    template: str
    name: str
    signatures: list[str]
    radius: float
    first_seen: datetime | None
    last_seen: datetime | None
    problem_id: UUID | None
    seen_before: bool
    reports: int
    first_report: UUID | None
    first_reported_at: datetime | None
    first_seen_anywhere: datetime | None
    last_seen_anywhere: datetime | None
    signal_since: datetime | None = Field(
        description="when it was first a signal of business events, if that was before it was in this report"
    )
    nearest_known: list[dict[str, Any]]
    verdict: str | None
    fixed_in: str | None
    seen_after_fix: bool
    evidence: list[dict[str, Any]]


class ClusteringModel(BaseModel):
    """How the current clustering was made."""

    id: UUID
    algorithm: str
    settings: dict[str, Any]
    versions: dict[str, Any]
    signatures: int
    clusters: int
    noise: int


class HeldModel(BaseModel):
    """A re-clustering that waits to be published."""

    id: UUID
    reason: str | None


class ClusterList(BaseModel):
    """A page of a report's clusters, worst first; `known` of them were seen in reports made before."""

    report_id: UUID
    state: State
    clustering: ClusteringModel | None
    held: HeldModel | None
    known: int
    new: int
    items: list[ClusterModel]
    next_cursor: str | None


class TimelineEntry(BaseModel):
    """An entry on the common axis of all files."""

    signal_id: UUID
    ordinal: int
    kind: str
    role: str
    line_number: int | None
    entry_index: int | None
    at: datetime | None
    duration_ms: float | None
    level: str | None
    component: str | None
    message: str
    method: str | None
    url: str | None
    status: int | None
    error_type: str | None
    severity: str | None
    signature_hash: str | None
    incident: int | None
    incident_role: Literal["cause", "request", "follower", "context"] | None
    request_signal_id: UUID | None
    request_ordinal: int | None
    link_confidence: float | None
    link_reason: str | None


class TimelinePage(BaseModel):
    """A page of the timeline, in order of time."""

    report_id: UUID
    items: list[TimelineEntry]
    next_cursor: str | None


class DeadLetterLine(BaseModel):
    """A message or report that failed."""

    id: UUID
    kind: Literal["message", "report"]
    reason: str
    detail: str | None
    report_id: UUID | None
    stream_sequence: int | None
    payload_bytes: int | None
    created_at: datetime
    announced_at: datetime | None
    replayed_at: datetime | None


class DeadLetterDetail(DeadLetterLine):
    """With the message, redacted."""

    payload: str | None = Field(description="the redacted message; null for a report")
    payload_redacted: bool


class DeadLetterList(BaseModel):
    """A page of dead letters, newest first."""

    items: list[DeadLetterLine]
    next_cursor: str | None


class Done(BaseModel):
    """Something was set going."""

    id: UUID
    state: str
