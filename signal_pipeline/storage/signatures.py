"""error_signatures and the occurrences of each signature in each report.

A report's contribution is replaced in one transaction, and `frequency` is the sum over the occurrences, so nothing is
ever counted twice. Each function takes many reports and sends a handful of statements, however many there are. What
does not belong here: reading them back for clustering (report_signatures.py), and clusters (clusterings.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import psycopg
from psycopg.types.json import Jsonb

from signal_pipeline.crashpoints import crashpoint

# Makes the row ids of a signature the same on every machine.
SIGNATURE_NAMESPACE = UUID("6a1f1f3e-0a55-4a56-9b0e-1d5d3f0c7a11")

HAS_SIGNALS = (
    "exists (select from signal_subjects k join business_signals b using (kind, subject)"
    " where k.signature_hash = s.signature_hash)"
)
"""Of a signature `s`: whether signals of events say it."""


@dataclass(frozen=True)
class SignatureRow:
    """One signature as a report contributes it. Text has been redacted; its vector is in the embedding store."""

    signature_hash: str
    error_type: str
    severity: str
    message: str
    details: str | None
    stack_trace: str | None
    key_components: dict[str, Any]
    model_version: str
    text_hash: bytes


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
class Contribution:
    """All that one report has: unique signatures, and where each of them occurs."""

    report_id: UUID
    signatures: Sequence[SignatureRow]
    occurrences: Sequence[OccurrenceRow]


def replace_signatures(connection: psycopg.Connection, contributions: Sequence[Contribution]) -> None:
    """Make these the reports' signatures and occurrences, in place of what they contributed before.

    DatabaseRefused when the embedding store lacks a vector.
    """
    reports = sorted({contribution.report_id for contribution in contributions})
    lock_reports(connection, reports)
    before = {
        row[0]
        for row in connection.execute(
            "delete from signature_occurrences where report_id = any(%s) returning signature_hash", (reports,)
        )
    }
    new = _distinct(contributions)
    touched = sorted(before | new.keys())
    # What exists is locked before anything is inserted, and both in order of the hashes, the dropped ones too: writers
    # that share signatures wait in one direction, and whoever holds a row's lock sees all occurrences that others have
    # committed.
    connection.execute(
        "select from error_signatures where signature_hash = any(%s) order by signature_hash for update", (touched,)
    )
    insert_signatures(connection, [new[key] for key in sorted(new)])
    crashpoint("mid_signatures")
    _insert_occurrences(connection, contributions)
    _settle(connection, touched, reports)


def lock_reports(connection: psycopg.Connection, reports: Sequence[UUID]) -> None:
    """One writer per report: a re-run from the UI beside a leased run waits here instead of interleaving."""
    connection.execute(
        "select pg_advisory_xact_lock(hashtextextended(id, 0)) from unnest(%s::text[]) as id",
        ([str(report_id) for report_id in sorted(reports)],),
    )


def _distinct(contributions: Iterable[Contribution]) -> dict[str, tuple[UUID, SignatureRow]]:
    """Each signature once; the report with the smallest id lends it, so that the order of reports plays no part."""
    found: dict[str, tuple[UUID, SignatureRow]] = {}
    for contribution in sorted(contributions, key=lambda one: one.report_id):
        for row in contribution.signatures:
            found.setdefault(row.signature_hash, (contribution.report_id, row))
    return found


def insert_signatures(connection: psycopg.Connection, rows: Sequence[tuple[UUID | None, SignatureRow]]) -> None:
    """Those that are there get the vectors and texts of these. None for a report: only signals of events have it."""
    if not rows:
        return
    connection.execute(
        """
        insert into error_signatures (id, report_id, signature_hash, error_type, message, details, stack_trace,
            key_components, severity, model_version, text_hash, embedding)
        select new.id, new.report_id, new.signature_hash, new.error_type, new.message, new.details, new.stack_trace,
            new.key_components, new.severity, new.model_version, new.text_hash, store.vector
        from unnest(%b::uuid[], %b::uuid[], %b::text[], %b::text[], %b::text[], %b::text[], %b::text[], %b::jsonb[],
            %b::text[], %b::text[], %b::bytea[])
          with ordinality as new (id, report_id, signature_hash, error_type, message, details, stack_trace,
            key_components, severity, model_version, text_hash, place)
        left join embedding_store store on store.model_version = new.model_version and store.text_hash = new.text_hash
        order by new.place
        on conflict (signature_hash) do update set embedding = excluded.embedding,
            model_version = excluded.model_version, text_hash = excluded.text_hash,
            key_components = excluded.key_components, updated_at = now()
        -- An unchanged vector is not written again: that would enter it into the HNSW index again.
        where (error_signatures.model_version, error_signatures.text_hash, error_signatures.key_components)
            is distinct from (excluded.model_version, excluded.text_hash, excluded.key_components)
        """,
        (
            [uuid5(SIGNATURE_NAMESPACE, row.signature_hash) for _, row in rows],
            [report_id for report_id, _ in rows],
            [row.signature_hash for _, row in rows],
            [row.error_type for _, row in rows],
            [row.message for _, row in rows],
            [row.details for _, row in rows],
            [row.stack_trace for _, row in rows],
            [Jsonb(row.key_components) for _, row in rows],
            [row.severity for _, row in rows],
            [row.model_version for _, row in rows],
            [row.text_hash for _, row in rows],
        ),
    )


def _insert_occurrences(connection: psycopg.Connection, contributions: Sequence[Contribution]) -> None:
    rows = [
        (c.report_id, o.signature_hash, o.signal_id, o.count, o.severity, o.first_seen, o.last_seen, Jsonb(o.evidence))
        for c in contributions
        for o in sorted(c.occurrences, key=lambda row: (row.signature_hash, row.signal_id))
    ]
    if not rows:
        return
    with (
        connection.cursor() as cursor,
        cursor.copy(
            "copy signature_occurrences (report_id, signature_hash, signal_id, count, severity, first_seen, last_seen,"
            " evidence) from stdin"
        ) as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _settle(connection: psycopg.Connection, hashes: list[str], reports: list[UUID]) -> None:
    """Derive frequency, worst severity and first report from the occurrences; a signature without any goes, unless
    signals of events have it: then it stays without what the reports said.

    The first report is looked for among all of them only where the one that is noted has dropped the signature: a
    frequent signature is in a hundred thousand reports.
    """
    if not hashes:
        return
    connection.execute(
        "delete from error_signatures s where s.signature_hash = any(%s)"
        f" and not exists (select from signature_occurrences o where o.signature_hash = s.signature_hash)"
        f" and not {HAS_SIGNALS}",
        (hashes,),
    )
    connection.execute(
        "update error_signatures s set report_id = null, frequency = 0, message = s.key_components ->> 'template',"
        " details = null, stack_trace = null, updated_at = now()"
        " where s.signature_hash = any(%s) and s.report_id is not null"
        " and not exists (select from signature_occurrences o where o.signature_hash = s.signature_hash)",
        (hashes,),
    )
    connection.execute(
        """
        with totals as (
            select signature_hash, sum(count)::bigint as total,
                min(array_position(array['critical','high','medium','low'], severity)) as rank
            from signature_occurrences where signature_hash = any(%(hashes)s) group by signature_hash
        ), firsts as (
            select s.signature_hash, case when noted.stays then (
                select r.id from reports r
                where r.id in (
                    select s.report_id union all
                    select o.report_id from signature_occurrences o
                    where o.signature_hash = s.signature_hash and o.report_id = any(%(reports)s))
                order by r.created_at, r.id limit 1
            ) else (
                select r.id from signature_occurrences o join reports r on r.id = o.report_id
                where o.signature_hash = s.signature_hash order by r.created_at, r.id limit 1
            ) end as report_id
            from error_signatures s cross join lateral (
                select exists (select from signature_occurrences o
                    where o.signature_hash = s.signature_hash and o.report_id = s.report_id) as stays
            ) noted
            where s.signature_hash = any(%(hashes)s)
        ), settled as (
            select signature_hash, t.total, f.report_id,
                (array['critical','high','medium','low'])[t.rank] as severity
            from totals t join firsts f using (signature_hash)
        )
        update error_signatures s
        set frequency = n.total, report_id = n.report_id, severity = n.severity, updated_at = now()
        from settled n where s.signature_hash = n.signature_hash
          and (s.frequency, s.report_id, s.severity) is distinct from (n.total, n.report_id, n.severity)
        """,
        {"hashes": hashes, "reports": reports},
    )
