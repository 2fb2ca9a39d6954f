"""What the API tells of a problem of the catalog."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from signal_pipeline.storage.verdicts import Kind


class ReportWithProblemModel(BaseModel):
    """A report that has the problem; counts and times are those of this report."""

    report_id: UUID
    title: str | None
    source: str
    created_at: datetime
    frequency: int
    first_seen: datetime | None
    last_seen: datetime | None


class KnownProblemModel(BaseModel):
    """A problem across all reports; `items` is a page of those that have it, newest first."""

    id: UUID = Field(description="the current id; differs from the requested one if that was merged into it")
    title: str
    label: str = Field(description="distinctive terms")
    error_type: str
    signatures: int
    medoid_hash: str = Field(description="the signature that represents it")
    reports: int
    frequency: int
    first_seen: datetime | None
    last_seen: datetime | None
    verdict: Kind | None
    fixed_in: str | None
    items: list[ReportWithProblemModel]
    next_cursor: str | None
