"""The end of a report's log: changes of state of its requests, and what its last run said."""

from __future__ import annotations

import psycopg

from signal_pipeline.platform.platform import Platform
from signal_pipeline.reports.overview import ReportStatus
from signal_pipeline.storage.report_log import LogEntry, intake_log, run_log

DAGSTER_SECONDS = 2


def report_log(platform: Platform, found: ReportStatus, lines: int) -> list[LogEntry]:
    """The last `lines` lines, oldest first."""
    if not lines:
        return []
    with platform.database.transaction() as connection:
        lines_found = intake_log(connection, found.report_id, lines)
    run_id = found.request.dagster_run_id if found.request else None
    if run_id is not None:
        lines_found += _run_lines(platform, run_id, lines)
    return sorted(lines_found, key=lambda line: line.at)[-lines:]


def _run_lines(platform: Platform, run_id: str, lines: int) -> list[LogEntry]:
    """Dagster's database may be elsewhere or down: the report's own history is still shown."""
    try:
        with psycopg.connect(
            platform.settings.dagster_database_url, autocommit=True, connect_timeout=DAGSTER_SECONDS
        ) as connection:
            return run_log(connection, run_id, lines)
    except psycopg.Error:
        return []
