"""A report's problems with their causes and symptoms: one source for the command line, the API, the page and JSON."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from signal_pipeline.causes.corrections import corrected
from signal_pipeline.causes.problems import Problem, problems_of
from signal_pipeline.causes.records import TEMPLATE, EntryRecord, IncidentRecord, SymptomRecord
from signal_pipeline.causes.settings import CauseSettings
from signal_pipeline.causes.wording import described, headline
from signal_pipeline.plural import counted
from signal_pipeline.reports.headline import failed_since, nothing_found, unfinished, unread
from signal_pipeline.reports.known_cause_words import known_causes_in_words
from signal_pipeline.reports.overview import ReportStatus, report_status
from signal_pipeline.schemas import SEVERITIES
from signal_pipeline.storage.clusterings import current_clustering
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.healthy import Healthy, healthy_of
from signal_pipeline.storage.incidents import (
    MAX_ROOT_CHARS,
    Seen,
    incidents_of,
    seen_before,
    usual_places,
    warnings_seen_before,
)
from signal_pipeline.storage.known_causes import KnownCause, decided_causes, known_causes
from signal_pipeline.storage.problems import ProblemRow
from signal_pipeline.storage.problems import problems_of as clusters_of
from signal_pipeline.storage.verdicts import corrections_of

MAX_PLACES = 5


@dataclass(frozen=True)
class ReportProblem:
    """One problem as a triager reads it. `clusters` are those of its root; a warning is in none."""

    found: Problem
    clusters: Sequence[ProblemRow]
    symptoms: Sequence[Symptom]
    seen: Seen | None
    known_causes: Sequence[KnownCause]

    @property
    def root(self) -> EntryRecord:
        return self.found.first.root

    @property
    def problem_id(self) -> str:
        """The catalog's id, which survives re-clustering; before there is one, the root's signature."""
        known = next((cluster.problem_id for cluster in self.clusters if cluster.problem_id), None)
        return str(known) if known else shown_id(self.root.signature)

    @property
    def former_ids(self) -> list[str]:
        """Ids of catalog problems that its clusters hold beside its own: old links lead here."""
        others = {str(one) for cluster in self.clusters for one in cluster.problems}
        return sorted(others - {self.problem_id})

    @property
    def title(self) -> str:
        return described(self.root)

    @property
    def severity(self) -> str | None:
        """The worst of the root and of what follows from it; None where all of them are warnings."""
        entries = [entry for one in self.found.incidents for entry in one.entries]
        return min((entry.severity for entry in entries if entry.severity), key=SEVERITIES.index, default=None)

    @property
    def is_background(self) -> bool:
        return self.found.is_background


@dataclass(frozen=True)
class Symptom:
    """What follows from a problem, by cluster: `places` are of the first ones, `reason` says why it belongs."""

    cluster_id: str
    signature: str
    title: str
    service: str
    count: int
    reason: str
    is_felt: bool
    places: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class ReportCauses:
    """`problems` in the order in which a person should read them, background last; `incidents` in causal order.

    `groups` counts the clusters and the signatures that are in none, `explained` those of them that are in an incident.
    `healthy` is there when a person marked the report as one without a fault.
    """

    status: ReportStatus
    is_clustered: bool
    groups: int
    explained: int
    incidents: Sequence[IncidentRecord]
    problems: Sequence[ReportProblem]
    healthy: Healthy | None = None

    @property
    def causes(self) -> list[ReportProblem]:
        return [problem for problem in self.problems if not problem.is_background]

    @property
    def has_errors(self) -> bool:
        """False where all that is told are warnings, which are no problems by themselves."""
        return any(problem.severity is not None for problem in self.causes)

    @property
    def background(self) -> list[ReportProblem]:
        return [problem for problem in self.problems if problem.is_background]

    @property
    def headline(self) -> str:
        """What was not read and what failed since come first, then the first problem in words."""
        if not self.is_clustered:
            return unfinished(self.status)
        return " ".join(filter(None, (failed_since(self.status), unread(self.status.files), self._found())))

    def _found(self) -> str:
        if self.problems:
            causes, background = self.causes, self.background
            first = headline([one.found for one in causes], [one.found for one in background], _is_new(causes))
            return " ".join(filter(None, (first, known_causes_in_words(causes[0].known_causes) if causes else "")))
        if self.groups:
            return f"{counted(self.groups, 'error group')}; their causes were not sought yet: materialize incidents."
        return nothing_found(self.status)


def report_causes(database: Database, report_id: UUID, settings: CauseSettings | None = None) -> ReportCauses:
    """ReportUnknown when there is no such report."""
    status = report_status(database, report_id)
    chosen = settings or CauseSettings()
    with database.transaction() as connection:
        is_clustered = current_clustering(connection, report_id) is not None
        clusters = clusters_of(connection, report_id, evidence_of=range(0))
        incidents = corrected_incidents(connection, report_id, clusters)
        problems = _problems(connection, report_id, incidents, clusters, chosen)
        healthy = healthy_of(connection, report_id)
    return ReportCauses(
        status, is_clustered, len(clusters), _explained(clusters, incidents), incidents, problems, healthy
    )


def corrected_incidents(
    connection: psycopg.Connection, report_id: UUID, clusters: Sequence[ProblemRow]
) -> list[IncidentRecord]:
    """As they were found, and as people corrected them since."""
    found = incidents_of(connection, report_id)
    corrections = corrections_of(connection)
    if not corrections:
        return found
    names = _cluster_names(clusters)
    known = {one.symptom: symptom for one, symptom, _ in corrections} | {
        one.cause: cause for one, _, cause in corrections
    }
    return corrected(
        found,
        [one for one, _, _ in corrections],
        lambda signature: names.get(signature) or known.get(signature, signature),
    )


def _cluster_names(clusters: Sequence[ProblemRow]) -> dict[str, str]:
    return {one: _name(cluster) for cluster in clusters for one in cluster.signature_hashes}


def _explained(clusters: Sequence[ProblemRow], incidents: Sequence[IncidentRecord]) -> int:
    have = {one.root.signature for one in incidents}
    have |= {symptom.entry.signature for one in incidents for symptom in one.symptoms}
    return sum(not have.isdisjoint(cluster.signature_hashes) for cluster in clusters)


def _problems(
    connection: psycopg.Connection,
    report_id: UUID,
    incidents: Sequence[IncidentRecord],
    clusters: Sequence[ProblemRow],
    settings: CauseSettings,
) -> list[ReportProblem]:
    cluster_of = _cluster_names(clusters)
    by_name: dict[str, list[ProblemRow]] = {}
    for cluster in clusters:
        by_name.setdefault(_name(cluster), []).append(cluster)
    seen = {str(one.problem_id): one for one in seen_before(connection, report_id)}
    warned = warnings_seen_before(connection, report_id)
    for root in {incident.root.signature for incident in incidents}:
        if count := warned.get(root[:MAX_ROOT_CHARS]):
            seen[root] = Seen(None, as_cause=count, at_all=count)
    usual = usual_places(connection, report_id, settings.background_reports, settings.background_share)
    background = {name for name, group in by_name.items() if all(one.verdict == "not_a_bug" for one in group)}
    known = {name for name, one in seen.items() if one.as_cause}
    known |= {name for name, group in by_name.items() if any(one.signal_since for one in group)}
    found = problems_of(incidents, cluster_of, background, known, usual)
    return [_report_problem(connection, report_id, problem, cluster_of, by_name, seen) for problem in found]


def _name(cluster: ProblemRow) -> str:
    """Clusters that are the same problem in the catalog, as by a verdict, are one here too."""
    return str(cluster.problem_id) if cluster.problem_id else cluster.medoid_hash


def _report_problem(
    connection: psycopg.Connection,
    report_id: UUID,
    problem: Problem,
    cluster_of: Mapping[str, str],
    by_name: Mapping[str, Sequence[ProblemRow]],
    seen: Mapping[str, Seen],
) -> ReportProblem:
    names = dict.fromkeys(cluster_of.get(one.root.signature, one.root.signature) for one in problem.incidents)
    clusters = [cluster for name in names for cluster in by_name.get(name, ())]
    problem_id = next((cluster.problem_id for cluster in clusters if cluster.problem_id), None)
    causes: list[KnownCause] = []
    if problem_id is not None:
        causes = decided_causes(connection, [problem_id])[problem_id]
        causes = [cause for cause in causes if str(cause.problem_id) not in by_name]
        if not problem.first.in_evidence:
            causes += known_causes(connection, report_id, problem_id)
    symptoms = _symptoms(problem, cluster_of)
    return ReportProblem(problem, clusters, symptoms, seen.get(str(problem_id or problem.first.root.signature)), causes)


def _symptoms(problem: Problem, cluster_of: Mapping[str, str]) -> list[Symptom]:
    """By cluster, in causal order; those of the root's own cluster are tries, not symptoms."""
    groups: dict[str, list[SymptomRecord]] = {}
    for incident in problem.incidents:
        for symptom in incident.symptoms:
            groups.setdefault(cluster_of.get(symptom.entry.signature, symptom.entry.signature), []).append(symptom)
    return [_symptom(name, group) for name, group in groups.items() if name in problem.symptom_keys]


def _symptom(name: str, group: Sequence[SymptomRecord]) -> Symptom:
    first = group[0]
    return Symptom(
        cluster_id=shown_id(name),
        signature=first.entry.signature,
        title=described(first.entry),
        service=first.entry.service,
        count=sum(symptom.count for symptom in group),
        reason=first.reason,
        is_felt=any(symptom.entry.is_felt for symptom in group),
        places=[place for symptom in group for place in symptom.places][:MAX_PLACES],
    )


def shown_id(name: str) -> str:
    """The name itself, or a hash of the template of what has no signature: it stands in links."""
    return hashlib.sha256(name.encode()).hexdigest() if name.startswith(TEMPLATE) else name


def _is_new(problems: Sequence[ReportProblem]) -> bool:
    return bool(problems) and not problems[0].found.is_known
