"""error_signatures and the occurrences of each signature in each report.

A report's contribution is replaced in one transaction, and `frequency` is the sum over the occurrences, so nothing is
ever counted twice. What does not belong here: clusters (clusterings.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import numpy as np
import numpy.typing as npt
import psycopg
from pgvector.psycopg import register_vector
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from signal_pipeline.crashpoints import crashpoint

# Makes the row ids of a signature the same on every machine.
SIGNATURE_NAMESPACE = UUID("6a1f1f3e-0a55-4a56-9b0e-1d5d3f0c7a11")


@dataclass(frozen=True)
class SignatureRow:
    """One signature as a report contributes it. Text has been redacted; `vector` is (384,) float32, unit length."""

    signature_hash: str
    error_type: str
    severity: str
    message: str
    details: str | None
    stack_trace: str | None
    key_components: dict[str, Any]
    vector: npt.NDArray[np.float32]


@dataclass(frozen=True)
class OccurrenceRow:
    """How often a signature occurs in one file of the report, with samples of where."""

    signature_hash: str
    signal_id: UUID
    count: int
    severity: str
    first_seen: datetime | None
    last_seen: datetime | None
    evidence: list[dict[str, Any]]


@dataclass(frozen=True)
class StoredSignature:
    """A signature as it stands in one report: frequency, severity and times are this report's own."""

    signature_hash: str
    error_type: str
    severity: str
    exception_class: str | None
    template: str
    frequency: int
    first_seen: datetime | None
    last_seen: datetime | None
    vector: npt.NDArray[np.float32]


def replace_signatures(
    connection: psycopg.Connection,
    report_id: UUID,
    signatures: Sequence[SignatureRow],
    occurrences: Sequence[OccurrenceRow],
) -> None:
    """Make these the report's signatures and occurrences, in place of what it contributed before."""
    register_vector(connection)
    # One writer per report: a re-run from the UI beside a leased run waits here instead of interleaving.
    connection.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (str(report_id),))
    before = {
        row[0]
        for row in connection.execute(
            "delete from signature_occurrences where report_id = %s returning signature_hash", (report_id,)
        )
    }
    contributed = {signature.signature_hash: signature for signature in signatures}
    touched = sorted(before | contributed.keys())
    # Ordered by hash, the dropped ones too: reports that share signatures lock the rows in the same order, and whoever
    # holds a row's lock sees all occurrences that others have committed.
    for signature_hash in touched:
        if signature_hash in contributed:
            _upsert(connection, report_id, contributed[signature_hash])
        else:
            connection.execute("select from error_signatures where signature_hash = %s for update", (signature_hash,))
    crashpoint("mid_signatures")
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into signature_occurrences (report_id, signature_hash, signal_id, count, severity, first_seen,"
            " last_seen, evidence) values (%s, %s, %s, %s, %s, %s, %s, %s)",
            [
                (
                    report_id,
                    o.signature_hash,
                    o.signal_id,
                    o.count,
                    o.severity,
                    o.first_seen,
                    o.last_seen,
                    Jsonb(o.evidence),
                )
                for o in sorted(occurrences, key=lambda row: (row.signature_hash, row.signal_id))
            ],
        )
    _settle(connection, touched)


def vectors_of(connection: psycopg.Connection, report_id: UUID) -> list[StoredSignature]:
    """The report's signatures for clustering, ordered by hash."""
    register_vector(connection)
    with connection.cursor(row_factory=dict_row, binary=True) as cursor:
        rows = cursor.execute(
            "select s.signature_hash, s.error_type, o.severity, s.key_components ->> 'exception_class' exception_class,"
            " s.key_components ->> 'template' as template, o.count as frequency, o.first_seen, o.last_seen,"
            " s.embedding as vector"
            " from error_signatures s join ("
            "   select signature_hash, sum(count)::bigint as count, min(first_seen) as first_seen,"
            "   max(last_seen) as last_seen,"
            "   (array_agg(severity order by array_position(array['critical','high','medium','low'], severity)))[1]"
            "     as severity"
            "   from signature_occurrences where report_id = %s group by signature_hash"
            " ) o using (signature_hash) order by s.signature_hash",
            (report_id,),
        ).fetchall()
    return [StoredSignature(**(row | {"vector": row["vector"].to_numpy()})) for row in rows]


def _upsert(connection: psycopg.Connection, report_id: UUID, row: SignatureRow) -> None:
    connection.execute(
        "insert into error_signatures (id, report_id, signature_hash, error_type, message, details, stack_trace,"
        " key_components, severity, embedding) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
        " on conflict (signature_hash) do update set embedding = excluded.embedding,"
        " key_components = excluded.key_components, updated_at = now()"
        # An unchanged vector is not written again: that would enter it into the HNSW index anew.
        " where error_signatures.embedding <> excluded.embedding"
        " or error_signatures.key_components <> excluded.key_components",
        (
            uuid5(SIGNATURE_NAMESPACE, row.signature_hash),
            report_id,
            row.signature_hash,
            row.error_type,
            row.message,
            row.details,
            row.stack_trace,
            Jsonb(row.key_components),
            row.severity,
            row.vector,
        ),
    )


def _settle(connection: psycopg.Connection, hashes: list[str]) -> None:
    """Derive frequency and first report from the occurrences; a signature without any goes."""
    connection.execute(
        "delete from error_signatures s where s.signature_hash = any(%s)"
        " and not exists (select from signature_occurrences o where o.signature_hash = s.signature_hash)",
        (hashes,),
    )
    connection.execute(
        """
        update error_signatures s set frequency = o.total, report_id = o.first_report, updated_at = now()
        from (
            select o.signature_hash, sum(o.count) as total,
                   (array_agg(o.report_id order by r.created_at, r.id))[1] as first_report
            from signature_occurrences o join reports r on r.id = o.report_id
            where o.signature_hash = any(%s) group by o.signature_hash
        ) o
        where s.signature_hash = o.signature_hash
          and (s.frequency, s.report_id) is distinct from (o.total, o.first_report)
        """,
        (hashes,),
    )
