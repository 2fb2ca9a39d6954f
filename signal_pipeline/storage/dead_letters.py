"""Dead letters: messages that mean nothing and reports that failed for good, once each, with the reason.

The payload of a message is untrusted and may hold secrets, so it is stored as redacted text; its SHA-256 and size tell
whether a producer's copy is the same. `payload_redacted` says that the stored bytes differ from the original.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg
from psycopg.rows import class_row

MAX_PAYLOAD_BYTES = 64 * 1024
_COLUMNS = (
    "select id, kind, reason, detail, report_id, stream_sequence, payload_bytes, created_at, announced_at, replayed_at"
    " from dead_letters"
)


@dataclass(frozen=True)
class DeadLetter:
    """One dead letter as readers see it."""

    id: UUID
    kind: str
    reason: str
    detail: str | None
    report_id: UUID | None
    stream_sequence: int | None
    payload_bytes: int | None
    created_at: datetime
    announced_at: datetime | None
    replayed_at: datetime | None


def bury_message(
    connection: psycopg.Connection,
    *,
    payload: bytes,
    redacted: bytes,
    reason: str,
    detail: str,
    report_id: UUID | None,
    stream_sequence: int,
    published_at: datetime,
) -> bool:
    """Record a bad message; False when this very delivery is recorded already.

    Stream sequences are reused after a damaged store, so time and content are part of the identity.
    """
    sha256 = hashlib.sha256(payload).hexdigest()
    stored = redacted[:MAX_PAYLOAD_BYTES]
    row = connection.execute(
        "insert into dead_letters (kind, dedup_key, reason, detail, payload, payload_sha256, payload_bytes,"
        " payload_redacted, stream_sequence, report_id)"
        " values ('message', %s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict (dedup_key) do nothing returning id",
        (
            f"message:{stream_sequence}:{published_at.isoformat()}:{sha256}",
            reason,
            detail,
            stored,
            sha256,
            len(payload),
            stored != payload,
            stream_sequence,
            report_id,
        ),
    ).fetchone()
    return row is not None


def bury_report(
    connection: psycopg.Connection,
    *,
    report_id: UUID,
    intake_id: UUID,
    attempt: int,
    reason: str,
    detail: str,
) -> None:
    """Record that a report failed for good; the same attempt is recorded once."""
    connection.execute(
        "insert into dead_letters (kind, dedup_key, reason, detail, report_id, intake_id)"
        " values ('report', %s, %s, %s, %s, %s) on conflict (dedup_key) do nothing",
        (
            f"report:{intake_id}:{attempt}",
            reason,
            detail,
            report_id,
            intake_id,
        ),
    )


def unannounced(connection: psycopg.Connection, limit: int = 100) -> list[DeadLetter]:
    """Dead letters that nobody was notified of yet, oldest first; locked until the transaction ends."""
    return _select(connection, "where announced_at is null order by created_at limit %s for update skip locked", limit)


def mark_announced(connection: psycopg.Connection, ids: list[UUID]) -> None:
    connection.execute("update dead_letters set announced_at = now() where id = any(%s)", (ids,))


def listed(connection: psycopg.Connection, *, include_replayed: bool = False, limit: int = 1000) -> list[DeadLetter]:
    condition = "" if include_replayed else "where replayed_at is null"
    return _select(connection, f"{condition} order by created_at desc limit %s", limit)


def counted_by_reason(connection: psycopg.Connection) -> list[tuple[str, str, int]]:
    """Kind, reason and count of the letters that were not replayed yet, most frequent first."""
    rows = connection.execute(
        "select kind, reason, count(*) from dead_letters where replayed_at is null group by 1, 2 order by 3 desc, 1, 2"
    ).fetchall()
    return [(str(row[0]), str(row[1]), int(row[2])) for row in rows]


def letter_of(connection: psycopg.Connection, letter_id: UUID) -> DeadLetter | None:
    found = _select(connection, "where id = %s", letter_id)
    return found[0] if found else None


def letter_page(
    connection: psycopg.Connection, *, limit: int, after: tuple[datetime, UUID] | None, include_replayed: bool
) -> list[DeadLetter]:
    """Newest first; those that come after the given one."""
    open_only = "" if include_replayed else " and replayed_at is null"
    at, letter_id = after or (datetime.max, UUID(int=2**128 - 1))
    order = "order by created_at desc, id desc limit %s"
    statement = f"{_COLUMNS} where (created_at, id) < (%s, %s){open_only} {order}"
    with connection.cursor(row_factory=class_row(DeadLetter)) as cursor:
        return cursor.execute(statement.encode(), (at, letter_id, limit)).fetchall()


def payload_of(connection: psycopg.Connection, letter_id: UUID) -> tuple[bytes, bool] | None:
    """The stored payload and whether redaction changed it; None for a report's letter."""
    row = connection.execute(
        "select payload, payload_redacted from dead_letters where id = %s and kind = 'message'", (letter_id,)
    ).fetchone()
    return None if row is None else (bytes(row[0]), bool(row[1]))


def request_of(connection: psycopg.Connection, letter_id: UUID) -> UUID | None:
    row = connection.execute("select intake_id from dead_letters where id = %s", (letter_id,)).fetchone()
    return None if row is None else row[0]


def mark_replayed(connection: psycopg.Connection, letter_id: UUID) -> None:
    connection.execute("update dead_letters set replayed_at = now() where id = %s", (letter_id,))


def _select(connection: psycopg.Connection, tail: str, value: object) -> list[DeadLetter]:
    statement = f"{_COLUMNS} {tail}"
    with connection.cursor(row_factory=class_row(DeadLetter)) as cursor:
        return cursor.execute(statement.encode(), (value,)).fetchall()
