"""Everything that a report's page shows, read once: what follows is rendering, in pages/."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import polars as pl

from signal_pipeline.errors import ReportUnknown
from signal_pipeline.evidence import Place
from signal_pipeline.platform.platform import Platform
from signal_pipeline.reports.cluster_map import MapPoint, cluster_map
from signal_pipeline.reports.damage import damaged_frames, stored_frame
from signal_pipeline.reports.evidence_context import Context, EntryKey, contexts
from signal_pipeline.reports.headline import FirstCause, is_clean, verdict
from signal_pipeline.reports.overview import ReportStatus, known_since, report_status
from signal_pipeline.storage.clusterings import ClusteringRow, current_clustering
from signal_pipeline.storage.frames import FrameBroken, FrameMissing
from signal_pipeline.storage.members import MemberDetail, members_of
from signal_pipeline.storage.problems import ProblemRow, problems_of
from signal_pipeline.storage.report_signatures import signatures_of_one
from signal_pipeline.storage.reports import ReportHead, report_head, report_revision

MAX_MEMBERS = 5_000
PROBLEMS_WITH_EVIDENCE = 200


@dataclass(frozen=True)
class ProblemView:
    """One problem: its row, its members, and the context of each of its evidence items where it is still there."""

    row: ProblemRow
    members: Sequence[MemberDetail]
    evidence: Sequence[tuple[Mapping[str, Any], Context | None]]


@dataclass(frozen=True)
class ReportPage:
    """`timeline` is None where that asset was not materialized or cannot be read; `damaged` are frames by asset."""

    head: ReportHead
    status: ReportStatus
    clustering: ClusteringRow | None
    problems: Sequence[ProblemView]
    timeline: pl.DataFrame | None
    map_points: Sequence[MapPoint]
    verdict: str
    file_names: Mapping[str, str] = field(default_factory=dict)
    damaged: Sequence[str] = ()

    @property
    def is_clean(self) -> bool:
        return is_clean(self.status, len(self.problems))

    @property
    def has_failed_timeline(self) -> bool:
        """Every entry stands on the timeline, so an empty one of a report with entries was not built."""
        return self.timeline is not None and self.timeline.is_empty() and any(f.entries for f in self.status.files)


def load_report_page(platform: Platform, report_id: UUID) -> ReportPage:
    """ReportUnknown when there is no such report."""
    status = report_status(platform.database, report_id)
    with platform.database.transaction() as connection:
        head = report_head(connection, report_id)
        if head is None:
            raise ReportUnknown(f"report {report_id} is not in the database")
        clustering = current_clustering(connection, report_id)
        rows = problems_of(connection, report_id)
        members = members_of(connection, report_id, limit=MAX_MEMBERS)
        points = cluster_map(signatures_of_one(connection, report_id)) if clustering else []
    names = {str(file.signal_id): file.name for file in status.files}
    timeline = stored_frame(platform, "timeline", report_id)
    known = _contexts(platform, report_id, rows)
    by_hash = {member.signature_hash: member for member in members}
    problems = [_problem(row, by_hash, known) for row in rows]
    return ReportPage(
        head=head,
        status=status,
        clustering=clustering,
        problems=problems,
        timeline=timeline,
        map_points=points,
        verdict=verdict(
            status,
            rows if clustering is not None else None,
            known=sum(row.is_known for row in rows),
            known_since=known_since(rows),
            first=None if timeline is None else first_cause(timeline, names),
        ),
        file_names=names,
        damaged=damaged_frames(platform, report_id),
    )


def page_version(platform: Platform, report_id: UUID) -> str:
    """Changes with the report, its clustering and any verdict. ReportUnknown when there is no such report."""
    with platform.database.transaction() as connection:
        revision = report_revision(connection, report_id)
    if revision is None:
        raise ReportUnknown(f"report {report_id} is not in the database")
    return revision


def first_cause(timeline: pl.DataFrame, names: Mapping[str, str]) -> FirstCause | None:
    """What the first incident on the timeline began with: the same entry that leads the list of what came first."""
    causes = timeline.filter(pl.col("incident_role") == "cause").sort("incident")
    if causes.is_empty():
        return None
    row = causes.row(0, named=True)
    where = Place.of(row, names.get(row["signal_id"], row["signal_id"])).label()
    return FirstCause(what=row["error_type"] or row["level"] or "request", where=where, at=row["at"])


def _contexts(platform: Platform, report_id: UUID, rows: Sequence[ProblemRow]) -> dict[EntryKey, Context]:
    try:
        entries = platform.frames.scan("parsed_entries", report_id)
        return contexts(entries, [_key(item) for row in rows[:PROBLEMS_WITH_EVIDENCE] for item in row.evidence])
    except (FrameMissing, FrameBroken, pl.exceptions.PolarsError):
        return {}


def _key(item: Mapping[str, Any]) -> EntryKey:
    return EntryKey(str(item["signal_id"]), item.get("member"), item.get("line_number"), item.get("entry_index"))


def _problem(row: ProblemRow, members: Mapping[str, MemberDetail], known: Mapping[EntryKey, Context]) -> ProblemView:
    return ProblemView(
        row=row,
        members=[members[one] for one in row.signature_hashes if one in members],
        evidence=[(item, known.get(_key(item))) for item in row.evidence],
    )
