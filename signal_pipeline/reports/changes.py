"""What changed between two clusterings, as JSON: for the command line and the API."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from signal_pipeline.clustering.diff import Change, ClusteringDiff
from signal_pipeline.pipeline.cluster import ClusterOutcome


def changes_json(outcomes: Iterable[ClusterOutcome]) -> dict[str, int]:
    """Sums over all reports."""
    totals = Counter({change.value: 0 for change in Change})
    for one in outcomes:
        totals.update(one.diff.counts)
    return dict(totals)


def outcome_json(report_id: UUID, one: ClusterOutcome) -> dict[str, Any]:
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
