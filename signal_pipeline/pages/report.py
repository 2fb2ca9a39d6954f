"""The report page: one HTML text that needs nothing else, from what reports/page_data.py has read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from signal_pipeline.clustering.describe import differing_tokens, shared_template
from signal_pipeline.frame_schema import EXCHANGE
from signal_pipeline.pages.causes import MAX_INCIDENTS, MAX_PROBLEMS, incident_views, problem_views
from signal_pipeline.pages.entries import packed
from signal_pipeline.pages.environment import own_text, policy, render
from signal_pipeline.pages.evidence_view import evidence
from signal_pipeline.pages.map_view import map_dots
from signal_pipeline.pages.marking import marked
from signal_pipeline.pages.network_view import network_view
from signal_pipeline.pages.wording import reason_in_words
from signal_pipeline.reports.damage import damage_in_words
from signal_pipeline.reports.page_data import CLUSTERS_WITH_EVIDENCE, ClusterView, ReportPage
from signal_pipeline.storage.members import MemberDetail

STYLES, SCRIPTS = ["report.css"], ["report.js"]
MAX_LISTED_GROUPS = 2_000
MAX_LISTED_MEMBERS = 20
MAX_SLOW = 10
LEAST_FAILED_STATUS = 400


@dataclass(frozen=True)
class Links:
    """Addresses around the page; None where the page stands on its own, as in a file."""

    dagster: str | None = None
    reports: str | None = None
    admin: str | None = None
    decide: str | None = None
    problems: str | None = None


def report_policy() -> str:
    """The Content-Security-Policy of the page, for its own head and for the server's header."""
    return policy(styles=STYLES, scripts=SCRIPTS)


def report_html(page: ReportPage, links: Links) -> str:
    numbers = {h: n for n, view in enumerate(page.clusters, 1) for h in view.row.signature_hashes}
    timeline = page.timeline
    problems = problem_views(page, numbers)
    return render(
        "report.html.jinja",
        page=page,
        links=links,
        policy=report_policy(),
        style=own_text("report.css"),
        script=own_text("report.js"),
        problems=[problem for problem in problems if not problem["is_background"]],
        background=[problem for problem in problems if problem["is_background"]],
        unlisted_problems=max(len(page.problems) - MAX_PROBLEMS, 0),
        incidents=incident_views(page),
        unlisted_incidents=max(len(page.causes.incidents) - MAX_INCIDENTS, 0),
        groups=_groups(page.clusters[:CLUSTERS_WITH_EVIDENCE]),
        more_groups=page.clusters[CLUSTERS_WITH_EVIDENCE:MAX_LISTED_GROUPS],
        unlisted=max(len(page.clusters) - MAX_LISTED_GROUPS, 0),
        first_more=CLUSTERS_WITH_EVIDENCE + 1,
        clocks=[] if timeline is None else clocks(timeline, page.file_names),
        entries="" if timeline is None else packed(timeline, page.file_names, numbers),
        entry_count=0 if timeline is None else timeline.height,
        request_count=0 if timeline is None else int((timeline["role"] == EXCHANGE).sum()),
        slow=[] if timeline is None else slow_requests(timeline),
        damage=[damage_in_words(asset) for asset in page.damaged],
        dots=map_dots(page.map_points, numbers, page.clusters),
        redactions=_redactions(page),
        network=network_view(page.network),
        unread=[
            {"file": file, "words": [reason_in_words(reason) for reason in file.reasons]}
            for file in page.status.files
            if file.status != "ok"
        ],
    )


def _groups(clusters: Sequence[ClusterView]) -> list[dict[str, Any]]:
    titles = marked([view.row.title for view in clusters])
    return [
        _group(number, view) | {"title_parts": parts}
        for number, (view, parts) in enumerate(zip(clusters, titles, strict=True), 1)
    ]


def slow_requests(timeline: pl.DataFrame) -> list[dict[str, Any]]:
    """Requests that took long and did not fail, the slowest first."""
    is_slow = pl.col("is_target") & (pl.col("role") == EXCHANGE) & pl.col("error_type").is_null()
    answered = pl.col("status").fill_null(0) < LEAST_FAILED_STATUS
    chosen = timeline.filter(is_slow & answered & pl.col("duration_ms").is_not_null())
    columns = ("at", "method", "url", "message", "status", "duration_ms", "line_number", "entry_index")
    return chosen.sort("duration_ms", descending=True).head(MAX_SLOW).select(columns).to_dicts()


def _group(number: int, view: ClusterView) -> dict[str, Any]:
    members = list(view.members)
    medoid = next((member for member in members if member.is_medoid), members[0] if members else None)
    return {
        "number": number,
        "row": view.row,
        "members": _members(members, medoid),
        "unlisted_members": max(len(view.row.signature_hashes) - MAX_LISTED_MEMBERS, 0),
        "shared": shared_template([m.template for m in _led_by(members, medoid)]) if len(members) > 1 else None,
        "medoid": medoid,
        "nearest": _nearest(members),
        "evidence": [evidence(item, context) for item, context in view.evidence],
        "unlisted_evidence": max(view.row.frequency - len(view.evidence), 0),
    }


def _led_by(members: Sequence[MemberDetail], medoid: MemberDetail | None) -> list[MemberDetail]:
    return [*([medoid] if medoid else []), *(member for member in members if member is not medoid)]


def _members(members: Sequence[MemberDetail], medoid: MemberDetail | None) -> list[dict[str, Any]]:
    ordered = _led_by(members, medoid)
    shared = shared_template([m.template for m in ordered]) if len(ordered) > 1 else ""
    return [
        {"row": member, "differs": " ".join(differing_tokens(shared, member.template)) if shared else ""}
        for member in ordered[:MAX_LISTED_MEMBERS]
    ]


def _nearest(members: Sequence[MemberDetail]) -> MemberDetail | None:
    """The member that came closest to another problem."""
    near = [member for member in members if member.nearest_other_distance is not None]
    return min(near, key=lambda member: member.nearest_other_distance or 0.0, default=None)


def clocks(timeline: pl.DataFrame, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """How each file's clock stands against the axis."""
    columns = ("signal_id", "member", "clock_offset_ms", "clock_confidence", "clock_events", "clock_basis")
    rows = timeline.select(columns).unique(maintain_order=True)
    return [
        {**row, "name": names.get(row["signal_id"], row["signal_id"]) + (f"/{row['member']}" if row["member"] else "")}
        for row in rows.iter_rows(named=True)
    ]


def _redactions(page: ReportPage) -> list[tuple[str, int, int]]:
    """Rule, masked values, files; most masked first."""
    counts: Counter[str] = Counter()
    files: Counter[str] = Counter()
    for file in page.status.files:
        counts.update(file.redactions)
        files.update(name for name, count in file.redactions.items() if count)
    return [(name, count, files[name]) for name, count in counts.most_common()]
