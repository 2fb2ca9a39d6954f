"""Everything that a report's page shows, read once: what follows is rendering, in pages/."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import polars as pl

from signal_pipeline.errors import ReportUnknown
from signal_pipeline.pipeline.traffic import NETWORK_KINDS
from signal_pipeline.platform.platform import Platform
from signal_pipeline.reports.causes import ReportCauses, ReportProblem, report_causes
from signal_pipeline.reports.cluster_map import MapPoint, cluster_map
from signal_pipeline.reports.damage import damaged_frames, stored_frame
from signal_pipeline.reports.evidence_context import Context, EntryKey, contexts
from signal_pipeline.reports.headline import is_clean
from signal_pipeline.reports.network import Network, report_network
from signal_pipeline.reports.overview import ReportStatus
from signal_pipeline.storage.clusterings import ClusteringRow, current_clustering
from signal_pipeline.storage.frames import FrameBroken, FrameMissing
from signal_pipeline.storage.members import MemberDetail, members_of
from signal_pipeline.storage.problems import ProblemRow, problems_of
from signal_pipeline.storage.report_signatures import signatures_of_one
from signal_pipeline.storage.reports import ReportHead, report_head, report_revision

MAX_MEMBERS = 5_000
CLUSTERS_WITH_EVIDENCE = 200


@dataclass(frozen=True)
class ClusterView:
    """One cluster: its row, its members, and the context of each of its evidence items where it is still there."""

    row: ProblemRow
    members: Sequence[MemberDetail]
    evidence: Sequence[tuple[Mapping[str, Any], Context | None]]


@dataclass(frozen=True)
class CauseView:
    """One problem, and the context of its first root where that is still there."""

    problem: ReportProblem
    root: Context | None


@dataclass(frozen=True)
class ReportPage:
    """`clusters` are all groups of errors, worst first.

    `timeline` is None where that asset was not materialized or cannot be read; `damaged` are frames by asset.
    """

    head: ReportHead
    causes: ReportCauses
    problems: Sequence[CauseView]
    clustering: ClusteringRow | None
    clusters: Sequence[ClusterView]
    timeline: pl.DataFrame | None
    map_points: Sequence[MapPoint]
    file_names: Mapping[str, str] = field(default_factory=dict)
    damaged: Sequence[str] = ()
    network: Network | None = None
    """None of a report without captures."""

    @property
    def status(self) -> ReportStatus:
        return self.causes.status

    @property
    def headline(self) -> str:
        return self.causes.headline

    @property
    def is_clean(self) -> bool:
        return is_clean(self.status, len(self.clusters) + len(self.problems))

    @property
    def has_failed_timeline(self) -> bool:
        """Every entry is on the timeline, so an empty one of a report with entries was not built."""
        return self.timeline is not None and self.timeline.is_empty() and any(f.entries for f in self.status.files)


def load_report_page(platform: Platform, report_id: UUID) -> ReportPage:
    """ReportUnknown when there is no such report."""
    causes = report_causes(platform.database, report_id)
    with platform.database.transaction() as connection:
        head = report_head(connection, report_id)
        if head is None:
            raise ReportUnknown(f"report {report_id} is not in the database")
        clustering = current_clustering(connection, report_id)
        rows = problems_of(connection, report_id)
        members = members_of(connection, report_id, limit=MAX_MEMBERS)
        points = cluster_map(signatures_of_one(connection, report_id)) if clustering else []
    known = _contexts(platform, report_id, rows, causes.problems)
    by_hash = {member.signature_hash: member for member in members}
    return ReportPage(
        head=head,
        causes=causes,
        problems=[CauseView(problem, known.get(_key(problem.root.evidence))) for problem in causes.problems],
        clustering=clustering,
        clusters=[_cluster(row, by_hash, known) for row in rows],
        timeline=stored_frame(platform, "timeline", report_id),
        map_points=points,
        file_names={str(file.signal_id): file.name for file in causes.status.files},
        damaged=damaged_frames(platform, report_id),
        network=_network(platform, report_id, causes.status),
    )


def _network(platform: Platform, report_id: UUID, status: ReportStatus) -> Network | None:
    if not any(file.kind in NETWORK_KINDS for file in status.files):
        return None
    try:
        return report_network(platform, report_id, {str(file.signal_id): file.name for file in status.files})
    except FrameBroken:
        return None  # told as damage


def page_version(platform: Platform, report_id: UUID) -> str:
    """Changes with the report, its clustering, incidents and verdicts. ReportUnknown when there is no such report."""
    with platform.database.transaction() as connection:
        revision = report_revision(connection, report_id)
    if revision is None:
        raise ReportUnknown(f"report {report_id} is not in the database")
    return revision


def _contexts(
    platform: Platform, report_id: UUID, rows: Sequence[ProblemRow], problems: Sequence[ReportProblem]
) -> dict[EntryKey, Context]:
    places: list[Mapping[str, Any]] = [item for row in rows[:CLUSTERS_WITH_EVIDENCE] for item in row.evidence]
    places += [problem.root.evidence for problem in problems[:CLUSTERS_WITH_EVIDENCE]]
    try:
        return contexts(platform.frames.scan("parsed_entries", report_id), [_key(place) for place in places])
    except (FrameMissing, FrameBroken, pl.exceptions.PolarsError):
        return {}


def _key(item: Mapping[str, Any]) -> EntryKey:
    return EntryKey(str(item["signal_id"]), item.get("member"), item.get("line_number"), item.get("entry_index"))


def _cluster(row: ProblemRow, members: Mapping[str, MemberDetail], known: Mapping[EntryKey, Context]) -> ClusterView:
    return ClusterView(
        row=row,
        members=[members[one] for one in row.signature_hashes if one in members],
        evidence=[(item, known.get(_key(item))) for item in row.evidence],
    )
