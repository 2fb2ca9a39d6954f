"""Requests and responses of the API for re-clusterings, deletions, verdicts and search."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from signal_pipeline.api.cause_shapes import KnownCauseModel
from signal_pipeline.api.shapes import Text
from signal_pipeline.schemas import Severity
from signal_pipeline.settings import ClusterAlgorithm

VerdictWord = Literal["same", "not_same", "not_a_bug", "fixed", "caused_by"]
ChangeWord = Literal["kept", "grown", "shrunk", "merged", "split", "new", "vanished"]
SignatureText = Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F-]{6,64}$")]


class FoundModel(BaseModel):
    """A signature that was found. `places`: its place in each list that has it, from 1."""

    signature: str
    problem_id: UUID | None
    symptom_of: list[KnownCauseModel] = Field(description="its problems, where it is only ever a symptom")
    error_type: str
    severity: Severity
    exception_class: str | None
    template: str
    frequency: int
    reports: int
    signals: int = Field(description="signals of business events that say it")
    first_seen: datetime | None
    last_seen: datetime | None
    score: float
    places: dict[str, int]
    distance: float | None = Field(description="cosine distance to the text; null where only keywords matched")


class FoundList(BaseModel):
    """Best first. Ranks are relative to this query, so there are no further pages: raise `limit` instead."""

    items: list[FoundModel]


class Cancelled(BaseModel):
    """What was cancelled; `were` has the earlier states."""

    report_id: UUID
    cancelled: int
    were: list[str]


class PlaceModel(BaseModel):
    """What was removed from a place and what is left there; null where it could not be checked."""

    place: str
    removed: int
    left: int | None


class DeletionModel(BaseModel):
    """`deleting`: rows, vectors and files are going. `erased`: only Dagster's part is left. `finished`: nothing is."""

    report_id: UUID
    state: Literal["deleting", "erased", "finished"]
    places: list[PlaceModel]


class DeletionAsked(BaseModel):
    """From now on nothing new is started for the report."""

    report_id: UUID
    state: Literal["deleting"]
    proof_url: str


class ReclusterWish(BaseModel):
    """Settings of a re-clustering; omitted fields are as in the server's settings."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)
    algorithm: ClusterAlgorithm | None = None
    threshold: float | None = Field(
        None, gt=0, le=2, description="cosine distance up to which signatures are joined; for calibrated the radius"
    )
    min_samples: int | None = Field(None, ge=1, le=100, description="signatures that make a cluster of dbscan")
    dry_run: bool = Field(False, description="report what would change without writing anything")
    hold: bool = Field(False, description="keep it beside the current one until it is published")


class ChangedModel(BaseModel):
    """One change: numbers of the clusters before and after, members, and some of their signatures."""

    change: ChangeWord
    old: list[int | str]
    new: list[int | str]
    members: int
    sample: list[str]


class ChangedProblemModel(BaseModel):
    """A problem that is another one than before."""

    change: ChangeWord
    title: str


class ProblemChangesModel(BaseModel):
    """What becomes of the report's problems."""

    before: int
    after: int
    changes: dict[ChangeWord, int]
    changed: list[ChangedProblemModel]


class ReclusterModel(BaseModel):
    """What a re-clustering made, or would make, against the one that was current."""

    report_id: UUID
    dry_run: bool
    settings: dict[str, Any]
    clustering: UUID
    before: UUID | None
    published: bool
    held_reason: str | None
    signatures: int
    clusters: int
    noise: int
    quality: dict[str, Any]
    warnings: list[str]
    changes: dict[ChangeWord, int] = Field(description="of clusters")
    samples: list[ChangedModel]
    problems: ProblemChangesModel


class VerdictWish(BaseModel):
    """A decision. `same`, `not_same` and `caused_by` take two signatures; `fixed` says in which version."""

    model_config = ConfigDict(extra="forbid")
    kind: VerdictWord
    signature: SignatureText = Field(description="a signature's hash or a prefix of it, or a problem's id")
    other: SignatureText | None = Field(
        None, description="the other one, for same and not_same; what it followed from, for caused_by"
    )
    report_id: UUID | None = Field(
        None, description="take ids of problems and symptoms (`problem_id`, `cluster_id`) as this report has them"
    )
    fixed_in: Annotated[Text, StringConstraints(min_length=1, max_length=200)] | None = None
    note: Annotated[Text, StringConstraints(max_length=1000)] | None = None

    @model_validator(mode="after")
    def fits_its_kind(self) -> VerdictWish:
        if (self.kind in ("same", "not_same", "caused_by")) != (self.other is not None):
            raise ValueError("`other` is required with same, not_same and caused_by and not allowed with the others")
        if (self.kind == "fixed") != (self.fixed_in is not None):
            raise ValueError("`fixed_in` is required with fixed and not allowed with the others")
        return self


class VerdictModel(BaseModel):
    """A decision, who made it and when; a removed one is kept with who removed it."""

    id: int
    kind: VerdictWord
    signature: str
    other: str | None
    fixed_in: str | None
    note: str | None
    created_by: str
    created_at: datetime
    removed_by: str | None
    removed_at: datetime | None


class DecidedModel(VerdictModel):
    """With what it changed in the catalog, and how many reports have both signatures."""

    signatures_moved: int
    reports_with_both: int


class VerdictList(BaseModel):
    """A page of verdicts, oldest first."""

    items: list[VerdictModel]
    next_cursor: str | None
