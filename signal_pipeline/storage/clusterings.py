"""Clusterings of a report: kept with their settings and versions, one of them current; and how readers get them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb


@dataclass(frozen=True)
class ClusterRow:
    """One cluster of a clustering; `frequency` sums its members' occurrences in the report."""

    label: int
    medoid_hash: str
    title: str
    error_type: str
    severity: str
    size: int
    frequency: int
    first_seen: datetime | None
    last_seen: datetime | None


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
    """The head of a clustering."""

    id: UUID
    report_id: UUID
    algorithm: str
    settings: dict[str, Any]
    versions: dict[str, Any]
    signatures: int
    clusters: int
    noise: int
    dagster_run_id: str | None


@dataclass(frozen=True)
class ProblemRow:
    """A cluster, or a signature on its own (label -1), as a triager reads it."""

    label: int
    title: str
    error_type: str
    severity: str
    size: int
    frequency: int
    first_seen: datetime | None
    last_seen: datetime | None
    signature_hashes: list[str]
    evidence: list[dict[str, Any]]


def publish_clustering(
    connection: psycopg.Connection, head: ClusteringRow, clusters: Sequence[ClusterRow], members: Sequence[MemberRow]
) -> None:
    """Make this the report's current clustering. One with the same id, hence the same content, is replaced."""
    connection.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (str(head.report_id),))
    connection.execute("delete from clusterings where id = %s", (head.id,))
    connection.execute(
        "update clusterings set is_current = false where report_id = %s and is_current", (head.report_id,)
    )
    connection.execute(
        "insert into clusterings (id, report_id, is_current, algorithm, settings, versions, signatures, clusters,"
        " noise, dagster_run_id) values (%s, %s, true, %s, %s, %s, %s, %s, %s, %s)",
        (
            head.id,
            head.report_id,
            head.algorithm,
            Jsonb(head.settings),
            Jsonb(head.versions),
            head.signatures,
            head.clusters,
            head.noise,
            head.dagster_run_id,
        ),
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into clusters (clustering_id, label, medoid_hash, title, error_type, severity, size, frequency,"
            " first_seen, last_seen) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                (
                    head.id,
                    c.label,
                    c.medoid_hash,
                    c.title,
                    c.error_type,
                    c.severity,
                    c.size,
                    c.frequency,
                    c.first_seen,
                    c.last_seen,
                )
                for c in clusters
            ],
        )
        cursor.executemany(
            "insert into cluster_members (clustering_id, signature_hash, label, is_medoid, distance_to_medoid,"
            " nearest_other_hash, nearest_other_distance, frequency) values (%s, %s, %s, %s, %s, %s, %s, %s)",
            [
                (
                    head.id,
                    m.signature_hash,
                    m.label,
                    m.is_medoid,
                    m.distance_to_medoid,
                    m.nearest_other_hash,
                    m.nearest_other_distance,
                    m.frequency,
                )
                for m in members
            ],
        )


def current_clustering(connection: psycopg.Connection, report_id: UUID) -> ClusteringRow | None:
    with connection.cursor(row_factory=class_row(ClusteringRow)) as cursor:
        return cursor.execute(
            "select id, report_id, algorithm, settings, versions, signatures, clusters, noise, dagster_run_id"
            " from clusterings where report_id = %s and is_current",
            (report_id,),
        ).fetchone()


def current_members(connection: psycopg.Connection, report_id: UUID) -> dict[str, int]:
    """Signature hash to cluster label in the report's current clustering; empty when there is none."""
    rows = connection.execute(
        "select m.signature_hash, m.label from cluster_members m join clusterings c on c.id = m.clustering_id"
        " where c.report_id = %s and c.is_current",
        (report_id,),
    ).fetchall()
    return {row[0]: row[1] for row in rows}


def clustered_reports(connection: psycopg.Connection) -> list[UUID]:
    """Every report that has a clustering, oldest report first."""
    rows = connection.execute(
        "select r.id from reports r join clusterings c on c.report_id = r.id where c.is_current"
        " order by r.created_at, r.id"
    ).fetchall()
    return [row[0] for row in rows]


def problems_of(connection: psycopg.Connection, report_id: UUID, *, evidence_per_problem: int = 5) -> list[ProblemRow]:
    """The current clusters and, one by one, the noise; worst and most frequent first."""
    with connection.cursor(row_factory=class_row(ProblemRow)) as cursor:
        return cursor.execute(
            """
            with members as (
                -- a number for each problem, noise one by one: joins and sorts by text took most of the time
                select m.*, case when m.label = -1 then -row_number() over (order by m.signature_hash)
                            else m.label end as problem
                from cluster_members m join clusterings c on c.id = m.clustering_id
                where c.report_id = %(report)s and c.is_current
            ), seen as (
                select m.problem, o.severity, o.count, o.first_seen, o.last_seen, o.signal_id, s.name, item.value,
                       row_number() over (
                         partition by m.problem order by s.created_at, s.id, item.ordinality, m.signature_hash) as place
                from members m
                join signature_occurrences o on o.report_id = %(report)s and o.signature_hash = m.signature_hash
                join signals s on s.id = o.signal_id
                cross join lateral jsonb_array_elements(o.evidence) with ordinality item
            ), evidence as (
                select problem, jsonb_agg(
                         value || jsonb_build_object('file', name, 'signal_id', signal_id) order by place
                       ) filter (where place <= %(samples)s) as evidence
                from seen group by problem
            ), times as (
                select m.problem, min(o.first_seen) as first_seen, max(o.last_seen) as last_seen,
                       (array_agg(o.severity order by array_position(
                          array['critical','high','medium','low'], o.severity)))[1] as severity
                from members m
                join signature_occurrences o on o.report_id = %(report)s and o.signature_hash = m.signature_hash
                group by m.problem
            )
            select m.label, min(e.key_components ->> 'template') filter (where m.is_medoid or m.label = -1) as title,
                   min(e.error_type) filter (where m.is_medoid or m.label = -1) as error_type,
                   t.severity, count(*)::int as size, sum(m.frequency)::bigint as frequency,
                   t.first_seen, t.last_seen,
                   array_agg(m.signature_hash order by m.frequency desc, m.signature_hash) as signature_hashes,
                   coalesce(v.evidence, '[]'::jsonb) as evidence
            from members m
            join error_signatures e using (signature_hash)
            join times t using (problem)
            left join evidence v using (problem)
            group by m.problem, m.label, t.severity, t.first_seen, t.last_seen, v.evidence
            order by array_position(array['critical','high','medium','low'], t.severity), frequency desc, title
            """,
            {"report": report_id, "samples": evidence_per_problem},
        ).fetchall()
