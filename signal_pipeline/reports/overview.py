"""A report as readers see it: state, files, problems. One source for the command line's tables and its JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from signal_pipeline.errors import ReportUnknown, SignatureUnknown
from signal_pipeline.storage.clusterings import ClusteringRow, clusterings_of
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.intake import IntakeStatus, statuses
from signal_pipeline.storage.outcomes import FileOutcome, outcomes_of
from signal_pipeline.storage.problems import ProblemRow, problems_of
from signal_pipeline.storage.reports import report_exists
from signal_pipeline.work_order import Priority

FINAL_STATES = ("COMPLETED", "CANCELLED", "DEAD")


@dataclass(frozen=True)
class ReportStatus:
    """The newest request for the report, and what became of each file. `request` is None before the first message."""

    report_id: UUID
    request: IntakeStatus | None
    files: list[FileOutcome]

    @property
    def state(self) -> str:
        return self.request.state if self.request else "NOT REQUESTED"

    @property
    def is_final(self) -> bool:
        return self.state in FINAL_STATES

    def as_json(self) -> dict[str, Any]:
        request = self.request
        return {
            "report_id": str(self.report_id),
            "state": self.state,
            "progress": request.progress if request else 0,
            "attempt": request.attempt if request else 0,
            "reason": request.reason if request else None,
            "last_error": request.last_error if request else None,
            "dagster_run_id": request.dagster_run_id if request else None,
            "kind": request.kind if request else None,
            "priority": Priority(request.priority).name if request else None,
            "depends_on": [str(report) for report in request.depends_on] if request else [],
            "requested_at": _iso(request.created_at) if request else None,
            "due_at": _iso(request.due_at) if request else None,
            "started_at": _iso(request.started_at) if request else None,
            "finished_at": _iso(request.finished_at) if request else None,
            "files": [
                {
                    "signal_id": str(file.signal_id),
                    "name": file.name,
                    "outcome": file.status,
                    "kind": file.kind,
                    "format": file.format,
                    "share_understood": round(file.share_understood, 4),
                    "entries": file.entries,
                    "reasons": file.reasons,
                    "redactions": file.redactions,
                    "duplicate_of": str(file.duplicate_of) if file.duplicate_of else None,
                }
                for file in self.files
            ],
        }


@dataclass(frozen=True)
class ReportProblems:
    """The report's current clustering; `clustering` is None before there is one. `held` is not published yet."""

    status: ReportStatus
    clustering: ClusteringRow | None
    problems: list[ProblemRow]
    held: ClusteringRow | None = None

    @property
    def known(self) -> int:
        """How many of the problems a report that was made before this one has."""
        return sum(problem.is_known for problem in self.problems)

    @property
    def known_since(self) -> datetime | None:
        return known_since(self.problems)

    def as_json(self) -> dict[str, Any]:
        head = self.clustering
        return {
            "report_id": str(self.status.report_id),
            "state": self.status.state,
            "clustering": None
            if head is None
            else {
                "id": str(head.id),
                "algorithm": head.algorithm,
                "settings": head.settings,
                "versions": head.versions,
                "signatures": head.signatures,
                "clusters": head.clusters,
                "noise": head.noise,
            },
            "held": None if self.held is None else {"id": str(self.held.id), "reason": self.held.held_reason},
            "known": self.known,
            "new": len(self.problems) - self.known,
            "clusters": [_problem_json(problem) for problem in self.problems],
        }


def known_since(problems: Iterable[ProblemRow]) -> datetime | None:
    """When the first report was made that had one of these problems before, or when it was first a signal of events."""
    times = (one.signal_since or one.first_reported_at for one in problems if one.is_known)
    return min((time for time in times if time is not None), default=None)


def report_status(database: Database, report_id: UUID) -> ReportStatus:
    """ReportUnknown when there is no such report."""
    with database.transaction() as connection:
        return _status(connection, report_id)


def _status(connection: psycopg.Connection, report_id: UUID) -> ReportStatus:
    if not report_exists(connection, report_id):
        raise ReportUnknown(f"report {report_id} is not in the database")
    requests = statuses(connection, report_id)
    return ReportStatus(report_id, requests[0] if requests else None, outcomes_of(connection, report_id))


def report_problems(database: Database, report_id: UUID, *, evidence_of: range | None = None) -> ReportProblems:
    """`evidence_of`: places in the list of problems whose evidence is read; by default all."""
    with database.transaction() as connection:
        status = _status(connection, report_id)
        kept = clusterings_of(connection, report_id)
        current = next((head for head, is_current, _ in kept if is_current), None)
        held = next((head for head, _, _ in kept if head.held_reason is not None), None)
        return ReportProblems(status, current, problems_of(connection, report_id, evidence_of=evidence_of), held)


def signature_numbered(database: Database, report_id: UUID, number: int) -> str:
    """The signature that stands for the problem with this number (from 1) in the list; SignatureUnknown otherwise."""
    problems = report_problems(database, report_id).problems
    if not 1 <= number <= len(problems):
        raise SignatureUnknown(f"report {report_id} has no problem number {number}; it has {len(problems)}")
    return problems[number - 1].medoid_hash


def _problem_json(problem: ProblemRow) -> dict[str, Any]:
    return {
        "label": problem.label,
        "is_noise": problem.label == -1,
        "error_type": problem.error_type,
        "severity": problem.severity,
        "frequency": problem.frequency,
        "template": problem.title,
        "name": problem.label_terms,
        "signatures": problem.signature_hashes,
        "radius": round(problem.radius, 4),
        "first_seen": _iso(problem.first_seen),
        "last_seen": _iso(problem.last_seen),
        "problem_id": str(problem.problem_id) if problem.problem_id else None,
        "seen_before": problem.is_known,
        "reports": problem.reports,
        "first_report": str(problem.first_report_id) if problem.first_report_id else None,
        "first_reported_at": _iso(problem.first_reported_at),
        "first_seen_anywhere": _iso(problem.first_seen_anywhere),
        "last_seen_anywhere": _iso(problem.last_seen_anywhere),
        "signal_since": _iso(problem.signal_since),
        "nearest_known": problem.nearest,
        "verdict": problem.verdict,
        "fixed_in": problem.fixed_in,
        "seen_after_fix": problem.seen_after_fix,
        "evidence": problem.evidence,
    }


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
