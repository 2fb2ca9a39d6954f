"""What the API tells of the causes in a report: problems, their symptoms, incidents."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from signal_pipeline.api.shapes import ClusterModel, State
from signal_pipeline.schemas import Severity


class PlaceModel(BaseModel):
    """Where an entry is: a line of a log, an entry of a HAR, a flow of a capture, or an event."""

    file: str
    line_number: int | None
    line_count: int | None
    entry_index: int | None
    unit: str = Field(description="what is counted: line, entry, flow or event")
    label: str = Field(description="all of it as people read it: `server.log:12-20`, `shop.har entry 3`")


class SymptomModel(BaseModel):
    """What follows from a problem, by error group; `evidence` names the first places."""

    cluster_id: str
    title: str
    service: str
    count: int
    reason: str = Field(description="why it is linked to the problem")
    evidence: list[PlaceModel]


class KnownCauseModel(BaseModel):
    """What the same symptoms followed from in other reports. An offer, not a root."""

    problem_id: UUID
    title: str
    reports: int = Field(description="other reports in which it followed from this")
    seen: int = Field(description="other reports that show what it followed from")
    confidence: float = Field(ge=0, le=1, description="share of these reports; 1 where a verdict decides it")
    decided: str | None = Field(description="who recorded the verdict and when; null for what was counted")


class ReportProblemModel(BaseModel):
    """A cause with the symptoms that follow from it."""

    problem_id: str = Field(
        description="survives re-clustering; for a warning, which has no place in the catalog, a hash"
    )
    title: str
    root_evidence: list[PlaceModel]
    root_service: str = Field(description="file, process, host or service of the root, also where others only name it")
    root_in_evidence: bool = Field(description="false where the files hold only what followed from it")
    error_type: str | None = Field(description="null for a warning")
    severity: Severity | None = Field(description="the worst of the root and its symptoms")
    seen_before: int = Field(description="earlier reports in which it was a cause")
    symptom_seen_before: int = Field(description="earlier reports that have its error at all")
    incidents: int
    symptoms: list[SymptomModel]
    known_causes: list[KnownCauseModel]


class HealthyModel(BaseModel):
    """Who marked a report as one without a fault."""

    by: str
    at: datetime


class UnreadModel(BaseModel):
    """A file that was read in part or not at all."""

    file: str
    outcome: Literal["partial", "failed"]
    reasons: list[str]


class ReportProblemsModel(BaseModel):
    """A report's problems in the order in which a person should read them."""

    report_id: UUID
    state: State
    headline: str
    healthy: HealthyModel | None = Field(description="null unless a person marked the report as one without a fault")
    problems: list[ReportProblemModel]
    background: list[ReportProblemModel] = Field(description="true for what most reports of the same source have")
    unread: list[UnreadModel]


class RootModel(BaseModel):
    """What an incident began with."""

    title: str
    evidence: PlaceModel


class IncidentSymptomModel(BaseModel):
    """Entries of one signature that follow from an incident's root."""

    title: str
    count: int
    reason: str
    strength: float = Field(ge=0, le=1)
    evidence: list[PlaceModel]


class IncidentModel(BaseModel):
    """One time that something went wrong."""

    number: int
    problem_id: str | None
    at: datetime | None
    root: RootModel
    root_service: str
    root_in_evidence: bool
    tries: int
    symptoms: list[IncidentSymptomModel]


class IncidentList(BaseModel):
    """A report's incidents in causal order."""

    report_id: UUID
    items: list[IncidentModel]


class ResultModel(BaseModel):
    """What came out of a report: the headline, its problems, and its worst clusters."""

    report_id: UUID
    headline: str
    verdict: str = Field(deprecated=True, description="the headline, under its former name")
    problems: int = Field(description="how many there are, without background")
    causes: list[ReportProblemModel] = Field(description="the first of them")
    clusters: list[ClusterModel]
    page_url: str
