"""What readers see of a report: its problems, each with evidence, whether it was seen before, and what is near it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import class_row, dict_row

SAMPLES_PER_PROBLEM = 5
Sample = tuple[int, int, str, dict[str, Any]]
"""Which of the report's files, which of the signature's samples there, the signature, and the sample."""


@dataclass(frozen=True)
class ProblemRow:
    """A cluster, or a signature on its own (label -1), as a triager reads it. Times are those of this report.

    `problem_id` is its id in the catalog; `is_known` says that a report made before this one has it, or that it was a
    signal of business events before; `reports` counts all that have it. `signal_since`: when the first of these
    signals was, null without one before it was in this report.
    `nearest`: known problems near it, [{problem_id, signature_hash, distance, title}].
    """

    label: int
    title: str
    label_terms: str
    error_type: str
    severity: str
    size: int
    frequency: int
    radius: float
    first_seen: datetime | None
    last_seen: datetime | None
    signature_hashes: list[str]
    medoid_hash: str
    problem_id: UUID | None
    problems: list[UUID]
    is_known: bool
    reports: int
    first_report_id: UUID | None
    first_reported_at: datetime | None
    first_seen_anywhere: datetime | None
    last_seen_anywhere: datetime | None
    signal_since: datetime | None
    verdict: str | None
    fixed_in: str | None
    seen_after_fix: bool
    nearest: list[dict[str, Any]]
    evidence: list[dict[str, Any]]


def problems_of(
    connection: psycopg.Connection, report_id: UUID, *, evidence_of: range | None = None
) -> list[ProblemRow]:
    """The current clusters and, one by one, the noise; what is no bug last, else worst and most frequent first.

    `evidence_of`: places in that order whose evidence is read; by default all.
    """
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            """
            with problems as materialized (
                select p.*, k.title as template, k.radius
                from report_problems p
                join clusters k on k.clustering_id = p.clustering_id and k.label = p.label
                where p.report_id = %s
            ), hashes as (
                select p.label, array_agg(m.signature_hash order by m.frequency desc, m.signature_hash) as hashes
                from problems p join lateral (
                    select signature_hash, frequency from cluster_members
                    where p.label >= 0 and clustering_id = p.clustering_id and label = p.label
                    union all
                    select signature_hash, frequency from cluster_members
                    where p.label < 0 and clustering_id = p.clustering_id and signature_hash = p.medoid_hash
                ) m on true
                group by p.label
            )
            select greatest(p.label, -1) as label, p.template as title, p.label_terms, p.error_type, p.severity,
                   p.signatures as size, p.frequency, p.radius, p.first_seen, p.last_seen,
                   h.hashes as signature_hashes, p.medoid_hash,
                   p.problem_id, coalesce(p.problems, '{}') as problems, p.is_known, p.reports, p.first_report_id,
                   p.first_reported_at, p.first_seen_anywhere, p.last_seen_anywhere, p.signal_since,
                   p.verdict, p.fixed_in,
                   coalesce(p.verdict = 'fixed' and r.created_at > p.verdict_at, false) as seen_after_fix,
                   coalesce((
                     select jsonb_agg(n.value || jsonb_build_object('problem_id', c.id, 'title', c.title)
                              order by n.ordinality)
                     from jsonb_array_elements(p.nearest) with ordinality n
                     join catalog_problems old on old.id = (n.value ->> 'problem_id')::uuid
                     join catalog_problems c on c.id = coalesce(old.merged_into, old.id)
                     where c.id <> all(coalesce(p.problems, '{}'))), '[]') as nearest
            from problems p
            join reports r on r.id = p.report_id
            join hashes h on h.label = p.label
            order by coalesce(p.verdict = 'not_a_bug', false),
                     array_position(array['critical','high','medium','low'], p.severity), p.frequency desc,
                     p.template, p.medoid_hash
            """,
            (report_id,),
        ).fetchall()
    shown = rows if evidence_of is None else rows[evidence_of.start : evidence_of.stop]
    found = _samples_of(connection, report_id, [h for row in shown for h in row["signature_hashes"]])
    return [
        ProblemRow(**row, evidence=_first_samples(found, row["signature_hashes"], SAMPLES_PER_PROBLEM)) for row in rows
    ]


@dataclass(frozen=True)
class SeenRow:
    """One problem of a report in short, for tables of many reports."""

    report_id: UUID
    title: str
    severity: str
    frequency: int
    is_known: bool
    reports: int
    first_reported_at: datetime | None
    nearest_distance: float | None


def seen_before(connection: psycopg.Connection, reports: Sequence[UUID], per_report: int) -> dict[UUID, list[SeenRow]]:
    """The most frequent problems of each report and whether they were seen before."""
    found: dict[UUID, list[SeenRow]] = {report_id: [] for report_id in reports}
    with connection.cursor(row_factory=class_row(SeenRow)) as cursor:
        rows = cursor.execute(
            """
            with chosen as materialized (
                select wanted.report_id, k.label
                from unnest(%s::uuid[]) as wanted (report_id)
                join clusterings c on c.report_id = wanted.report_id and c.is_current
                cross join lateral (
                    select label from clusters k where k.clustering_id = c.id
                    order by k.frequency desc, k.medoid_hash limit %s
                ) k
            )
            select p.report_id, p.title, p.severity, p.frequency, p.is_known, p.reports, p.first_reported_at,
                (p.nearest -> 0 ->> 'distance')::float8 as nearest_distance
            from chosen join report_problems p on p.report_id = chosen.report_id and p.label = chosen.label
            order by p.frequency desc, p.medoid_hash
            """,
            (list(reports), per_report),
        ).fetchall()
    for row in rows:
        found[row.report_id].append(row)
    return found


def known_counts(connection: psycopg.Connection, reports: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """For each report how many of its current problems a report that was made before it has, and how many are new."""
    rows = connection.execute(
        """
        with placed as materialized (
            select distinct c.report_id, case when x.label >= 0 then x.label::text else x.signature_hash end as cluster,
                m.problem_id
            from clusterings c join cluster_members x on x.clustering_id = c.id
            left join catalog_members m using (signature_hash)
            where c.report_id = any(%s) and c.is_current
        ), firsts as materialized (
            select p.problem_id, (
                select r.id from catalog_members m join error_signatures e using (signature_hash)
                join reports r on r.id = e.report_id
                where m.problem_id = p.problem_id order by row(r.created_at, r.id) limit 1
            ) as report_id from (select distinct problem_id from placed) p
        ), clusters as (
            select placed.report_id, placed.cluster, bool_or(firsts.report_id <> placed.report_id) as is_known
            from placed left join firsts using (problem_id) group by placed.report_id, placed.cluster
        )
        select report_id, count(*) filter (where is_known), count(*) filter (where is_known is not true)
        from clusters group by report_id
        """,
        (list(reports),),
    ).fetchall()
    return dict.fromkeys(reports, (0, 0)) | {row[0]: (row[1], row[2]) for row in rows}


def _samples_of(connection: psycopg.Connection, report_id: UUID, signatures: list[str]) -> dict[str, list[Sample]]:
    """The samples of each of these signatures. Put in order here: for a handful of each, Postgres takes longer."""
    found: dict[str, list[Sample]] = {}
    for signature, file, name, signal_id, samples in connection.execute(
        """
        select o.signature_hash, dense_rank() over (order by s.created_at, s.id), s.name, s.id, o.evidence
        from signature_occurrences o join signals s on s.id = o.signal_id
        where o.report_id = %s and o.signature_hash = any(%s)
        """,
        (report_id, signatures),
    ):
        where = {"file": name, "signal_id": str(signal_id)}
        found.setdefault(signature, []).extend(
            (file, number, signature, sample | where) for number, sample in enumerate(samples)
        )
    return found


def _first_samples(found: dict[str, list[Sample]], signatures: list[str], count: int) -> list[dict[str, Any]]:
    """The first samples of these signatures together: of the first file, and of each signature before its second."""
    samples = [sample for signature in signatures for sample in found.get(signature, ())]
    return [sample for *_, sample in sorted(samples, key=lambda one: one[:3])[:count]]
