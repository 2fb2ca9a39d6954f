"""Rows behind `explain`: a signature, its place in a report's clustering and in the catalog."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import class_row


@dataclass(frozen=True)
class SignatureCard:
    """A signature over all reports."""

    signature_hash: str
    error_type: str
    severity: str
    exception_class: str | None
    template: str
    top_frames: list[str]
    frequency: int
    reports: int
    first_seen: datetime | None
    last_seen: datetime | None
    text: str
    model_version: str


@dataclass(frozen=True)
class PlacedCard:
    """A signature's place in a report's current clustering."""

    clustering_id: UUID
    algorithm: str
    settings: dict[str, Any]
    versions: dict[str, Any]
    created_at: datetime
    label: int
    is_medoid: bool
    distance_to_medoid: float
    nearest_other_hash: str | None
    nearest_other_distance: float | None


def signature_card(connection: psycopg.Connection, signature_hash: str) -> SignatureCard | None:
    """None when no report has it now."""
    with connection.cursor(row_factory=class_row(SignatureCard)) as cursor:
        return cursor.execute(
            "select e.signature_hash, e.error_type, e.severity,"
            " e.key_components ->> 'exception_class' as exception_class,"
            " e.key_components ->> 'template' as template,"
            " array(select jsonb_array_elements_text(coalesce(e.key_components -> 'top_frames', '[]'))) as top_frames,"
            " e.frequency, o.reports, o.first_seen, o.last_seen, coalesce(e.key_components ->> 'text', '') as text,"
            " e.model_version from error_signatures e cross join lateral ("
            "   select count(distinct report_id) as reports, min(first_seen) as first_seen, max(last_seen) as last_seen"
            "   from signature_occurrences o where o.signature_hash = e.signature_hash) o where e.signature_hash = %s",
            (signature_hash,),
        ).fetchone()


def placed_card(connection: psycopg.Connection, report_id: UUID, signature_hash: str) -> PlacedCard | None:
    """None when the report's current clustering does not have it, or there is none."""
    with connection.cursor(row_factory=class_row(PlacedCard)) as cursor:
        return cursor.execute(
            "select c.id as clustering_id, c.algorithm, c.settings, c.versions, c.created_at, m.label, m.is_medoid,"
            " m.distance_to_medoid, m.nearest_other_hash, m.nearest_other_distance"
            " from clusterings c join cluster_members m on m.clustering_id = c.id"
            " where c.report_id = %s and c.is_current and m.signature_hash = %s",
            (report_id, signature_hash),
        ).fetchone()


def mates(connection: psycopg.Connection, clustering_id: UUID, label: int) -> list[tuple[str, float, bool]]:
    """Members of a cluster with distance to the medoid, which comes first; then nearest first."""
    return connection.execute(
        "select signature_hash, distance_to_medoid, is_medoid from cluster_members"
        " where clustering_id = %s and label = %s order by is_medoid desc, distance_to_medoid, signature_hash",
        (clustering_id, label),
    ).fetchall()


def problem_card(connection: psycopg.Connection, problem_id: UUID) -> tuple[UUID, str, str, int, float, str, datetime]:
    """Id, title, label, size, radius, medoid and when it was first placed."""
    row = connection.execute(
        "select id, title, label, size, radius, medoid_hash, created_at from catalog_problems where id = %s",
        (problem_id,),
    ).fetchone()
    assert row is not None
    return row
