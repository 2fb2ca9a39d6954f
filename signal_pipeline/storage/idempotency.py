"""Submissions that may be repeated: the same key and content give the report that was made the first time."""

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
