"""What changed between two clusterings of a report, and the clusterings that are kept of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from signal_pipeline.clustering.diff import Change, ClusteringDiff, diff_clusterings
from signal_pipeline.clustering.quality import with_singles
from signal_pipeline.clustering.settings import ClusterSettings
from signal_pipeline.errors import ReportUnknown
from signal_pipeline.pipeline.cluster import ClusterOutcome
from signal_pipeline.platform.platform import Platform
from signal_pipeline.reports.problem_changes import ProblemChanges, problem_changes
from signal_pipeline.storage.clusterings import ClusteringRow, clusterings_of, members_by_clustering
from signal_pipeline.storage.reports import report_exists
from signal_pipeline.storage.search import rows_of


@dataclass(frozen=True)
class Compared:
    """`old` and `new` in the form of `kept_clusterings`; templates of the samples by signature."""

    old: dict[str, Any]
    new: dict[str, Any]
    diff: ClusteringDiff
    templates: dict[str, str]
    problems: ProblemChanges


def kept_clusterings(platform: Platform, report_id: UUID) -> list[dict[str, Any]]:
    """All of a report, newest first."""
    with platform.database.transaction() as connection:
        if not report_exists(connection, report_id):
            raise ReportUnknown(f"report {report_id} is not in the database")
        return [_row(*one) for one in clusterings_of(connection, report_id)]


def compare(platform: Platform, report_id: UUID, old: str | None, new: str | None) -> Compared:
    """By the beginnings of their ids; by default the newest that is not current, and the current one.

    ReportUnknown when there is no such clustering.
    """
    rows = kept_clusterings(platform, report_id)
    newer = _named(rows, new) if new else next((row for row in rows if row["state"] == "current"), None)
    if newer is None:
        raise ReportUnknown(f"report {report_id} has no clusters yet")
    older = _named(rows, old) if old else next((row for row in rows if row["id"] != newer["id"]), None)
    if older is None:
        raise ReportUnknown(f"report {report_id} has one clustering only; nothing to compare it with")
    with platform.database.transaction() as connection:
        members = members_by_clustering(connection, [UUID(older["id"]), UUID(newer["id"])])
        diff = diff_clusterings(with_singles(members[UUID(older["id"])]), with_singles(members[UUID(newer["id"])]))
        samples = {key for change in diff.changes if change.change is not Change.KEPT for key in change.sample}
        templates = {key: row.template for key, row in rows_of(connection, sorted(samples)).items()}
        problems = problem_changes(connection, report_id, members[UUID(older["id"])], members[UUID(newer["id"])])
    return Compared(older, newer, diff, templates, problems)


def _named(rows: list[dict[str, Any]], beginning: str) -> dict[str, Any]:
    found = [row for row in rows if row["id"].startswith(beginning.lower())]
    if len(found) != 1:
        raise ReportUnknown(f"{len(found)} clusterings of this report begin with {beginning[:40]!r}; see --list")
    return found[0]


def _row(head: ClusteringRow, is_current: bool, created_at: datetime) -> dict[str, Any]:
    state = "current" if is_current else f"held: {head.held_reason}" if head.held_reason else "kept"
    return {
        "id": str(head.id),
        "created_at": created_at.isoformat(),
        "algorithm": head.algorithm,
        "threshold": ClusterSettings(**head.settings).limit,
        "settings": head.settings,
        "versions": head.versions,
        "signatures": head.signatures,
        "clusters": head.clusters,
        "noise": head.noise,
        "quality": head.quality,
        "state": state,
    }


def changes_json(outcomes: Iterable[ClusterOutcome]) -> dict[str, int]:
    """Sums over all reports."""
    totals = Counter({change.value: 0 for change in Change})
    for one in outcomes:
        totals.update(one.diff.counts)
    return dict(totals)


def outcome_json(report_id: UUID, one: ClusterOutcome, problems: ProblemChanges) -> dict[str, Any]:
    return {
        "report_id": str(report_id),
        "clustering": str(one.head.id),
        "before": str(one.before.id) if one.before else None,
        "published": one.is_published,
        "held_reason": one.head.held_reason,
        "signatures": one.head.signatures,
        "clusters": one.head.clusters,
        "noise": one.head.noise,
        "quality": one.quality.as_dict(),
        "warnings": [*one.clustered.warnings, *one.blocking],
        **diff_json(one.diff),
        "problems": problems.as_json(),
    }


def diff_json(diff: ClusteringDiff) -> dict[str, Any]:
    """Counts of every change, and samples of those that are one."""
    return {
        "changes": diff.counts,
        "samples": [
            {
                "change": changed.change.value,
                "old": list(changed.old),
                "new": list(changed.new),
                "members": changed.members,
                "sample": list(changed.sample),
            }
            for changed in diff.changes
            if changed.change is not Change.KEPT
        ],
    }
