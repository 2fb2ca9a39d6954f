"""Why a signature is where it is: distances, what texts share and differ in, who was nearest but left out, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
import psycopg

from signal_pipeline.catalog.placement import NEIGHBOURS
from signal_pipeline.clustering.constraints import Constraints
from signal_pipeline.clustering.describe import differing_tokens, shared_template
from signal_pipeline.clustering.rejection import Facts, reasons_apart
from signal_pipeline.clustering.settings import ClusterSettings
from signal_pipeline.clustering.wording import wordings
from signal_pipeline.errors import SignatureUnknown
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.catalog import SignatureFacts, facts_of, members_of_problems, members_with
from signal_pipeline.storage.explained import (
    PlacedCard,
    SignatureCard,
    mates,
    placed_card,
    problem_card,
    signature_card,
)
from signal_pipeline.storage.lookup import problem_of, signature_named
from signal_pipeline.storage.neighbours import nearest_signatures
from signal_pipeline.storage.report_signatures import signatures_of_one
from signal_pipeline.storage.verdicts import Verdict, constraints_of, verdicts_of

MEMBERS_SHOWN = 20
MEMBERS_READ = 200


@dataclass(frozen=True)
class MemberView:
    """A member of the same group: its distance to the medoid, and the words of it that the others do not have."""

    signature_hash: str
    template: str
    distance_to_medoid: float
    differing: list[str]
    is_medoid: bool


@dataclass(frozen=True)
class RejectedView:
    """The nearest signature that is not in the group, and all that keeps it out."""

    signature_hash: str
    template: str
    distance: float
    reasons: list[str]


@dataclass(frozen=True)
class GroupView:
    """A cluster of a report, or a problem of the catalog, seen from one signature."""

    name: str
    facts: dict[str, Any]
    threshold: float
    distance_to_medoid: float
    shared: str
    differing: list[str]
    size: int
    members: list[MemberView]
    rejected: RejectedView | None


@dataclass(frozen=True)
class Explanation:
    """`report` is None without one that has the signature; `catalog` before it is placed."""

    card: SignatureCard
    report: GroupView | None
    catalog: GroupView | None
    verdicts: list[Verdict]


def explain(platform: Platform, typed: str, report_id: UUID | None) -> Explanation:
    """`typed`: a hash, the beginning of one, or a problem's id. SignatureUnknown when there is none such."""
    with platform.database.transaction() as connection:
        signature = signature_named(connection, typed)
        card = signature_card(connection, signature)
        if card is None:
            raise SignatureUnknown(f"signature {signature[:12]} is in no report now")
        constraints = constraints_of(connection)
        report = None
        if report_id is not None:
            placed = placed_card(connection, report_id, signature)
            if placed is None:
                raise SignatureUnknown(f"report {report_id} has no signature {signature[:12]} in its clusters")
            report = _in_report(connection, report_id, signature, placed, constraints)
        decided = [one for one in verdicts_of(connection) if signature in (one.signature_hash, one.other_hash)]
        return Explanation(card, report, _in_catalog(connection, signature, constraints), decided)


def _in_report(
    connection: psycopg.Connection, report_id: UUID, signature: str, placed: PlacedCard, constraints: Constraints
) -> GroupView:
    rows = {row.signature_hash: row for row in signatures_of_one(connection, report_id)}
    texts = dict(zip(rows, wordings([row.template for row in rows.values()]), strict=True))
    settings = ClusterSettings(**placed.settings)
    facts = {
        key: Facts(key, row.error_type, row.exception_class, row.template, texts[key]) for key, row in rows.items()
    }
    vectors = {key: row.vector for key, row in rows.items()}
    members = [(signature, 0.0, True)] if placed.label < 0 else mates(connection, placed.clustering_id, placed.label)
    members = [one for one in members if one[0] in facts]
    rejected = None
    other = placed.nearest_other_hash
    if other in facts and placed.nearest_other_distance is not None:
        other_label = placed_card(connection, report_id, other)
        company = (
            []
            if other_label is None or other_label.label < 0
            else [key for key, *_ in mates(connection, placed.clustering_id, other_label.label) if key in vectors]
        )
        rejected = _rejected(
            facts[signature], facts[other], placed.nearest_other_distance, settings, constraints, vectors, company
        )
    return _view(
        "alone in this report" if len(members) < 2 else f"cluster {placed.label} of this report",
        {
            "report_id": str(report_id),
            "clustering": str(placed.clustering_id),
            "algorithm": placed.algorithm,
            "settings": placed.settings,
            "versions": placed.versions,
            "clustered_at": placed.created_at.isoformat(),
        },
        settings,
        signature,
        [(key, distance, first, facts[key].template) for key, distance, first in members],
        rejected,
    )


def _in_catalog(connection: psycopg.Connection, signature: str, constraints: Constraints) -> GroupView | None:
    problem_id = problem_of(connection, signature)
    if problem_id is None:
        return None
    found, title, label, size, radius, medoid, created_at = problem_card(connection, problem_id)
    near = nearest_signatures(connection, [signature], NEIGHBOURS)[signature]
    places = members_with(connection, [signature, *(one.signature_hash for one in near)])
    outside = next(
        (o for o in near if o.signature_hash in places and places[o.signature_hash].problem_id != found), None
    )
    mine = {m.signature_hash for m in members_of_problems(connection, [found], MEMBERS_READ)} | {signature, medoid}
    theirs: set[str] = set()
    if outside is not None:
        other = places[outside.signature_hash].problem_id
        theirs = {m.signature_hash for m in members_of_problems(connection, [other], MEMBERS_READ)}
        theirs |= {outside.signature_hash}
    rows = {fact.signature_hash: fact for fact in facts_of(connection, sorted(mine | theirs))}
    facts = _facts(list(rows.values()))
    vectors = {key: row.vector for key, row in rows.items()}
    settings = ClusterSettings()
    if medoid not in vectors:
        medoid = signature  # no report has it just now
    members = sorted(
        (key != medoid, _distance(vectors[key], vectors[medoid]), key)
        for key in mine
        if key in vectors and medoid in vectors
    )
    rejected = None
    if outside is not None and outside.signature_hash in facts:
        rejected = _rejected(
            facts[signature],
            facts[outside.signature_hash],
            outside.distance,
            settings,
            constraints,
            vectors,
            [key for key in theirs if key in vectors],
        )
    return _view(
        title,
        {"problem_id": str(found), "label": label, "radius": round(radius, 4), "since": created_at.isoformat()},
        settings,
        signature,
        [(key, distance, not other, facts[key].template) for other, distance, key in members],
        rejected,
        size=size,
    )


def _facts(rows: Sequence[SignatureFacts]) -> dict[str, Facts]:
    texts = wordings([row.template for row in rows])
    return {
        row.signature_hash: Facts(row.signature_hash, row.error_type, row.exception_class, row.template, text)
        for row, text in zip(rows, texts, strict=True)
    }


def _rejected(
    one: Facts,
    other: Facts,
    distance: float,
    settings: ClusterSettings,
    constraints: Constraints,
    vectors: dict[str, np.ndarray[Any, Any]],
    company: Sequence[str],
) -> RejectedView:
    own = vectors[one.signature_hash]
    farthest = max((_distance(own, vectors[key]) for key in company), default=None)
    reasons = reasons_apart(one, other, distance, settings, constraints, farthest=farthest)
    return RejectedView(other.signature_hash, other.template, round(distance, 4), reasons)


def _distance(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> float:
    return float(np.clip(1 - float(one @ other), 0, 2))


def _view(
    name: str,
    facts: dict[str, Any],
    settings: ClusterSettings,
    signature: str,
    members: Sequence[tuple[str, float, bool, str]],
    rejected: RejectedView | None,
    *,
    size: int | None = None,
) -> GroupView:
    """`members`: hash, distance to the medoid, whether it is the medoid, template; the medoid first."""
    shared = shared_template([template for *_, template in members])
    views = [
        MemberView(key, template, round(distance, 4), differing_tokens(shared, template), first)
        for key, distance, first, template in members
    ]
    own = next(view for view in views if view.signature_hash == signature)
    return GroupView(
        name=name,
        facts=facts,
        threshold=settings.limit,
        distance_to_medoid=own.distance_to_medoid,
        shared=shared,
        differing=own.differing,
        size=len(members) if size is None else size,
        members=views[:MEMBERS_SHOWN],
        rejected=rejected,
    )
