"""What the catalog knows of causes and symptoms over all reports: which problem follows from which, in how many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import class_row

MAX_CAUSES = 5
MAX_SYMPTOMS = 20


@dataclass(frozen=True)
class KnownCause:
    """A problem of the catalog that a symptom followed from, in `reports` of the `seen` reports that tell its cause.

    `decided`: that a person said so, in words; such a one is counted in no report.
    """

    problem_id: UUID
    title: str
    reports: int
    seen: int
    decided: str = ""

    @property
    def share(self) -> float:
        return 1.0 if self.decided else self.reports / self.seen


@dataclass(frozen=True)
class KnownSymptom:
    """A problem of the catalog that follows from another one, in so many reports and incidents."""

    problem_id: UUID
    title: str
    reports: int
    incidents: int


@dataclass(frozen=True)
class CatalogProblem:
    """A problem that was a cause in `reports` reports. `frequency` counts its own errors, in any part, and `signals`
    those of business events that say it."""

    id: UUID
    title: str
    label: str
    error_type: str
    medoid_hash: str
    signatures: int
    reports: int
    incidents: int
    frequency: int
    signals: int
    first_seen: datetime | None
    last_seen: datetime | None
    verdict: str | None
    fixed_in: str | None


def known_causes(connection: psycopg.Connection, report_id: UUID | None, symptom: UUID) -> list[KnownCause]:
    """What the signatures of a problem followed from in other reports than `report_id`, the most frequent first.

    What is background where it was found explains nothing.
    """
    with connection.cursor(row_factory=class_row(KnownCause)) as cursor:
        return cursor.execute(
            """
            with followed as (
                select s.report_id, coalesce(old.merged_into, old.id) as cause, sum(s.incidents) as incidents
                from catalog_members m
                join incident_symptoms s on s.symptom_signature = m.signature_hash
                join catalog_members c on c.signature_hash = s.root_signature
                join catalog_problems old on old.id = c.problem_id
                left join report_causes rc on rc.report_id = s.report_id and rc.root_signature = s.root_signature
                where m.problem_id = %(symptom)s and c.problem_id <> %(symptom)s
                  and s.report_id is distinct from %(report)s and rc.is_background is not true
                group by 1, 2
            )
            select p.problem_id, p.title, count(*) as reports,
                   (select count(distinct report_id) from followed) as seen
            from followed f join problem_titles p on p.problem_id = f.cause
            group by p.problem_id, p.title order by count(*) desc, sum(f.incidents) desc, p.title limit %(most)s
            """,
            {"report": report_id, "symptom": symptom, "most": MAX_CAUSES},
        ).fetchall()


def decided_causes(connection: psycopg.Connection, problems: Sequence[UUID]) -> dict[UUID, list[KnownCause]]:
    """What people said that each of these problems is caused by, the latest first."""
    found: dict[UUID, list[KnownCause]] = {problem: [] for problem in problems}
    rows = connection.execute(
        """
        select s.problem_id, p.problem_id, p.title, v.created_by, v.created_at
        from verdicts v
        join catalog_members s on s.signature_hash = v.signature_hash
        join catalog_members c on c.signature_hash = v.other_hash
        join problem_titles p on p.problem_id = c.problem_id
        where v.removed_at is null and v.kind = 'caused_by' and s.problem_id = any(%s) order by v.id desc
        """,
        (list(problems),),
    ).fetchall()
    for symptom, cause, title, by, at in rows:
        found[symptom].append(KnownCause(cause, title, 0, 0, f"{by} said so on {at:%Y-%m-%d}"))
    return found


def known_symptoms(connection: psycopg.Connection, problems: Sequence[UUID]) -> dict[UUID, list[KnownSymptom]]:
    """What follows from each of these problems over all reports, the most frequent first."""
    found: dict[UUID, list[KnownSymptom]] = {problem: [] for problem in problems}
    rows = connection.execute(
        """
        with pairs as (
            select c.problem_id as cause, m.problem_id as symptom, count(distinct s.report_id) as reports,
                   sum(s.incidents)::bigint as incidents
            from catalog_members c
            join incident_symptoms s on s.root_signature = c.signature_hash
            join catalog_members m on m.signature_hash = s.symptom_signature
            where c.problem_id = any(%s) and m.problem_id <> c.problem_id
            group by c.problem_id, m.problem_id
        ), ranked as (
            select *, row_number() over (partition by cause order by reports desc, incidents desc, symptom) as place
            from pairs
        )
        select r.cause, p.id, p.title, r.reports, r.incidents from ranked r join catalog_problems p on p.id = r.symptom
        where r.place <= %s order by r.cause, r.place
        """,
        (list(problems), MAX_SYMPTOMS),
    ).fetchall()
    for cause, *symptom in rows:
        found[cause].append(KnownSymptom(*symptom))
    return found


def causes_of_many(connection: psycopg.Connection, problems: Sequence[UUID]) -> dict[UUID, list[KnownCause]]:
    """`known_causes` of each of these, over all reports."""
    return {problem: known_causes(connection, None, problem) for problem in dict.fromkeys(problems)}


def are_causes(connection: psycopg.Connection, problems: Sequence[UUID]) -> set[UUID]:
    """Those that are the root of something in some report. Others were only ever symptoms, or nobody sought causes."""
    rows = connection.execute(
        "select distinct m.problem_id from catalog_members m join report_causes rc"
        " on rc.root_signature = m.signature_hash where m.problem_id = any(%s)",
        (list(problems),),
    ).fetchall()
    return {row[0] for row in rows}


def count_causes(connection: psycopg.Connection) -> int:
    """Problems that were a cause, and not background, in some report."""
    row = connection.execute(
        "select count(distinct m.problem_id) from report_causes rc"
        " join catalog_members m on m.signature_hash = rc.root_signature where not rc.is_background"
    ).fetchone()
    return int(row[0]) if row else 0


def catalog_problems(
    connection: psycopg.Connection,
    *,
    limit: int,
    after: tuple[int, UUID] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[CatalogProblem]:
    """Up to `limit` problems that were a cause, and not background, in some report, or that signals of events say:
    those in the most reports first.

    `after`: reports and id of the one before. `since` and `until` choose the reports by when they were made, and the
    signals by when they were.
    """
    values: dict[str, Any] = {"limit": limit, "since": since, "until": until}
    values |= {"reports": after and after[0], "id": after and after[1]}
    with connection.cursor(row_factory=class_row(CatalogProblem)) as cursor:
        return cursor.execute(
            """
            with often as (
                select m.problem_id, count(distinct rc.report_id) as reports
                from report_causes rc join catalog_members m on m.signature_hash = rc.root_signature
                join reports r on r.id = rc.report_id
                where not rc.is_background
                  and (%(since)s::timestamptz is null or r.created_at >= %(since)s)
                  and (%(until)s::timestamptz is null or r.created_at < %(until)s)
                group by m.problem_id
            ), live as (
                select m.problem_id, 0::bigint as reports
                from signal_subjects s join catalog_members m using (signature_hash)
                where exists (select from business_signals b where (b.kind, b.subject) = (s.kind, s.subject)
                    and (%(since)s::timestamptz is null or b.at >= %(since)s)
                    and (%(until)s::timestamptz is null or b.at < %(until)s))
                group by m.problem_id
            ), page as (
                select * from (
                    select * from often union all
                    select * from live where problem_id not in (select problem_id from often)
                ) listed
                where %(reports)s::bigint is null or (-reports, problem_id) > (-%(reports)s::bigint, %(id)s::uuid)
                order by reports desc, problem_id limit %(limit)s
            )
            select k.id, t.title, k.label, k.error_type, k.medoid_hash, k.signatures, page.reports,
                   times.incidents, coalesce(k.frequency, 0) as frequency, k.signals, k.first_seen, k.last_seen,
                   decided.verdict, decided.fixed_in
            from page join known_problems k on k.id = page.problem_id join problem_titles t on t.problem_id = k.id
            cross join lateral (
                select count(*) as incidents from catalog_members m
                join incidents i on i.root_signature = m.signature_hash where m.problem_id = k.id
            ) times
            left join lateral (
                select v.kind as verdict, v.fixed_in from verdicts v join catalog_members m using (signature_hash)
                where v.removed_at is null and v.other_hash is null and m.problem_id = k.id
                order by v.created_at desc limit 1
            ) decided on true
            order by page.reports desc, k.id
            """,
            values,
        ).fetchall()
