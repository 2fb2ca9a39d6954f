"""Reports and their signals: registering them and reading them back.

What does not belong here: what became of a report (intake.py, outcomes.py) and its errors (signatures.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg


@dataclass(frozen=True)
class Signal:
    """One file of a report. `name` is redacted; `size_bytes` and `sha256` are known when the producer said them."""

    id: UUID
    report_id: UUID
    name: str
    object_key: str
    size_bytes: int | None
    sha256: str | None
    created_at: datetime


@dataclass(frozen=True)
class ReportHead:
    """A report as it was submitted. `title` is redacted."""

    id: UUID
    title: str | None
    source: str
    created_at: datetime


def report_head(connection: psycopg.Connection, report_id: UUID) -> ReportHead | None:
    row = connection.execute("select id, title, source, created_at from reports where id = %s", (report_id,)).fetchone()
    return None if row is None else ReportHead(*row)


def insert_report(connection: psycopg.Connection, report_id: UUID, title: str | None, source: str) -> None:
    """`title` must have been redacted."""
    connection.execute("insert into reports (id, title, source) values (%s, %s, %s)", (report_id, title, source))


def insert_signal(
    connection: psycopg.Connection,
    *,
    signal_id: UUID,
    report_id: UUID,
    name: str,
    object_key: str,
    size_bytes: int,
    sha256: str | None,
    is_ours: bool = False,
) -> None:
    """`name` must have been redacted. `is_ours`: we uploaded the object, so it is deleted with its reports."""
    connection.execute(
        "insert into signals (id, report_id, name, object_key, size_bytes, sha256, is_ours)"
        " values (%s, %s, %s, %s, %s, %s, %s)",
        (signal_id, report_id, name, object_key, size_bytes, sha256, is_ours),
    )


def report_exists(connection: psycopg.Connection, report_id: UUID) -> bool:
    return connection.execute("select 1 from reports where id = %s", (report_id,)).fetchone() is not None


def signals_of(connection: psycopg.Connection, report_id: UUID) -> list[Signal]:
    """The report's files, oldest first; the order is stable."""
    rows = connection.execute(
        "select id, report_id, name, object_key, size_bytes, sha256, created_at"
        " from signals where report_id = %s order by created_at, id",
        (report_id,),
    ).fetchall()
    return [Signal(*row) for row in rows]


def has_file_over(connection: psycopg.Connection, reports: Sequence[UUID], size_bytes: int) -> bool:
    """Whether any file of these reports is larger, or nobody said how large it is."""
    row = connection.execute(
        "select exists (select from signals where report_id = any(%s) and coalesce(size_bytes > %s, true))",
        (list(reports), size_bytes),
    ).fetchone()
    return row is not None and bool(row[0])


def content_digest(signals: Sequence[Signal]) -> str:
    """Identity of what a report holds: equal files give equal digests, one file more gives another."""
    digest = hashlib.sha256()
    for key, sha in sorted((signal.object_key, signal.sha256 or "") for signal in signals):
        digest.update(f"{len(key)}:{key}{sha};".encode())
    return digest.hexdigest()


def report_revision(connection: psycopg.Connection, report_id: UUID) -> str | None:
    """Changes with the report, its clustering, incidents, mark and any verdict; None when there is no such report."""
    row = connection.execute(
        "select r.created_at, r.healthy_at, i.updated_at, c.id, v.decided,"
        " (select max(n.xmin::text::bigint) from incidents n where n.report_id = r.id) from reports r"
        " cross join (select max(greatest(created_at, removed_at)) as decided from verdicts) v"
        " left join lateral (select max(updated_at) as updated_at from intake where report_id = r.id) i on true"
        " left join clusterings c on c.report_id = r.id and c.is_current where r.id = %s",
        (report_id,),
    ).fetchone()
    return None if row is None else " ".join(str(part) for part in row)


def sources_of(connection: psycopg.Connection, reports: Sequence[UUID]) -> dict[UUID, str]:
    """What each report's producer says of where it came from."""
    return dict(connection.execute("select id, source from reports where id = any(%s)", (list(reports),)).fetchall())


def bytes_of(connection: psycopg.Connection, reports: Sequence[UUID]) -> dict[UUID, int]:
    """The sizes of the files of each report in sum, as they were submitted."""
    rows = connection.execute(
        "select report_id, sum(size_bytes)::bigint from signals where report_id = any(%s) group by report_id",
        (list(reports),),
    ).fetchall()
    return dict(rows)
