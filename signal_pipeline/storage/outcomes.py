"""What became of each file of a report, as rows. A re-run replaces a report's rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from signal_pipeline.errors import PartialReason
from signal_pipeline.parsing.outcome import SignalOutcome


@dataclass(frozen=True)
class FileOutcome:
    """A file's outcome as readers see it; `redactions` counts masked values by rule."""

    signal_id: UUID
    name: str
    status: str
    kind: str
    format: str | None
    runner_up: str | None
    share_understood: float
    entries: int
    lines: int
    reasons: list[str]
    redactions: dict[str, int]
    duplicate_of: UUID | None


def replace_outcomes(
    connection: psycopg.Connection,
    report_id: UUID,
    outcomes: Mapping[UUID, SignalOutcome],
    duplicates: Mapping[UUID, UUID],
    reader_version: str,
) -> None:
    """The outcomes of all files of the report, as `reader_version` read them; `duplicates` maps a file to the first one
    with the same bytes."""
    connection.execute("delete from signal_outcomes where report_id = %s", (report_id,))
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into signal_outcomes (report_id, signal_id, status, kind, format, runner_up, share_understood,"
            " entries, lines, reasons, redactions, duplicate_of, reader_version)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                (
                    report_id,
                    signal_id,
                    outcome.status,
                    outcome.kind,
                    outcome.format,
                    outcome.runner_up,
                    outcome.share_understood,
                    outcome.entries,
                    outcome.lines,
                    list(outcome.reasons),
                    Jsonb(outcome.redactions),
                    duplicates.get(signal_id),
                    reader_version,
                )
                for signal_id, outcome in sorted(outcomes.items())
            ],
        )


def add_reason(connection: psycopg.Connection, report_id: UUID, signals: Sequence[UUID], reason: PartialReason) -> None:
    """A later step than reading lost a part of these files: they were read in part at best."""
    connection.execute(
        "update signal_outcomes set status = case status when 'ok' then 'partial' else status end,"
        " reasons = array(select distinct unnest(reasons || %s::text) order by 1)"
        " where report_id = %s and signal_id = any(%s)",
        (reason.value, report_id, list(signals)),
    )


def outcomes_of(connection: psycopg.Connection, report_id: UUID) -> list[FileOutcome]:
    """One per file, in the order in which the files were attached."""
    with connection.cursor(row_factory=class_row(FileOutcome)) as cursor:
        return cursor.execute(
            "select o.signal_id, s.name, o.status, o.kind, o.format, o.runner_up, o.share_understood, o.entries,"
            " o.lines, o.reasons, o.redactions, o.duplicate_of"
            " from signal_outcomes o join signals s on s.id = o.signal_id"
            " where o.report_id = %s order by s.created_at, s.id",
            (report_id,),
        ).fetchall()


def problem_summaries(connection: psycopg.Connection, reports: Sequence[UUID]) -> dict[UUID, str | None]:
    """For each report what a reader should know of its files, in one line; None when all were read whole."""
    counted = {
        row[0]: row[1:]
        for row in connection.execute(
            "select report_id, count(*), count(*) filter (where status = 'failed'),"
            " count(*) filter (where status = 'partial') from signal_outcomes where report_id = any(%s) group by 1",
            (list(reports),),
        )
    }
    return {report: _summary(*counted.get(report, (0, 0, 0))) for report in reports}


def _summary(files: int, failed: int, partial: int) -> str | None:
    if not files:
        return "no_files"
    if failed == files:
        return "no_file_readable"
    parts = []
    if failed:
        parts.append(f"{failed} of {files} files not readable")
    if partial:
        parts.append(f"{partial} of {files} files read in part")
    return ", ".join(parts) or None
