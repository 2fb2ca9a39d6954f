"""What people decide about problems and reports, and the lists that follow: a headline says what the page says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from signal_pipeline.catalog.verdicts import Decided, decide, undo
from signal_pipeline.errors import ReportUnknown
from signal_pipeline.platform.platform import Platform
from signal_pipeline.reports.causes import ReportCauses, report_causes, shown_id
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.healthy import Healthy, mark_healthy, unmark_healthy
from signal_pipeline.storage.incidents import index_incidents
from signal_pipeline.storage.report_causes import (
    Headline,
    RootShown,
    reports_of_source,
    reports_to_refresh,
    write_causes,
)
from signal_pipeline.storage.verdicts import Kind

REFRESHED = 100
"""So many of the newest reports have their headline made again at once; an older one when its problems are."""


def refresh_causes(database: Database, report_id: UUID, found: ReportCauses | None = None) -> ReportCauses:
    """Store what lists show of a report's problems, and what other reports show of its causes."""
    shown = found or report_causes(database, report_id)
    roots: dict[str, RootShown] = {}
    for position, problem in enumerate(shown.problems, 1):
        for incident in problem.found.incidents:
            shown_root = RootShown(position, problem.is_background, problem.title)
            roots.setdefault(incident.root.signature, shown_root)
    with database.transaction() as connection:
        index_incidents(connection, report_id, shown.incidents)
        write_causes(connection, report_id, headline_of(shown), roots)
    return shown


def headline_of(found: ReportCauses) -> Headline:
    return Headline(
        headline=found.headline,
        problems=len(found.causes) if found.has_errors else 0,
        background=len(found.background),
        error_groups=found.groups,
        explained=found.explained,
        corrections=sum(incident.is_corrected for incident in found.incidents),
    )


def refresh_all(database: Database, reports: Iterable[UUID]) -> None:
    """Reports that were deleted meanwhile are left out."""
    for report_id in reports:
        try:
            refresh_causes(database, report_id)
        except ReportUnknown:
            continue


def decide_and_refresh(
    platform: Platform,
    kind: Kind,
    signature: str,
    other: str | None,
    *,
    by: str,
    fixed_in: str | None = None,
    note: str | None = None,
    report_id: UUID | None = None,
) -> Decided:
    """As `decide`. With a report, `signature` and `other` may also be ids of its problems and symptoms, which is the
    only name of an entry that is not an error.
    """
    if report_id is not None:
        found = report_causes(platform.database, report_id)
        signature = _in_report(found, signature)
        other = None if other is None else _in_report(found, other)
    done = decide(platform, kind, signature, other, by=by, fixed_in=fixed_in, note=note)
    _refresh(platform, done)
    return done


def undo_and_refresh(platform: Platform, verdict_id: int, *, by: str) -> Decided:
    done = undo(platform, verdict_id, by=by)
    _refresh(platform, done)
    return done


def _refresh(platform: Platform, done: Decided) -> None:
    named = [one for one in (done.verdict.signature_hash, done.verdict.other_hash) if one is not None]
    with platform.database.transaction() as connection:
        reports = reports_to_refresh(connection, named, REFRESHED)
    refresh_all(platform.database, reports)


def _in_report(found: ReportCauses, typed: str) -> str:
    """The signature behind an id that the report's page shows; anything else is left as it is."""
    for problem in found.problems:
        if typed == problem.problem_id:
            return problem.root.signature
        for symptom in problem.symptoms:
            if typed == symptom.cluster_id:
                return symptom.signature
    entries = [entry for one in found.incidents for entry in one.entries]
    return next((entry.signature for entry in entries if typed == shown_id(entry.signature)), typed)


def set_healthy(platform: Platform, report_id: UUID, *, by: str) -> Healthy:
    """What the report has is background in the reports of its source from now on. ReportUnknown when there is none."""
    with platform.database.transaction() as connection:
        marked = mark_healthy(connection, report_id, by=by)
        if marked is None:
            raise ReportUnknown(f"report {report_id} is not in the database")
        reports = reports_of_source(connection, report_id, REFRESHED)
    refresh_all(platform.database, _with(report_id, reports))
    return marked


def unset_healthy(platform: Platform, report_id: UUID) -> None:
    with platform.database.transaction() as connection:
        if not unmark_healthy(connection, report_id):
            raise ReportUnknown(f"report {report_id} is not in the database")
        reports = reports_of_source(connection, report_id, REFRESHED)
    refresh_all(platform.database, _with(report_id, reports))


def _with(report_id: UUID, reports: Sequence[UUID]) -> list[UUID]:
    return list(dict.fromkeys((report_id, *reports)))
