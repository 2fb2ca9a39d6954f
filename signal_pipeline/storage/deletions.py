"""Deleting reports permanently: what is requested, what is left to do, what was removed.

What does not belong here: objects and frames (their stores delete them), and Dagster.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from signal_pipeline.storage.intake import cancel_requests
from signal_pipeline.storage.signatures import HAS_SIGNALS, Contribution, replace_signatures

Reason = Literal["asked", "age"]
# Every table of ours that names a report, and the column that does.
TABLES = {
    "reports": "id",
    "signals": "report_id",
    "intake": "report_id",
    "dead_letters": "report_id",
    "signal_outcomes": "report_id",
    "error_signatures": "report_id",
    "signature_occurrences": "report_id",
    "clusterings": "report_id",
    "stage_times": "report_id",
    "idempotency_keys": "report_id",
    "drop_folder_taken": "report_id",
    "traffic_windows": "report_id",
    "traffic_alerts": "report_id",
    "traffic_reports": "report_id",
    "business_events": "report_id",
}
# Signatures that no other report has, and no signal of events; those of its own events are gone by then.
_ONLY_HERE = f"""
    select s.signature_hash, s.model_version, s.text_hash from error_signatures s
    where exists (select from signature_occurrences o
            where o.signature_hash = s.signature_hash and o.report_id = %(report)s)
        and not exists (select from signature_occurrences o
            where o.signature_hash = s.signature_hash and o.report_id <> %(report)s)
        and not {HAS_SIGNALS}
"""


@dataclass(frozen=True)
class Deletion:
    """`removed` counts what is gone by place; `is_erased`: only Dagster's part is left."""

    report_id: UUID
    is_erased: bool
    is_finished: bool
    removed: dict[str, int]


def request_deletion(connection: psycopg.Connection, report_id: UUID, reason: Reason) -> None:
    """From now on nothing new is started for the report. Asking again changes nothing."""
    cancel_requests(connection, report_id, "the report is deleted")
    connection.execute(
        "insert into report_deletions (report_id, reason, object_keys) values (%s, %s, '{}')"
        " on conflict (report_id) do nothing",
        (report_id, reason),
    )


def is_being_deleted(connection: psycopg.Connection, report_id: UUID) -> bool:
    return (
        connection.execute("select 1 from report_deletions where report_id = %s", (report_id,)).fetchone() is not None
    )


def deletion_of(connection: psycopg.Connection, report_id: UUID) -> Deletion | None:
    found = _select(connection, "where report_id = %s", report_id)
    return found[0] if found else None


def open_deletions(connection: psycopg.Connection, *, erased: bool, limit: int) -> list[Deletion]:
    """Deletions that are not finished, oldest first: those that wait for Dagster's part, or for the rest."""
    word = b"not null" if erased else b"null"
    return _select(
        connection,
        f"where finished_at is null and erased_at is {word.decode()} order by requested_at limit %s",
        limit,
    )


def erase_rows(connection: psycopg.Connection, report_id: UUID) -> None:
    """Delete every row of the report and note their counts, and which objects go with it. Signatures that other
    reports have as well move on to those."""
    before = rows_of(connection, report_id)
    _give_up_objects(connection, report_id)
    connection.execute("delete from business_events where report_id = %s", (report_id,))
    _forget_texts(connection, report_id)
    replace_signatures(connection, [Contribution(report_id, [], [])])
    connection.execute("delete from reports where id = %s", (report_id,))
    left = rows_of(connection, report_id)
    _note(connection, report_id, {table: count - left[table] for table, count in before.items()}, None)


def _give_up_objects(connection: psycopg.Connection, report_id: UUID) -> None:
    """References are counted in the transaction that takes the report's own away. An object that another report refers
    to as well is from then on that one's, so that it goes with the last of them."""
    connection.execute(
        "with given as ("
        "  select distinct on (other.object_key) other.id from signals own join signals other using (object_key)"
        "  where own.report_id = %(report)s and own.is_ours and other.report_id <> %(report)s"
        "  order by other.object_key, other.created_at, other.id)"
        " update signals set is_ours = true from given where signals.id = given.id",
        {"report": report_id},
    )
    connection.execute(
        "update report_deletions set object_keys = object_keys || array("
        "  select own.object_key from signals own where own.report_id = %(report)s and own.is_ours"
        "  and not exists (select from signals other where other.object_key = own.object_key"
        "    and other.report_id <> %(report)s))"
        " where report_id = %(report)s",
        {"report": report_id},
    )


def used_by_others(connection: psycopg.Connection, keys: Sequence[str], report_id: UUID) -> set[str]:
    """Those of `keys` that another report has as a file."""
    rows = connection.execute(
        "select distinct object_key from signals where object_key = any(%s) and report_id <> %s",
        (list(keys), report_id),
    )
    return {row[0] for row in rows}


def rows_of(connection: psycopg.Connection, report_id: UUID) -> dict[str, int]:
    """How many rows of each table name the report."""
    counts = {}
    for table, column in TABLES.items():
        row = connection.execute(f"select count(*) from {table} where {column} = %s".encode(), (report_id,)).fetchone()
        counts[table] = int(row[0]) if row else 0
    return counts


def note_erased(connection: psycopg.Connection, report_id: UUID, removed: Mapping[str, int]) -> None:
    _note(connection, report_id, removed, "erased_at")


def add_objects(connection: psycopg.Connection, report_id: UUID, keys: Sequence[str]) -> list[str]:
    """All keys of the objects that are to go with the report, now that these are known as well."""
    row = connection.execute(
        "update report_deletions set object_keys = array("
        "  select distinct key from unnest(object_keys || %s::text[]) as key order by key)"
        " where report_id = %s returning object_keys",
        (list(keys), report_id),
    ).fetchone()
    return list(row[0]) if row else []


def take_object(connection: psycopg.Connection, report_id: UUID, key: str) -> bool:
    """Whether the object, which is deleted, is this caller's to count: of two who delete it at once, one counts it."""
    taken = connection.execute(
        "update report_deletions set object_keys = array_remove(object_keys, %(key)s)"
        " where report_id = %(report)s and %(key)s = any(object_keys)",
        {"key": key, "report": report_id},
    )
    return taken.rowcount > 0


def note_finished(connection: psycopg.Connection, report_id: UUID, removed: Mapping[str, int]) -> None:
    _note(connection, report_id, removed, "finished_at")


def older_than(connection: psycopg.Connection, days: float, limit: int) -> list[UUID]:
    """Reports of that age with nothing waiting or running, oldest first, without those that are being deleted."""
    rows = connection.execute(
        "select id from reports r where created_at < now() - make_interval(secs => %s * 86400)"
        " and not exists (select from intake where report_id = r.id and state in ('PENDING', 'RUNNING', 'FAILED'))"
        " and not exists (select from report_claims where report_id = r.id and held_until > now())"
        " and not exists (select from report_deletions where report_id = r.id)"
        " order by created_at limit %s",
        (days, limit),
    ).fetchall()
    return [row[0] for row in rows]


def count_older_than(connection: psycopg.Connection, days: float) -> int:
    """Reports of that age that are not being deleted."""
    row = connection.execute(
        "select count(*) from reports r where created_at < now() - make_interval(secs => %s * 86400)"
        " and not exists (select from report_deletions where report_id = r.id)",
        (days,),
    ).fetchone()
    return int(row[0]) if row else 0


def _note(connection: psycopg.Connection, report_id: UUID, removed: Mapping[str, int], column: str | None) -> None:
    """Added to what is noted: an interrupted deletion, or two at once, each removed a part."""
    row = connection.execute(
        "select removed from report_deletions where report_id = %s for update", (report_id,)
    ).fetchone()
    total = Counter(row[0] if row else {})
    total.update(removed)
    reached = f"{column} = coalesce({column}, now()), " if column else ""
    connection.execute(
        f"update report_deletions set {reached}removed = %s where report_id = %s".encode(),
        (Jsonb(dict(total)), report_id),
    )


def _select(connection: psycopg.Connection, tail: str, value: object) -> list[Deletion]:
    rows = connection.execute(
        "select report_id, erased_at is not null, finished_at is not null, removed"
        f" from report_deletions {tail}".encode(),
        (value,),
    ).fetchall()
    return [Deletion(*row) for row in rows]


def _forget_texts(connection: psycopg.Connection, report_id: UUID) -> None:
    """Delete vectors of texts that no other report has, and the words of problems that consist of such signatures.

    The problems keep their ids and members, which are hashes: a signature that comes back is recognised, and its
    problem gets its words again (`problems_without_words` in catalog.py).
    """
    connection.execute(
        f"""
        with going as ({_ONLY_HERE})
        delete from embedding_store store using going
        where store.model_version = going.model_version and store.text_hash = going.text_hash
            and not exists (select from error_signatures s
                where s.model_version = store.model_version and s.text_hash = store.text_hash
                    and s.signature_hash not in (select signature_hash from going))
        """.encode(),
        {"report": report_id},
    )
    connection.execute(
        f"""
        with going as ({_ONLY_HERE})
        update catalog_problems p set title = '', label = ''
        where p.id in (select m.problem_id from catalog_members m join going using (signature_hash))
            and not exists (select from catalog_members m join error_signatures s using (signature_hash)
                where m.problem_id = p.id and m.signature_hash not in (select signature_hash from going))
        """.encode(),
        {"report": report_id},
    )
