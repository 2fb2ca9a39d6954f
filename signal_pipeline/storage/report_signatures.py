"""A report's signatures as they are clustered: its own counts and times, and the vectors that are stored.

Many reports at once: each signature's row and vector are read once, however many of the reports have it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
import psycopg
from pgvector.psycopg import register_vector
from psycopg.rows import dict_row

from signal_pipeline.errors import VectorsMixed
from signal_pipeline.storage.embeddings import lookup_vectors


@dataclass(frozen=True)
class StoredSignature:
    """A signature as it stands in one report: frequency, severity and times are this report's own."""

    signature_hash: str
    error_type: str
    severity: str
    exception_class: str | None
    template: str
    top_frames: list[str]
    frequency: int
    first_seen: datetime | None
    last_seen: datetime | None
    vector: npt.NDArray[np.float32]


def signatures_of(
    connection: psycopg.Connection, reports: Sequence[UUID]
) -> dict[UUID, list[StoredSignature] | VectorsMixed]:
    """Each report's signatures, ordered by hash; an empty list where there are none.

    VectorsMixed in place of the list of a report whose vectors come from several models of which none has them all:
    the other reports are not held up by it.
    """
    found: dict[UUID, list[StoredSignature] | VectorsMixed] = {report_id: [] for report_id in reports}
    with connection.cursor(row_factory=dict_row) as cursor:
        counted = cursor.execute(
            "select report_id, signature_hash, sum(count)::bigint as frequency, min(first_seen) as first_seen,"
            " max(last_seen) as last_seen, (array['critical','high','medium','low'])["
            "   min(array_position(array['critical','high','medium','low'], severity))] as severity"
            " from signature_occurrences where report_id = any(%s) group by report_id, signature_hash"
            ' order by report_id, signature_hash collate "C"',
            (list(found),),
        ).fetchall()
    facts = _facts(connection, sorted({row["signature_hash"] for row in counted}))
    by_report: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in counted:
        by_report[row["report_id"]].append(row)
    for report_id, rows in by_report.items():
        try:
            vectors = _vectors(connection, report_id, [facts[row["signature_hash"]] for row in rows])
        except VectorsMixed as error:
            found[report_id] = error
            continue
        found[report_id] = [
            StoredSignature(
                signature_hash=row["signature_hash"],
                error_type=facts[row["signature_hash"]]["error_type"],
                severity=row["severity"],
                exception_class=facts[row["signature_hash"]]["exception_class"],
                template=facts[row["signature_hash"]]["template"],
                top_frames=facts[row["signature_hash"]]["top_frames"],
                frequency=row["frequency"],
                first_seen=row["first_seen"],
                last_seen=row["last_seen"],
                vector=vector,
            )
            for row, vector in zip(rows, vectors, strict=True)
        ]
    return found


def signatures_of_one(connection: psycopg.Connection, report_id: UUID) -> list[StoredSignature]:
    """The same for one report; raises VectorsMixed."""
    found = signatures_of(connection, [report_id])[report_id]
    if isinstance(found, VectorsMixed):
        raise found
    return found


def _facts(connection: psycopg.Connection, hashes: list[str]) -> dict[str, dict[str, Any]]:
    register_vector(connection)
    with connection.cursor(row_factory=dict_row, binary=True) as cursor:
        rows = cursor.execute(
            "select signature_hash, error_type, key_components ->> 'exception_class' as exception_class,"
            " key_components ->> 'template' as template, coalesce(key_components -> 'top_frames', '[]') as top_frames,"
            " model_version, text_hash, embedding as vector"
            " from error_signatures where signature_hash = any(%s)",
            (hashes,),
        ).fetchall()
    return {row["signature_hash"]: row | {"vector": row["vector"].to_numpy()} for row in rows}


def _vectors(
    connection: psycopg.Connection, report_id: UUID, facts: Sequence[Mapping[str, Any]]
) -> list[npt.NDArray[np.float32]]:
    """Vectors of one model. After a change of model some signatures were embedded again by other reports, but the
    store still has what the former model made of them."""
    versions = {fact["model_version"] for fact in facts}
    if len(versions) == 1:
        return [fact["vector"] for fact in facts]
    row = connection.execute(
        "select array_agg(model_version order by newest desc) from (select model_version, max(created_at) as newest"
        " from embedding_store where text_hash = any(%s) group by model_version"
        " having count(*) = %s) complete",
        ([fact["text_hash"] for fact in facts], len({fact["text_hash"] for fact in facts})),
    ).fetchone()
    if not row or not row[0]:
        raise VectorsMixed(
            f"report {report_id} has vectors of {len(versions)} models; materialize embeddings for it again"
        )
    kept = lookup_vectors(connection, row[0][0], [fact["text_hash"] for fact in facts])
    return [kept[fact["text_hash"]] for fact in facts]


def hashes_of(connection: psycopg.Connection, reports: Sequence[UUID]) -> list[str]:
    """The signatures of all these reports, each once."""
    rows = connection.execute(
        "select distinct signature_hash from signature_occurrences where report_id = any(%s)", (list(reports),)
    ).fetchall()
    return [row[0] for row in rows]
