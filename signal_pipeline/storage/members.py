"""The signatures of a report's current clusters with what their texts say: for readers who ask why."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import psycopg
from psycopg.rows import class_row


@dataclass(frozen=True)
class MemberDetail:
    """One signature in the report's current clustering; label -1 is noise. All text is redacted."""

    signature_hash: str
    label: int
    is_medoid: bool
    distance_to_medoid: float
    frequency: int
    template: str
    exception_class: str | None
    top_frames: list[str]
    message: str
    stack_trace: str | None
    nearest_other_hash: str | None
    nearest_other_distance: float | None
    nearest_other_template: str | None


def members_of(connection: psycopg.Connection, report_id: UUID, *, limit: int) -> list[MemberDetail]:
    """The most frequent `limit` members, medoids first."""
    with connection.cursor(row_factory=class_row(MemberDetail)) as cursor:
        return cursor.execute(
            "select m.signature_hash, m.label, m.is_medoid, m.distance_to_medoid, m.frequency,"
            " e.key_components ->> 'template' as template, e.key_components ->> 'exception_class' as exception_class,"
            " coalesce((select array_agg(f) from jsonb_array_elements_text(e.key_components -> 'top_frames') f), '{}')"
            "   as top_frames,"
            " e.message, e.stack_trace, m.nearest_other_hash, m.nearest_other_distance,"
            " n.key_components ->> 'template' as nearest_other_template"
            " from cluster_members m join clusterings c on c.id = m.clustering_id and c.is_current"
            " join error_signatures e on e.signature_hash = m.signature_hash"
            " left join error_signatures n on n.signature_hash = m.nearest_other_hash"
            " where c.report_id = %s order by m.is_medoid desc, m.frequency desc, m.signature_hash limit %s",
            (report_id, limit),
        ).fetchall()
