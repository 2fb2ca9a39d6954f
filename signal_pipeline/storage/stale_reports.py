"""Reports whose files were read by another version of the readers, and their requests."""

from __future__ import annotations

from uuid import UUID

import psycopg


def stale_reports(connection: psycopg.Connection, reader_version: str) -> list[UUID]:
    """Reports with a file that was read by another version than this, the oldest first. Those whose raw files are gone
    altogether are none: reading them again would change nothing."""
    rows = connection.execute(
        "select r.id from reports r where exists (select from signal_outcomes o where o.report_id = r.id"
        " and o.reader_version is distinct from %s and not 'raw_file_gone' = any(o.reasons))"
        " order by r.created_at, r.id",
        (reader_version,),
    ).fetchall()
    return [row[0] for row in rows]


def latest_request(connection: psycopg.Connection, report_id: UUID) -> UUID | None:
    """The request that a report's results are from; None before there is one."""
    row = connection.execute(
        "select id from intake where report_id = %s order by created_at desc, id limit 1", (report_id,)
    ).fetchone()
    return None if row is None else row[0]
