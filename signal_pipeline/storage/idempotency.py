"""Submissions that may be repeated: the same key, or the same content of a drop folder, gives the first report."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID

import psycopg

KEPT_DAYS = 7


@dataclass(frozen=True)
class Remembered:
    """What a key was used for."""

    report_id: UUID
    content_digest: str


def key_hash(who: str, key: str) -> str:
    """Keys of different clients never meet."""
    return hashlib.sha256(f"{len(who)}:{who}{key}".encode("utf-8", "surrogatepass")).hexdigest()


def remembered(connection: psycopg.Connection, hashed: str) -> Remembered | None:
    row = connection.execute(
        "select report_id, content_digest from idempotency_keys where key_hash = %s", (hashed,)
    ).fetchone()
    return None if row is None else Remembered(*row)


def remember(connection: psycopg.Connection, hashed: str, report_id: UUID, digest: str) -> bool:
    """False when somebody was quicker with this key; then the whole transaction is to be given up."""
    connection.execute(
        "delete from idempotency_keys where created_at < now() - make_interval(days => %s)", (KEPT_DAYS,)
    )
    row = connection.execute(
        "insert into idempotency_keys (key_hash, content_digest, report_id) values (%s, %s, %s)"
        " on conflict (key_hash) do nothing returning 1",
        (hashed, digest, report_id),
    ).fetchone()
    return row is not None


def taken_as(connection: psycopg.Connection, digest: str) -> UUID | None:
    """The report that this content of a drop folder was submitted as."""
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
