"""What the API tells of a problem of the catalog."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from signal_pipeline.api.cause_shapes import KnownCauseModel
from signal_pipeline.storage.verdicts import Kind


class KnownSymptomModel(BaseModel):
    """A problem of the catalog that follows from another one."""

    problem_id: UUID
    title: str
    reports: int
    incidents: int


class ListedProblemModel(BaseModel):
    """A problem that was the cause of something, over all reports, or that signals of business events say."""

    id: UUID
    title: str
    label: str = Field(description="distinctive terms")
    error_type: str
    medoid_hash: str = Field(description="the signature that represents it")
    signatures: int
    reports: int = Field(description="reports in which it was a cause")
    incidents: int = Field(description="how often it was one, in all reports")
    frequency: int = Field(description="its own errors, whether cause or symptom")
    signals: int = Field(description="signals of business events that say it")
    first_seen: datetime | None
    last_seen: datetime | None
    verdict: Kind | None
    fixed_in: str | None
    symptoms: list[KnownSymptomModel] = Field(description="what follows from it, the most frequent first")


class ListedProblems(BaseModel):
    """A page of problems, those in the most reports first."""

    items: list[ListedProblemModel]
    next_cursor: str | None


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
    signals: int = Field(description="signals of business events that say it")
    first_seen: datetime | None
    last_seen: datetime | None
    verdict: Kind | None
    fixed_in: str | None
    is_cause: bool = Field(description="false for what is only ever a symptom, which is not a problem of its own")
    symptoms: list[KnownSymptomModel] = Field(description="what follows from it")
    causes: list[KnownCauseModel] = Field(description="what it follows from")
    items: list[ReportWithProblemModel]
    next_cursor: str | None
