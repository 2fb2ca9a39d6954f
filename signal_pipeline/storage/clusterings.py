"""Clusterings of reports: each is kept with its settings and versions; one per report is current, one may be held.

Many reports at once, in a handful of statements. What does not belong here: what readers see (problems.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import class_row, dict_row
from psycopg.types.json import Jsonb


@dataclass(frozen=True)
class ClusterRow:
    """One cluster of a clustering, or with a negative label a signature that its algorithm left alone.

    `frequency` sums its members' occurrences in the report. `nearest`: known problems near it, nearest first.
    """

    label: int
    medoid_hash: str
    title: str
    name: str
    terms: list[str]
    error_type: str
    severity: str
    size: int
    frequency: int
    radius: float
    first_seen: datetime | None
    last_seen: datetime | None
    nearest: list[dict[str, Any]]


@dataclass(frozen=True)
class MemberRow:
    """A signature's place in a clustering; label -1 is noise. Distances are cosine distances."""

    signature_hash: str
    label: int
    is_medoid: bool
    distance_to_medoid: float
    nearest_other_hash: str | None
    nearest_other_distance: float | None
    frequency: int


@dataclass(frozen=True)
class ClusteringRow:
    """The head of a clustering. `held_reason` says why it was not published, if it was not."""

    id: UUID
    report_id: UUID
    algorithm: str
    settings: dict[str, Any]
    versions: dict[str, Any]
    signatures: int
    clusters: int
    noise: int
    dagster_run_id: str | None
    held_reason: str | None = None
    quality: dict[str, Any] | None = None


@dataclass(frozen=True)
class WholeClustering:
    """All rows of one clustering."""

    head: ClusteringRow
    clusters: Sequence[ClusterRow]
    members: Sequence[MemberRow]


_HEAD = (
    "id, report_id, algorithm, settings, versions, signatures, clusters, noise, dagster_run_id, held_reason, quality"
)


def store_clusterings(connection: psycopg.Connection, wholes: Sequence[WholeClustering]) -> None:
    """Keep them. Those that are not held become their reports' current ones; equal ids, hence contents, are replaced.

    The caller holds the reports' locks (signatures.lock_reports).
    """
    if not wholes:
        return
    connection.execute("delete from clusterings where id = any(%s)", ([whole.head.id for whole in wholes],))
    published = [whole.head.report_id for whole in wholes if whole.head.held_reason is None]
    held = [whole.head.report_id for whole in wholes if whole.head.held_reason is not None]
    connection.execute(
        "update clusterings set is_current = false where report_id = any(%s) and is_current", (published,)
    )
    # One waits at most: a newer one takes the place of an older that nobody said yes to.
    connection.execute(
        "update clusterings set held_reason = null where report_id = any(%s) and held_reason is not null",
        (published + held,),
    )
    _copy(
        connection,
        f"copy clusterings ({_HEAD}, is_current) from stdin",
        (
            (
                h.id,
                h.report_id,
                h.algorithm,
                Jsonb(h.settings),
                Jsonb(h.versions),
                h.signatures,
                h.clusters,
                h.noise,
                h.dagster_run_id,
                h.held_reason,
                Jsonb(h.quality or {}),
                h.held_reason is None,
            )
            for h in (whole.head for whole in wholes)
        ),
    )
    _copy(
        connection,
        "copy clusters (clustering_id, label, medoid_hash, title, name, terms, error_type, severity, size, frequency,"
        " radius, first_seen, last_seen, nearest) from stdin",
        (
            (
                whole.head.id,
                c.label,
                c.medoid_hash,
                c.title,
                c.name,
                c.terms,
                c.error_type,
                c.severity,
                c.size,
                c.frequency,
                c.radius,
                c.first_seen,
                c.last_seen,
                Jsonb(c.nearest),
            )
            for whole in wholes
            for c in whole.clusters
        ),
    )
    _copy(
        connection,
        "copy cluster_members (clustering_id, signature_hash, label, is_medoid, distance_to_medoid,"
        " nearest_other_hash, nearest_other_distance, frequency) from stdin",
        (
            (
                whole.head.id,
                m.signature_hash,
                m.label,
                m.is_medoid,
                m.distance_to_medoid,
                m.nearest_other_hash,
                m.nearest_other_distance,
                m.frequency,
            )
            for whole in wholes
            for m in whole.members
        ),
    )


def publish_held(connection: psycopg.Connection, reports: Sequence[UUID]) -> list[UUID]:
    """Make the held clusterings of these reports current; the reports that had one. The caller holds their locks."""
    waiting = [
        row[0]
        for row in connection.execute(
            "select report_id from clusterings where report_id = any(%s) and held_reason is not null"
            " order by created_at, report_id",
            (list(reports),),
        )
    ]
    connection.execute("update clusterings set is_current = false where report_id = any(%s) and is_current", (waiting,))
    connection.execute(
        "update clusterings set is_current = true, held_reason = null"
        " where report_id = any(%s) and held_reason is not null",
        (waiting,),
    )
    return waiting


def held_clusterings(connection: psycopg.Connection) -> list[ClusteringRow]:
    """All held clusterings, oldest first."""
    with connection.cursor(row_factory=class_row(ClusteringRow)) as cursor:
        return cursor.execute(
            f"select {_HEAD} from clusterings where held_reason is not null order by created_at, report_id"
        ).fetchall()


def current_clustering(connection: psycopg.Connection, report_id: UUID) -> ClusteringRow | None:
    return current_clusterings(connection, [report_id]).get(report_id)


def current_clusterings(connection: psycopg.Connection, reports: Sequence[UUID]) -> dict[UUID, ClusteringRow]:
    """By report, where there is one."""
    with connection.cursor(row_factory=class_row(ClusteringRow)) as cursor:
        rows = cursor.execute(
            f"select {_HEAD} from clusterings where report_id = any(%s) and is_current", (list(reports),)
        ).fetchall()
    return {row.report_id: row for row in rows}


def clusterings_of(connection: psycopg.Connection, report_id: UUID) -> list[tuple[ClusteringRow, bool, datetime]]:
    """All that are kept of a report, newest first; whether it is current, and when it was made."""
    rows = connection.execute(
        f"select {_HEAD}, is_current, created_at from clusterings where report_id = %s order by created_at desc, id",
        (report_id,),
    ).fetchall()
    return [(ClusteringRow(*row[:-2]), row[-2], row[-1]) for row in rows]


def current_members(connection: psycopg.Connection, report_id: UUID) -> dict[str, int]:
    """Signature hash to cluster label in the report's current clustering; empty when there is none."""
    head = current_clustering(connection, report_id)
    return {} if head is None else members_by_clustering(connection, [head.id])[head.id]


def members_by_clustering(connection: psycopg.Connection, clusterings: Iterable[UUID]) -> dict[UUID, dict[str, int]]:
    """Signature hash to label, for each of these clusterings."""
    found: dict[UUID, dict[str, int]] = {clustering: {} for clustering in clusterings}
    for clustering, signature, label in connection.execute(
        "select clustering_id, signature_hash, label from cluster_members where clustering_id = any(%s)",
        (list(found),),
    ):
        found[clustering][signature] = label
    return found


def clustered_reports(connection: psycopg.Connection, younger_than_days: float | None = None) -> list[UUID]:
    """Every report (of at most that age) that has a clustering, oldest report first."""
    rows = connection.execute(
        "select r.id from reports r join clusterings c on c.report_id = r.id where c.is_current"
        " and (%(days)s::float8 is null or r.created_at > now() - make_interval(secs => %(days)s::float8 * 86400))"
        " order by r.created_at, r.id",
        {"days": younger_than_days},
    ).fetchall()
    return [row[0] for row in rows]


def _copy(connection: psycopg.Connection, statement: str, rows: Iterable[Sequence[Any]]) -> None:
    with connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        for row in rows:
            copy.write_row(row)


def current_rows(connection: psycopg.Connection, reports: Sequence[UUID]) -> list[dict[str, Any]]:
    """The members of each report's current clustering, in the columns of schemas.CLUSTERS."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            """
            select c.report_id::text, m.signature_hash, m.label as cluster_label, m.is_medoid, m.distance_to_medoid,
                coalesce(e.error_type, k.error_type) as error_type, coalesce(o.severity, k.severity) as severity,
                coalesce(e.key_components ->> 'template', k.title) as template, m.frequency, m.nearest_other_hash,
                m.nearest_other_distance
            from clusterings c
            join cluster_members m on m.clustering_id = c.id
            join clusters k on k.clustering_id = c.id
                and case when m.label >= 0 then k.label = m.label
                    else k.label < 0 and k.medoid_hash = m.signature_hash end
            left join error_signatures e using (signature_hash)
            left join lateral (
                select (array['critical','high','medium','low'])[
                    min(array_position(array['critical','high','medium','low'], severity))] as severity
                from signature_occurrences o where o.report_id = c.report_id and o.signature_hash = m.signature_hash
            ) o on true
            where c.report_id = any(%s) and c.is_current order by c.report_id, m.signature_hash
            """,
            (list(reports),),
        ).fetchall()
