"""A report's incidents as rows, which cause followed by which symptom over all reports, and what is background."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from signal_pipeline.causes.records import TEMPLATE, IncidentRecord

MAX_CAUSES = 5
MAX_ROOT_CHARS = 500
MAX_OTHERS = 500


def replace_incidents(connection: psycopg.Connection, report_id: UUID, found: Sequence[IncidentRecord]) -> None:
    """All of the report's incidents; what an earlier run found is gone."""
    connection.execute("delete from incidents where report_id = %s", (report_id,))
    connection.execute("delete from incident_symptoms where report_id = %s", (report_id,))
    connection.execute("delete from incident_places where report_id = %s", (report_id,))
    pairs = Counter(
        (incident.root.signature, symptom.entry.signature)
        for incident in found
        for symptom in incident.symptoms
        if not incident.root.signature.startswith(TEMPLATE) and not symptom.entry.signature.startswith(TEMPLATE)
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into incidents (report_id, number, root_signature, started_at, record) values (%s, %s, %s, %s, %s)",
            [
                (report_id, one.number, one.root.signature[:MAX_ROOT_CHARS], _moment(one), Jsonb(one.as_json()))
                for one in found
            ],
        )
        cursor.executemany(
            "insert into incident_symptoms (report_id, root_signature, symptom_signature, incidents)"
            " values (%s, %s, %s, %s)",
            [(report_id, *pair, times) for pair, times in sorted(pairs.items())],
        )
        cursor.executemany(
            "insert into incident_places (report_id, place) values (%s, %s)",
            [(report_id, place) for place in sorted(_places(found))],
        )


def _places(found: Sequence[IncidentRecord]) -> set[str]:
    entries = [entry for one in found for entry in (one.root, *(symptom.entry for symptom in one.symptoms))]
    return {entry.place for entry in entries if entry.place}


def usual_places(connection: psycopg.Connection, report_id: UUID, least_reports: int, share: float) -> set[str]:
    """Places of the report where more than `share` of the source's other reports have errors too.

    None while fewer than `least_reports` others are known; the latest MAX_OTHERS are asked.
    """
    rows = connection.execute(
        """
        with others as materialized (
            select r.id from reports r
            where r.source = (select source from reports where id = %(report)s) and r.id <> %(report)s
              and exists (select from clusterings c where c.report_id = r.id)
            order by r.created_at desc limit %(most)s
        )
        select mine.place from incident_places mine
        join incident_places theirs on theirs.place = mine.place
        join others on others.id = theirs.report_id
        where mine.report_id = %(report)s and (select count(*) from others) >= %(least)s
        group by mine.place having count(*) > %(share)s * (select count(*) from others)
        """,
        {"report": report_id, "most": MAX_OTHERS, "least": least_reports, "share": share},
    )
    return {place for (place,) in rows}


def incidents_of(connection: psycopg.Connection, report_id: UUID) -> list[IncidentRecord]:
    """In causal order; empty before the step ran, and where nothing went wrong."""
    rows = connection.execute("select record from incidents where report_id = %s order by number", (report_id,))
    return [IncidentRecord.of_json(row[0]) for row in rows]


@dataclass(frozen=True)
class KnownCause:
    """A problem of the catalog that a symptom followed from, in `reports` of the `seen` reports that tell its cause."""

    problem_id: UUID
    title: str
    reports: int
    seen: int

    @property
    def share(self) -> float:
        return self.reports / self.seen


def known_causes(connection: psycopg.Connection, report_id: UUID, symptom_problem: UUID) -> list[KnownCause]:
    """What the signatures of a problem followed from in other reports, the most frequent first."""
    with connection.cursor(row_factory=class_row(KnownCause)) as cursor:
        return cursor.execute(
            """
            with followed as (
                select distinct s.report_id, coalesce(old.merged_into, old.id) as cause
                from catalog_members m
                join incident_symptoms s on s.symptom_signature = m.signature_hash and s.report_id <> %(report)s
                join catalog_members c on c.signature_hash = s.root_signature
                join catalog_problems old on old.id = c.problem_id
                where m.problem_id = %(symptom)s and c.problem_id <> %(symptom)s
            )
            select p.id as problem_id, p.title, count(*) as reports,
                   (select count(distinct report_id) from followed) as seen
            from followed f join catalog_problems p on p.id = f.cause
            group by p.id, p.title order by count(*) desc, p.title limit %(most)s
            """,
            {"report": report_id, "symptom": symptom_problem, "most": MAX_CAUSES},
        ).fetchall()


def _moment(incident: IncidentRecord) -> datetime | None:
    return None if incident.root.at is None else datetime.fromtimestamp(incident.root.at, UTC)


@dataclass(frozen=True)
class Seen:
    """How many reports made before this one have a problem as a cause, and how many have its error at all."""

    problem_id: UUID
    as_cause: int
    at_all: int


def seen_before(connection: psycopg.Connection, report_id: UUID) -> list[Seen]:
    """For each catalog problem that the report has."""
    with connection.cursor(row_factory=class_row(Seen)) as cursor:
        return cursor.execute(
            """
            with earlier as materialized (
                select r.id from reports r, reports own
                where own.id = %(report)s and row(r.created_at, r.id) < row(own.created_at, own.id)
            ), mine as materialized (
                select distinct m.problem_id from signature_occurrences o
                join catalog_members m using (signature_hash) where o.report_id = %(report)s
            )
            select mine.problem_id,
                   (select count(distinct i.report_id) from catalog_members m
                    join incidents i on i.root_signature = m.signature_hash join earlier on earlier.id = i.report_id
                    where m.problem_id = mine.problem_id) as as_cause,
                   (select count(distinct o.report_id) from catalog_members m
                    join signature_occurrences o using (signature_hash) join earlier on earlier.id = o.report_id
                    where m.problem_id = mine.problem_id) as at_all
            from mine
            """,
            {"report": report_id},
        ).fetchall()
