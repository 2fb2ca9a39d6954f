"""Which contents of drop folders were taken, and as which report."""

from __future__ import annotations

from uuid import UUID

import psycopg


def taken_as(connection: psycopg.Connection, digest: str) -> UUID | None:
    row = connection.execute("select report_id from drop_folder_taken where content_digest = %s", (digest,)).fetchone()
    return None if row is None else row[0]


def remember_taken(connection: psycopg.Connection, digest: str, report_id: UUID) -> bool:
    """False when somebody else took the same content meanwhile; then the transaction is to be given up."""
    row = connection.execute(
        "insert into drop_folder_taken (content_digest, report_id) values (%s, %s)"
        " on conflict (content_digest) do nothing returning 1",
        (digest, report_id),
    ).fetchone()
    return row is not None
