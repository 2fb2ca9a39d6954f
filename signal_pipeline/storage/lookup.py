"""From what a person types to a signature: a hash, the beginning of one, or the id of a problem of the catalog."""

from __future__ import annotations

import re
from uuid import UUID

import psycopg

from signal_pipeline.errors import SignatureUnknown

LEAST_CHARS = 6
_TYPED = re.compile(rf"[0-9a-f-]{{{LEAST_CHARS},64}}")


def signature_named(connection: psycopg.Connection, typed: str) -> str:
    """The signature's hash; for a problem's id that of its medoid. SignatureUnknown says what was wrong."""
    text = typed.strip().lower()
    if not _TYPED.fullmatch(text):
        raise SignatureUnknown(f"{typed[:80]!r} is not a hash or id: at least {LEAST_CHARS} of the digits 0-9 and a-f")
    found = _signatures(connection, text) or _medoids(connection, text)
    if len(found) > 1:
        listed = ", ".join(one[:16] for one in found[:5])
        raise SignatureUnknown(f"{typed!r} is the beginning of {len(found)} or more: {listed}; give a longer prefix")
    if not found:
        raise SignatureUnknown(f"no signature and no problem begins with {typed!r}")
    return found[0]


def problem_of(connection: psycopg.Connection, signature_hash: str) -> UUID | None:
    """The problem that a signature belongs to; None before it is placed."""
    row = connection.execute(
        "select problem_id from catalog_members where signature_hash = %s", (signature_hash,)
    ).fetchone()
    return None if row is None else row[0]


def _signatures(connection: psycopg.Connection, text: str) -> list[str]:
    rows = connection.execute(
        "select signature_hash from error_signatures where signature_hash >= %(low)s and signature_hash < %(high)s"
        " union select signature_hash from catalog_members"
        " where signature_hash >= %(low)s and signature_hash < %(high)s order by 1 limit 10",
        {"low": text, "high": text + "g"},
    ).fetchall()
    return [row[0] for row in rows]


def _medoids(connection: psycopg.Connection, text: str) -> list[str]:
    """A merged id leads to the medoid of what it was merged into."""
    rows = connection.execute(
        "select distinct coalesce(target.medoid_hash, p.medoid_hash) from catalog_problems p"
        " left join catalog_problems target on target.id = p.merged_into"
        " where p.id::text like %s or replace(p.id::text, '-', '') like %s order by 1 limit 10",
        (text + "%", text + "%"),
    ).fetchall()
    return [row[0] for row in rows]
