"""A report's problems with their causes and symptoms: one source for the command line, the API, the page and JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from signal_pipeline.causes.problems import Problem, problems_of
from signal_pipeline.causes.records import EntryRecord, IncidentRecord, SymptomRecord
from signal_pipeline.causes.settings import CauseSettings
from signal_pipeline.causes.wording import described, headline
from signal_pipeline.evidence import Place
from signal_pipeline.reports.headline import unfinished, unread
from signal_pipeline.reports.overview import ReportStatus, report_status
from signal_pipeline.storage.clusterings import current_clustering
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.incidents import (
    KnownCause,
    Seen,
    incidents_of,
    known_causes,
    seen_before,
    usual_places,
)
from signal_pipeline.storage.problems import ProblemRow
from signal_pipeline.storage.problems import problems_of as clusters_of

MAX_ROOT_PLACES = 5


@dataclass(frozen=True)
class ReportProblem:
    """One problem as a triager reads it. `cluster` is None for a root that is not an error (a warning)."""

    found: Problem
    cluster: ProblemRow | None
    symptoms: Sequence[Symptom]
    seen: Seen | None
    known_causes: Sequence[KnownCause]

    @property
    def root(self) -> EntryRecord:
        return self.found.first.root

    @property
    def problem_id(self) -> str:
        """The catalog's id, which survives re-clustering; before there is one, the root's signature."""
        known = None if self.cluster is None else self.cluster.problem_id
        return str(known) if known else self.root.signature

    @property
    def title(self) -> str:
        return described(self.root)

    @property
    def is_background(self) -> bool:
        return self.found.is_background


@dataclass(frozen=True)
class Symptom:
    """What follows from a problem, by cluster: `places` are of the first ones, `reason` says why it belongs."""

    cluster_id: str
    title: str
    service: str
    count: int
    reason: str
    is_felt: bool
    places: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class ReportCauses:
    """`problems` in the order in which a person should read them, background last; `incidents` in causal order."""

    status: ReportStatus
    is_clustered: bool
    incidents: Sequence[IncidentRecord]
    problems: Sequence[ReportProblem]

    @property
    def causes(self) -> list[ReportProblem]:
        return [problem for problem in self.problems if not problem.is_background]

    @property
    def background(self) -> list[ReportProblem]:
        return [problem for problem in self.problems if problem.is_background]

    @property
    def headline(self) -> str:
        """What was not read first, then the first problem in words."""
        if not self.is_clustered:
            return unfinished(self.status)
        before = unread(self.status.files)
        told = headline([problem.found for problem in self.causes], len(self.background), _is_new(self.causes))
        return f"{before} {told}".strip()

    def as_json(self) -> dict[str, Any]:
        names = {str(file.signal_id): file.name for file in self.status.files}
        return {
            "report_id": str(self.status.report_id),
            "state": self.status.state,
            "headline": self.headline,
            "problems": [_problem_json(problem, names) for problem in self.causes],
            "background": [_problem_json(problem, names) for problem in self.background],
            "unread": [
                {"file": file.name, "outcome": file.status, "reasons": file.reasons}
                for file in self.status.files
                if file.status != "ok"
            ],
        }

    def incidents_json(self) -> list[dict[str, Any]]:
        names = {str(file.signal_id): file.name for file in self.status.files}
        return [_incident_json(incident, names) for incident in self.incidents]


def report_causes(database: Database, report_id: UUID, settings: CauseSettings | None = None) -> ReportCauses:
    """ReportUnknown when there is no such report."""
    status = report_status(database, report_id)
    chosen = settings or CauseSettings()
    with database.transaction() as connection:
        is_clustered = current_clustering(connection, report_id) is not None
        incidents = incidents_of(connection, report_id)
        clusters = clusters_of(connection, report_id)
        problems = _problems(connection, report_id, incidents, clusters, chosen)
    return ReportCauses(status, is_clustered, incidents, problems)


def _problems(
    connection: psycopg.Connection,
    report_id: UUID,
    incidents: Sequence[IncidentRecord],
    clusters: Sequence[ProblemRow],
    settings: CauseSettings,
) -> list[ReportProblem]:
    cluster_of = {one: cluster.medoid_hash for cluster in clusters for one in cluster.signature_hashes}
    by_name = {cluster.medoid_hash: cluster for cluster in clusters}
    seen = {one.problem_id: one for one in seen_before(connection, report_id)}
    usual = usual_places(connection, report_id, settings.background_reports, settings.background_share)
    background = {name for name, cluster in by_name.items() if cluster.verdict == "not_a_bug"}
    known = {
        name for name, cluster in by_name.items() if cluster.problem_id in seen and seen[cluster.problem_id].as_cause
    }
    found = problems_of(incidents, cluster_of, background, known, usual)
    told = []
    for problem in found:
        cluster = by_name.get(problem.key)
        problem_id = None if cluster is None else cluster.problem_id
        causes: Sequence[KnownCause] = ()
        if problem_id is not None and not problem.first.in_evidence:
            causes = known_causes(connection, report_id, problem_id)
        told.append(
            ReportProblem(
                problem,
                cluster,
                _symptoms(problem, cluster_of, by_name),
                seen.get(problem_id) if problem_id else None,
                causes,
            )
        )
    return told


def _symptoms(problem: Problem, cluster_of: Mapping[str, str], by_name: Mapping[str, ProblemRow]) -> list[Symptom]:
    """By cluster, in causal order; those of the root's own cluster are tries, not symptoms."""
    groups: dict[str, list[SymptomRecord]] = {}
    for incident in problem.incidents:
        for symptom in incident.symptoms:
            groups.setdefault(cluster_of.get(symptom.entry.signature, symptom.entry.signature), []).append(symptom)
    return [_symptom(name, group, by_name.get(name)) for name, group in groups.items() if name in problem.symptom_keys]


def _symptom(name: str, group: Sequence[SymptomRecord], cluster: ProblemRow | None) -> Symptom:
    first = group[0]
    known = None if cluster is None else cluster.problem_id
    return Symptom(
        cluster_id=str(known) if known else name,
        title=described(first.entry),
        service=first.entry.service,
        count=sum(symptom.count for symptom in group),
        reason=first.reason,
        is_felt=any(symptom.entry.is_felt for symptom in group),
        places=[place for symptom in group for place in symptom.places][:MAX_ROOT_PLACES],
    )


def _is_new(problems: Sequence[ReportProblem]) -> bool:
    return bool(problems) and not problems[0].found.is_known


def _problem_json(problem: ReportProblem, names: Mapping[str, str]) -> dict[str, Any]:
    first = problem.found.first
    return {
        "problem_id": problem.problem_id,
        "title": problem.title,
        "root_evidence": [
            _place_json(incident.root.evidence, names) for incident in problem.found.incidents[:MAX_ROOT_PLACES]
        ],
        "root_service": first.root_service,
        "root_in_evidence": first.in_evidence,
        "error_type": problem.root.error_type,
        "severity": problem.root.severity,
        "seen_before": problem.seen.as_cause if problem.seen else 0,
        "symptom_seen_before": problem.seen.at_all if problem.seen else 0,
        "incidents": len(problem.found.incidents),
        "symptoms": [
            {
                "cluster_id": symptom.cluster_id,
                "title": symptom.title,
                "service": symptom.service,
                "count": symptom.count,
                "reason": symptom.reason,
                "evidence": [_place_json(place, names) for place in symptom.places],
            }
            for symptom in problem.symptoms
        ],
        "known_causes": [
            {
                "problem_id": str(cause.problem_id),
                "title": cause.title,
                "reports": cause.reports,
                "confidence": round(cause.share, 3),
            }
            for cause in problem.known_causes
        ],
    }


def _incident_json(incident: IncidentRecord, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "number": incident.number,
        "at": incident.root.at,
        "root": {"title": described(incident.root), "evidence": _place_json(incident.root.evidence, names)},
        "root_service": incident.root_service,
        "root_in_evidence": incident.in_evidence,
        "tries": incident.tries,
        "symptoms": [
            {
                "title": described(symptom.entry),
                "count": symptom.count,
                "reason": symptom.reason,
                "strength": symptom.strength,
                "evidence": [_place_json(place, names) for place in symptom.places],
            }
            for symptom in incident.symptoms
        ],
    }


def _place_json(place: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    name = names.get(str(place["signal_id"]), str(place["signal_id"]))
    file = Place.of(place, name)
    return {
        "file": file.name,
        "line_number": place["line_number"],
        "line_count": place["line_count"],
        "entry_index": place["entry_index"],
        "label": file.label(),
    }
