"""Step 5, clusters: group reports' signatures by their stored vectors, see what of it is known, and publish it or not.

Many reports at once; each has its own outcome. No file is fetched or parsed, and no model is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import psycopg

from signal_pipeline.catalog.golden_set import GoldenResult, golden_findings, golden_result
from signal_pipeline.catalog.placement import Near, place_signatures
from signal_pipeline.clustering.constraints import Constraints
from signal_pipeline.clustering.diff import ClusteringDiff, diff_clusterings
from signal_pipeline.clustering.quality import Quality, churn_of, giant_findings, quality_of, with_singles
from signal_pipeline.clustering.settings import ClusterSettings
from signal_pipeline.errors import DatabaseRefused, SignalPipelineError
from signal_pipeline.pipeline.clustering_rows import ClusteredReport, cluster_report
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.clusterings import (
    ClusteringRow,
    WholeClustering,
    current_clusterings,
    members_by_clustering,
    store_clusterings,
)
from signal_pipeline.storage.report_signatures import StoredSignature, hashes_of, signatures_of
from signal_pipeline.storage.seen import Asked, nearest_known
from signal_pipeline.storage.signatures import lock_reports
from signal_pipeline.storage.verdicts import constraints_of

WAITS_FOR_A_YES = "waits for a yes: see `signal-pipeline publish`"

Within = Callable[[psycopg.Connection, UUID], None]
"""Something more to be done in the transaction that publishes a report's clustering."""


@dataclass(frozen=True)
class ClusterOutcome:
    """One report's new clustering against the one that was current; `head` says whether it was published.

    `blocking` are the findings that keep it from being published over an older one. `before` is None for the first.
    """

    clustered: ClusteredReport
    head: ClusteringRow
    before: ClusteringRow | None
    diff: ClusteringDiff
    quality: Quality
    quality_before: Quality | None
    golden: GoldenResult
    blocking: list[str]

    @property
    def is_published(self) -> bool:
        return self.head.held_reason is None


def cluster_reports(
    platform: Platform,
    reports: Sequence[UUID],
    settings: ClusterSettings,
    run_id: str,
    *,
    hold: bool = False,
    dry_run: bool = False,
    within: Within | None = None,
) -> dict[UUID, ClusterOutcome | SignalPipelineError]:
    """Cluster each report; an error in place of the outcome of one that could not be.

    With `hold` a clustering is held where the report has one already; a blocking finding holds it as well. A
    report's first clustering is always published: there is nothing better to show. With `dry_run` nothing is written.
    Raises TransientError when the work itself stopped, for all of them.
    """
    wanted = sorted(set(reports))
    golden = golden_result(platform, settings, keep=not dry_run)
    near: Near = {}
    if not dry_run:
        place_signatures(platform.database, _hashes(platform, wanted), near)
    try:
        with platform.database.transaction() as connection:
            found = _clustered(connection, wanted, settings, run_id, golden)
            if dry_run:
                return found
            done = {key: one for key, one in found.items() if isinstance(one, ClusterOutcome)}
            lasting = _with_decisions(connection, done, near, hold=hold)
            store_clusterings(
                connection,
                [WholeClustering(one.head, one.clustered.clusters, one.clustered.members) for one in lasting.values()],
            )
            for report_id in lasting:
                if within is not None:
                    within(connection, report_id)
            return found | lasting
    except DatabaseRefused as error:
        if len(wanted) == 1:
            return {wanted[0]: error}
    return {
        report_id: outcome
        for one in wanted
        for report_id, outcome in cluster_reports(
            platform, [one], settings, run_id, hold=hold, dry_run=dry_run, within=within
        ).items()
    }


def _hashes(platform: Platform, reports: Sequence[UUID]) -> list[str]:
    with platform.database.transaction() as connection:
        return hashes_of(connection, reports)


def _clustered(
    connection: psycopg.Connection,
    reports: Sequence[UUID],
    settings: ClusterSettings,
    run_id: str,
    golden: GoldenResult,
) -> dict[UUID, ClusterOutcome | SignalPipelineError]:
    lock_reports(connection, reports)
    before = current_clusterings(connection, reports)
    labels = members_by_clustering(connection, [head.id for head in before.values()])
    constraints = constraints_of(connection)
    found: dict[UUID, ClusterOutcome | SignalPipelineError] = {}
    for report_id, signatures in signatures_of(connection, reports).items():
        if isinstance(signatures, SignalPipelineError):
            found[report_id] = signatures
            continue
        head = before.get(report_id)
        old = labels[head.id] if head else {}
        found[report_id] = _outcome(report_id, signatures, settings, run_id, constraints, head, old, golden)
    return found


def _outcome(
    report_id: UUID,
    signatures: Sequence[StoredSignature],
    settings: ClusterSettings,
    run_id: str,
    constraints: Constraints,
    before: ClusteringRow | None,
    labels: Mapping[str, int],
    golden: GoldenResult,
) -> ClusterOutcome:
    clustered = cluster_report(report_id, signatures, settings, run_id, constraints)
    quality = quality_of(clustered.clustering, churn_of(labels, clustered.labels))
    return ClusterOutcome(
        clustered=clustered,
        head=replace(clustered.head, quality=quality.as_dict()),
        before=before,
        diff=diff_clusterings(with_singles(labels), with_singles(clustered.labels)),
        quality=quality,
        quality_before=_quality_before(before),
        golden=golden,
        blocking=[*giant_findings(quality), *golden_findings(golden, settings)],
    )


def _quality_before(before: ClusteringRow | None) -> Quality | None:
    return Quality(**before.quality) if before is not None and before.quality else None


def _with_decisions(
    connection: psycopg.Connection, outcomes: Mapping[UUID, ClusterOutcome], found: Near, *, hold: bool
) -> dict[UUID, ClusterOutcome]:
    """The same with what is known near each cluster, and held where they are to be."""
    near = nearest_known(connection, [asked for one in outcomes.values() for asked in _asked(one.clustered)], found)
    decided = {}
    for report_id, one in outcomes.items():
        clusters = [replace(row, nearest=near[report_id, row.label]) for row in one.clustered.clusters]
        decided[report_id] = replace(
            one,
            clustered=replace(one.clustered, clusters=clusters),
            head=replace(one.head, held_reason=_held_reason(one, hold=hold)),
        )
    return decided


def _held_reason(outcome: ClusterOutcome, *, hold: bool) -> str | None:
    before = outcome.before
    if before is None or before.id == outcome.head.id:
        return None
    if outcome.blocking:
        return "; ".join(outcome.blocking)
    return WAITS_FOR_A_YES if hold else None


def _asked(clustered: ClusteredReport) -> list[Asked]:
    members: dict[int, list[str]] = {}
    for member in clustered.members:
        members.setdefault(member.label, []).append(member.signature_hash)
    return [
        Asked(
            clustered.head.report_id,
            row.label,
            row.medoid_hash,
            members[row.label] if row.label >= 0 else [row.medoid_hash],
        )
        for row in clustered.clusters
    ]
