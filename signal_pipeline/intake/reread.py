"""Reading reports again: their requests become due, and the next runs process them like new ones."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.intake import reopen
from signal_pipeline.storage.reports import report_exists
from signal_pipeline.storage.stale_reports import latest_request, stale_reports


def reports_to_reread(platform: Platform, reader_version: str) -> list[UUID]:
    """All reports that another version of the readers has read, the oldest first."""
    with platform.database.transaction() as connection:
        return stale_reports(connection, reader_version)


def reread(platform: Platform, reports: Sequence[UUID]) -> list[tuple[UUID, str | None]]:
    """Make these due again; for each the reason why not, or None when it is due. What was found stays until then."""
    return [(report_id, _reread(platform, report_id)) for report_id in dict.fromkeys(reports)]


def _reread(platform: Platform, report_id: UUID) -> str | None:
    with platform.database.transaction() as connection:
        if not report_exists(connection, report_id):
            return "not in the database"
        request = latest_request(connection, report_id)
        if request is None:
            return "never submitted for processing"
        return None if reopen(connection, request, reason="read again") else "pending or in progress"
