"""A report's problems as they were last made: for lists, which do not make the problems of fifty reports again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import psycopg

from signal_pipeline.storage.incidents import MAX_ROOT_CHARS


@dataclass(frozen=True)
class Headline:
    """The first sentence of a report, and its counts, warnings not among `problems`. `explained` of `error_groups`
    belong to an incident.

    `corrections` counts incidents whose root a person corrected.
    """

    headline: str
    problems: int
    background: int
    error_groups: int
    explained: int
    corrections: int


@dataclass(frozen=True)
class RootShown:
    """The place of a root's problem in its report (from 1), whether it is background, and what the page calls it."""

    position: int
    is_background: bool
    title: str


def write_causes(
    connection: psycopg.Connection, report_id: UUID, headline: Headline, roots: Mapping[str, RootShown]
) -> None:
    """In place of what was there. `roots`: by signature of a root, what is shown of its problem."""
    connection.execute("delete from report_causes where report_id = %s", (report_id,))
    connection.execute(
        "insert into report_causes (report_id, root_signature, position, is_background, title)"
        " select %s, n.* from unnest(%s::text[], %s::int[], %s::bool[], %s::text[]) as n on conflict do nothing",
        (
            report_id,
            [signature[:MAX_ROOT_CHARS] for signature in roots],
            [root.position for root in roots.values()],
            [root.is_background for root in roots.values()],
            [root.title for root in roots.values()],
        ),
    )
    connection.execute(
        """
        insert into report_headlines (report_id, headline, problems, background, error_groups, explained, corrections)
        values (%s, %s, %s, %s, %s, %s, %s)
        on conflict (report_id) do update set headline = excluded.headline, problems = excluded.problems,
            background = excluded.background, error_groups = excluded.error_groups, explained = excluded.explained,
            corrections = excluded.corrections, made_at = excluded.made_at
        """,
        (report_id, *vars(headline).values()),
    )


def headlines_of(connection: psycopg.Connection, reports: Sequence[UUID]) -> dict[UUID, Headline]:
    rows = connection.execute(
        "select report_id, headline, problems, background, error_groups, explained, corrections from report_headlines"
        " where report_id = any(%s)",
        (list(reports),),
    ).fetchall()
    return {report_id: Headline(*headline) for report_id, *headline in rows}


def reports_to_refresh(connection: psycopg.Connection, signatures: Sequence[str], limit: int) -> list[UUID]:
    """The newest `limit` reports that have one of these errors, or whose problem it is."""
    rows = connection.execute(
        """
        with same as (
            select m.signature_hash from catalog_members m where m.problem_id in (
                select problem_id from catalog_members where signature_hash = any(%(these)s))
            union select unnest(%(these)s::text[])
        ), have as (
            select report_id from signature_occurrences join same using (signature_hash)
            union select report_id from report_causes join same on same.signature_hash = root_signature
        )
        select r.id from have join reports r on r.id = have.report_id order by r.created_at desc limit %(most)s
        """,
        {"these": list(signatures), "most": limit},
    ).fetchall()
    return [row[0] for row in rows]


def reports_of_source(connection: psycopg.Connection, report_id: UUID, limit: int) -> list[UUID]:
    """The newest `limit` reports of the source of this one that were clustered."""
    rows = connection.execute(
        "select r.id from reports r where r.source = (select source from reports where id = %s)"
        " and exists (select from clusterings c where c.report_id = r.id) order by r.created_at desc limit %s",
        (report_id, limit),
    ).fetchall()
    return [row[0] for row in rows]


@dataclass(frozen=True)
class CauseQuality:
    """Over all reports with problems: how many there are, of what was found, and what people corrected."""

    reports: int
    problems_per_report: float
    share_explained: float
    corrections: int


def cause_quality(connection: psycopg.Connection) -> CauseQuality:
    row = connection.execute(
        "select count(*), coalesce(avg(problems), 0)::float8,"
        " coalesce(sum(explained)::float8 / nullif(sum(error_groups), 0), 1),"
        " (select count(*) from verdicts where kind = 'caused_by' and removed_at is null) from report_headlines"
    ).fetchone()
    assert row is not None
    return CauseQuality(*row)
