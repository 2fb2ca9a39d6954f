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

MAX_ROOT_CHARS = 500
MAX_OTHERS = 500


def replace_incidents(connection: psycopg.Connection, report_id: UUID, found: Sequence[IncidentRecord]) -> None:
    """All of the report's incidents as they were found; what an earlier run found is gone."""
    connection.execute("delete from incidents where report_id = %s", (report_id,))
    connection.execute("delete from incident_places where report_id = %s", (report_id,))
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into incidents (report_id, number, root_signature, started_at, record) values (%s, %s, %s, %s, %s)",
            [
                (report_id, one.number, one.root.signature[:MAX_ROOT_CHARS], _moment(one), Jsonb(one.as_json()))
                for one in found
            ],
        )
        cursor.executemany(
            "insert into incident_places (report_id, place) values (%s, %s)",
            [(report_id, place) for place in sorted(_places(found))],
        )
    _replace_pairs(connection, report_id, found)


def index_incidents(connection: psycopg.Connection, report_id: UUID, corrected: Sequence[IncidentRecord]) -> None:
    """What other reports show of this one's causes, as people corrected them. The records stay as they were found;
    an incident that became part of another has no root.
    """
    roots = {one.number: one.root.signature[:MAX_ROOT_CHARS] for one in corrected}
    connection.execute(
        "update incidents i set root_signature = n.root from (select i.number, coalesce(n.root, '') as root"
        "   from incidents i left join unnest(%(numbers)s::int[], %(roots)s::text[]) as n (number, root) using (number)"
        "   where i.report_id = %(report)s) n"
        " where i.report_id = %(report)s and i.number = n.number and i.root_signature <> n.root",
        {"report": report_id, "numbers": list(roots), "roots": list(roots.values())},
    )
    _replace_pairs(connection, report_id, corrected)


def _replace_pairs(connection: psycopg.Connection, report_id: UUID, found: Sequence[IncidentRecord]) -> None:
    connection.execute("delete from incident_symptoms where report_id = %s", (report_id,))
    pairs = Counter(
        (incident.root.signature, symptom.entry.signature)
        for incident in found
        for symptom in incident.symptoms
        if not incident.root.signature.startswith(TEMPLATE) and not symptom.entry.signature.startswith(TEMPLATE)
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into incident_symptoms (report_id, root_signature, symptom_signature, incidents)"
            " values (%s, %s, %s, %s)",
            [(report_id, *pair, times) for pair, times in sorted(pairs.items())],
        )


def _places(found: Sequence[IncidentRecord]) -> set[str]:
    return {entry.place for one in found for entry in one.entries if entry.place}


def usual_places(connection: psycopg.Connection, report_id: UUID, least_reports: int, share: float) -> set[str]:
    """Places of the report where more than `share` of the source's other reports have errors too, and those that a
    report of the source has that was marked healthy.

    By share none while fewer than `least_reports` others are known; the latest MAX_OTHERS are asked.
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
        union
        select mine.place from incident_places mine
        join incident_places theirs on theirs.place = mine.place
        join reports r on r.id = theirs.report_id
        where mine.report_id = %(report)s and r.healthy_at is not null
          and r.source = (select source from reports where id = %(report)s)
        """,
        {"report": report_id, "most": MAX_OTHERS, "least": least_reports, "share": share},
    )
    return {place for (place,) in rows}


def incidents_of(connection: psycopg.Connection, report_id: UUID) -> list[IncidentRecord]:
    """In causal order; empty before the step ran, and where nothing went wrong."""
    rows = connection.execute("select record from incidents where report_id = %s order by number", (report_id,))
    return [IncidentRecord.of_json(row[0]) for row in rows]


def _moment(incident: IncidentRecord) -> datetime | None:
    return None if incident.root.at is None else datetime.fromtimestamp(incident.root.at, UTC)


@dataclass(frozen=True)
class Seen:
    """How many reports made before this one have a problem as a cause, and how many have its error at all.

    `problem_id` is None for a warning, which has no place in the catalog.
    """

    problem_id: UUID | None
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


def warnings_seen_before(connection: psycopg.Connection, report_id: UUID) -> dict[str, int]:
    """In how many reports made before this one a warning that is a cause here was one too, by its root signature (up to
    MAX_ROOT_CHARS of it): warnings have no place in the catalog.
    """
    rows = connection.execute(
        """
        with mine as materialized (
            select distinct root_signature from incidents
            where report_id = %(report)s and starts_with(root_signature, %(mark)s)
        )
        select i.root_signature, count(distinct i.report_id) from mine join incidents i using (root_signature)
        join reports r on r.id = i.report_id join reports own on own.id = %(report)s
        where row(r.created_at, r.id) < row(own.created_at, own.id) group by i.root_signature
        """,
        {"report": report_id, "mark": TEMPLATE},
    )
    return dict(rows.fetchall())
