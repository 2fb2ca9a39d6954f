"""The problems asset, for one report: the frame, what the UI shows of it, and what its checks found."""

from __future__ import annotations

from uuid import UUID

import dagster as dg
import polars as pl

from signal_pipeline.causes.settings import CauseSettings
from signal_pipeline.fault_isolation import UNEXPECTED, is_expected, tell_fault
from signal_pipeline.frames import spool
from signal_pipeline.orchestration import asset_metadata as show
from signal_pipeline.orchestration import checks
from signal_pipeline.orchestration.report_result import ReportResult
from signal_pipeline.platform.platform import Platform
from signal_pipeline.reports.cause_words import seen_in_words, times_in_words
from signal_pipeline.reports.causes import ReportCauses, ReportProblem, report_causes
from signal_pipeline.reports.decisions import refresh_causes
from signal_pipeline.schemas import REPORT_PROBLEMS
from signal_pipeline.storage.report_causes import cause_quality

ASSET = "problems"
EXPLAINED = "every_error_explained"
ROOTED = "every_problem_has_a_root"
FEWER = "fewer_problems_than_clusters"
MADE = "problems_made"
SHARE = "share_explained"
TOP = 20
LEAST_SHARE_EXPLAINED = 0.9

PROBLEM_CHECKS = [
    checks.schema_check(ASSET),
    checks.check(ASSET, EXPLAINED, "Every cluster of errors belongs to at least one incident."),
    checks.check(ASSET, ROOTED, "Every problem has a root, with its place in a file."),
    checks.check(ASSET, FEWER, "There are not more problems than clusters, warnings left out."),
    checks.check(ASSET, MADE, "The problems could be made of the incidents and the clustering."),
    checks.check(
        ASSET,
        SHARE,
        f"Over all reports at least {LEAST_SHARE_EXPLAINED:.0%} of the clusters belong to an incident.",
        severity="WARN",
    ),
]


def problem_result(platform: Platform, report_id: UUID, settings: CauseSettings) -> ReportResult:
    try:
        found = refresh_causes(platform.database, report_id, report_causes(platform.database, report_id, settings))
    except UNEXPECTED as error:
        if is_expected(error):
            raise
        # A report's page makes its problems again, and its clusters do not depend on them.
        tell_fault("the problems", error)
        return _nothing(platform)
    return _result(platform, found)


def _nothing(platform: Platform) -> ReportResult:
    spooled = spool([REPORT_PROBLEMS.empty()], REPORT_PROBLEMS, platform.frames.spool_path())
    fault = "internal_error: the problems could not be made; the log says where. Materialize them again after an update"
    return ReportResult(frame=spooled, metadata={"dagster/row_count": 0, "failed": fault}, problems={MADE: [fault]})


def _result(platform: Platform, found: ReportCauses) -> ReportResult:
    spooled = spool([_frame(found)], REPORT_PROBLEMS, platform.frames.spool_path())
    with platform.database.transaction() as connection:
        overall = cause_quality(connection)
    entries = {problem.title[:40]: _entries(problem) for problem in found.problems}
    return ReportResult(
        frame=spooled,
        metadata={
            "dagster/row_count": spooled.rows,
            "headline": found.headline,
            "problems": len(found.causes),
            "background": len(found.background),
            "incidents": len(found.incidents),
            "error_groups": found.groups,
            "share_explained": dg.MetadataValue.float(found.explained / found.groups if found.groups else 1.0),
            "corrected_incidents": sum(incident.is_corrected for incident in found.incidents),
            "problems_per_report": dg.MetadataValue.float(round(overall.problems_per_report, 3)),
            "share_explained_overall": dg.MetadataValue.float(round(overall.share_explained, 4)),
            "corrections_overall": overall.corrections,
            "top_problems": show.table([_row(problem) for problem in found.problems[:TOP]]),
            "plot": show.bar_plot(entries, "entries explained by each problem"),
        },
        problems={
            checks.SCHEMA: checks.schema_problems(REPORT_PROBLEMS, spooled),
            EXPLAINED: _unexplained(found),
            ROOTED: [f"{one.title}: no root" for one in found.problems if not one.found.incidents],
            FEWER: _too_many(found),
            SHARE: []
            if overall.share_explained >= LEAST_SHARE_EXPLAINED
            else [f"{overall.share_explained:.1%} of the clusters of {overall.reports} reports belong to an incident"],
        },
    )


def _frame(found: ReportCauses) -> pl.DataFrame:
    rows = [_columns(found, position, problem) for position, problem in enumerate(found.problems, 1)]
    return REPORT_PROBLEMS.conform(pl.DataFrame(rows, infer_schema_length=None)) if rows else REPORT_PROBLEMS.empty()


def _columns(found: ReportCauses, position: int, problem: ReportProblem) -> dict[str, object]:
    return {
        "report_id": str(found.status.report_id),
        "position": position,
        "problem_id": problem.problem_id,
        "title": problem.title,
        "service": problem.found.first.root_service,
        "error_type": problem.root.error_type,
        "severity": problem.severity,
        "in_evidence": problem.found.first.in_evidence,
        "is_background": problem.is_background,
        "seen_before": problem.seen.as_cause if problem.seen else 0,
        "incidents": len(problem.found.incidents),
        "symptoms": len(problem.symptoms),
        "entries": _entries(problem),
    }


def _row(problem: ReportProblem) -> dict[str, object]:
    return {
        "problem": problem.title,
        "service": problem.found.first.root_service,
        "what": "background" if problem.is_background else problem.root.error_type or "warning",
        "times": times_in_words(problem),
        "symptoms": len(problem.symptoms),
        "seen": seen_in_words(problem),
    }


def _entries(problem: ReportProblem) -> int:
    return sum(one.tries + sum(symptom.count for symptom in one.symptoms) for one in problem.found.incidents)


def _unexplained(found: ReportCauses) -> list[str]:
    missing = found.groups - found.explained
    return [f"{missing} of {found.groups} clusters belong to no incident"] if missing else []


def _too_many(found: ReportCauses) -> list[str]:
    """Warnings are in no cluster, and may be problems where there is no error."""
    errors = [problem for problem in found.problems if problem.root.error_type is not None]
    return [f"{len(errors)} problems of {found.groups} clusters"] if len(errors) > found.groups else []
