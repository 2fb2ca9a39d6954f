"""What becomes of problems: of one report's when it is clustered otherwise, and of two reports' beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from signal_pipeline.causes.problems import Problem, problems_of
from signal_pipeline.causes.records import IncidentRecord
from signal_pipeline.causes.wording import described
from signal_pipeline.clustering.diff import Change, ClusteringDiff, diff_clusterings
from signal_pipeline.pipeline.cluster import ClusterOutcome
from signal_pipeline.platform.platform import Platform
from signal_pipeline.reports.causes import ReportProblem, corrected_incidents, report_causes
from signal_pipeline.storage.clusterings import members_by_clustering
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.problems import problems_of as clusters_of


@dataclass(frozen=True)
class ProblemChanges:
    """Problems before and after, and what became of them: incidents are what they have in common.

    `titles` name the problems of every change but KEPT.
    """

    before: int
    after: int
    diff: ClusteringDiff
    titles: Sequence[tuple[Change, str]]

    def as_json(self) -> dict[str, Any]:
        changed = [{"change": change.value, "title": title} for change, title in self.titles]
        return {"before": self.before, "after": self.after, "changes": self.diff.counts, "changed": changed}


def problem_changes(
    connection: psycopg.Connection, report_id: UUID, old: Mapping[str, int], new: Mapping[str, int]
) -> ProblemChanges:
    """`old` and `new`: label by signature, negative for one that is alone."""
    incidents = corrected_incidents(connection, report_id, clusters_of(connection, report_id, evidence_of=range(0)))
    before, after = (problems_of(incidents, _names(labels)) for labels in (old, new))
    diff = diff_clusterings(_by_incident(before), _by_incident(after))
    titles = [
        (changed.change, described(_titled(incidents, changed.sample).root))
        for changed in diff.changes
        if changed.change is not Change.KEPT
    ]
    return ProblemChanges(len(before), len(after), diff, titles)


def outcome_changes(database: Database, outcomes: Mapping[UUID, ClusterOutcome]) -> dict[UUID, ProblemChanges]:
    """Against the clustering that each report had before, also for one that is held or was not written."""
    found: dict[UUID, ProblemChanges] = {}
    for report_id, one in outcomes.items():
        new = {member.signature_hash: member.label for member in one.clustered.members}
        with database.transaction() as connection:
            old = {} if one.before is None else members_by_clustering(connection, [one.before.id])[one.before.id]
            found[report_id] = problem_changes(connection, report_id, old, new)
    return found


def _names(labels: Mapping[str, int]) -> dict[str, str]:
    return {signature: str(label) for signature, label in labels.items() if label >= 0}


def _by_incident(problems: Sequence[Problem]) -> dict[str, int | str | None]:
    return {str(one.number): number for number, problem in enumerate(problems) for one in problem.incidents}


def _titled(incidents: Sequence[IncidentRecord], sample: Sequence[str]) -> IncidentRecord:
    numbers = {str(one.number): one for one in incidents}
    return numbers[min(sample, key=int)]


@dataclass(frozen=True)
class ReportsCompared:
    """Problems of two reports, background left out: those of the first alone, of the second alone, and of both."""

    first: Sequence[ReportProblem]
    second: Sequence[ReportProblem]
    both: Sequence[tuple[ReportProblem, ReportProblem]]

    def as_json(self) -> dict[str, Any]:
        return {
            "only_first": [_line(one) for one in self.first],
            "only_second": [_line(one) for one in self.second],
            "both": [
                _line(one) | {"incidents": [len(one.found.incidents), len(other.found.incidents)]}
                for one, other in self.both
            ],
        }


def compare_reports(platform: Platform, first: UUID, second: UUID) -> ReportsCompared:
    """By the ids of problems. ReportUnknown when one of them is not there."""
    ones = {problem.problem_id: problem for problem in report_causes(platform.database, first).causes}
    others = {problem.problem_id: problem for problem in report_causes(platform.database, second).causes}
    return ReportsCompared(
        [problem for id, problem in ones.items() if id not in others],
        [problem for id, problem in others.items() if id not in ones],
        [(problem, others[id]) for id, problem in ones.items() if id in others],
    )


def _line(problem: ReportProblem) -> dict[str, Any]:
    return {
        "problem_id": problem.problem_id,
        "title": problem.title,
        "root_service": problem.found.first.root_service,
        "incidents": len(problem.found.incidents),
    }
