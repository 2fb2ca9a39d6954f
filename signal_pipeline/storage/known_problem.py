"""One problem of the catalog, and the reports that have it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg
from psycopg.rows import class_row


@dataclass(frozen=True)
class KnownProblem:
    """`reports` and `frequency` count all reports as they are now, `signals` those of business events. `verdict` is
    what people decided last."""

    id: UUID
    title: str
    label: str
    error_type: str
    signatures: int
    medoid_hash: str
    reports: int
    frequency: int
    signals: int
    first_seen: datetime | None
    last_seen: datetime | None
    verdict: str | None
    fixed_in: str | None


@dataclass(frozen=True)
class ReportWithProblem:
    """`frequency`, `first_seen` and `last_seen` are those of the problem in this report."""

    report_id: UUID
    title: str | None
    source: str
    created_at: datetime
    frequency: int
    first_seen: datetime | None
    last_seen: datetime | None


def known_problem(connection: psycopg.Connection, problem_id: UUID) -> KnownProblem | None:
    """The problem that this id leads to now: a merged one's is that of what it became part of."""
    with connection.cursor(row_factory=class_row(KnownProblem)) as cursor:
        return cursor.execute(
            """
            select k.id, t.title, k.label, k.error_type, k.signatures, k.medoid_hash, coalesce(k.reports, 0) as reports,
                coalesce(k.frequency, 0) as frequency, k.signals, k.first_seen, k.last_seen,
                decided.verdict, decided.fixed_in
            from catalog_problems asked join known_problems k on k.id = coalesce(asked.merged_into, asked.id)
            join problem_titles t on t.problem_id = k.id
            left join lateral (
                select v.kind as verdict, v.fixed_in
                from verdicts v join catalog_members m using (signature_hash)
                where v.removed_at is null and v.other_hash is null and m.problem_id = k.id
                order by v.created_at desc limit 1
            ) decided on true
            where asked.id = %s
            """,
            (problem_id,),
        ).fetchone()


def reports_with(
    connection: psycopg.Connection, problem_id: UUID, *, limit: int, after: tuple[datetime, UUID] | None = None
) -> list[ReportWithProblem]:
    """Up to `limit` reports, newest first, that come after the given one. `problem_id` is one that stands."""
    at, report_id = after or (None, None)
    with connection.cursor(row_factory=class_row(ReportWithProblem)) as cursor:
        return cursor.execute(
            """
            select r.id as report_id, r.title, r.source, r.created_at, sum(o.count)::bigint as frequency,
                min(o.first_seen) as first_seen, max(o.last_seen) as last_seen
            from catalog_members m join signature_occurrences o using (signature_hash)
            join reports r on r.id = o.report_id
            where m.problem_id = %(problem)s
              and (%(at)s::timestamptz is null or (r.created_at, r.id) < (%(at)s, %(id)s::uuid))
            group by r.id order by r.created_at desc, r.id desc limit %(limit)s
            """,
            {"problem": problem_id, "at": at, "id": report_id, "limit": limit},
        ).fetchall()


@dataclass(frozen=True)
class FrequentProblem:
    """`reports` of the last days have it."""

    id: UUID
    error_type: str
    reports: int


def frequent_problems(connection: psycopg.Connection, most: int, days: int = 7) -> list[FrequentProblem]:
    """Those that most reports of the last `days` have, the most frequent first."""
    with connection.cursor(row_factory=class_row(FrequentProblem)) as cursor:
        return cursor.execute(
            "select p.id, p.error_type, count(distinct o.report_id) as reports from reports r"
            " join signature_occurrences o on o.report_id = r.id join catalog_members m using (signature_hash)"
            " join catalog_problems p on p.id = m.problem_id"
            " where r.created_at > now() - make_interval(days => %s) and p.merged_into is null"
            " group by p.id, p.error_type order by reports desc, p.id limit %s",
            (days, most),
        ).fetchall()
