"""The catalog of problems: rows of catalog_problems and catalog_members. What they should be is decided elsewhere.

Writers hold the catalog's lock, one at a time; each function sends one statement or two, however many rows there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
import numpy.typing as npt
import psycopg
from pgvector.psycopg import register_vector
from psycopg.rows import class_row, dict_row

from signal_pipeline.clustering.identity import Issued

_LOCK = 7_316_425_012


@dataclass(frozen=True)
class Member:
    """A signature's place in the catalog."""

    signature_hash: str
    core_id: UUID
    problem_id: UUID


@dataclass(frozen=True)
class SignatureFacts:
    """What the guards look at, and the vector."""

    signature_hash: str
    error_type: str
    exception_class: str | None
    template: str
    top_frames: list[str]
    frequency: int
    vector: npt.NDArray[np.float32]


@dataclass(frozen=True)
class Summary:
    """How a problem is shown; `distances` of members to the medoid."""

    problem_id: UUID
    medoid_hash: str
    title: str
    label: str
    error_type: str
    radius: float
    distances: Mapping[str, float]


def lock_catalog(connection: psycopg.Connection) -> None:
    """Until the end of the transaction. Ids are issued one writer at a time, so that one problem never gets two."""
    connection.execute("select pg_advisory_xact_lock(%s)", (_LOCK,))


def unplaced(connection: psycopg.Connection, hashes: Sequence[str] | None, limit: int) -> list[str]:
    """Signatures that have no place in the catalog yet, of these or of all, in order of their hashes."""
    rows = connection.execute(
        "select s.signature_hash from error_signatures s"
        " where (%(hashes)s::text[] is null or s.signature_hash = any(%(hashes)s::text[]))"
        " and not exists (select from catalog_members m where m.signature_hash = s.signature_hash)"
        ' order by s.signature_hash collate "C" limit %(limit)s',
        {"hashes": None if hashes is None else list(hashes), "limit": limit},
    ).fetchall()
    return [row[0] for row in rows]


def facts_of(connection: psycopg.Connection, hashes: Sequence[str]) -> list[SignatureFacts]:
    """Those of them that some report has now, in order of their hashes."""
    register_vector(connection)
    with connection.cursor(row_factory=dict_row, binary=True) as cursor:
        rows = cursor.execute(
            "select signature_hash, error_type, key_components ->> 'exception_class' as exception_class,"
            " key_components ->> 'template' as template, coalesce(key_components -> 'top_frames', '[]') as top_frames,"
            " frequency, embedding as vector"
            ' from error_signatures where signature_hash = any(%s) order by signature_hash collate "C"',
            (list(hashes),),
        ).fetchall()
    return [SignatureFacts(**(row | {"vector": row["vector"].to_numpy()})) for row in rows]


def members_with(connection: psycopg.Connection, hashes: Sequence[str]) -> dict[str, Member]:
    """The places of these signatures."""
    with connection.cursor(row_factory=class_row(Member)) as cursor:
        rows = cursor.execute(
            "select signature_hash, core_id, problem_id from catalog_members where signature_hash = any(%s)",
            (list(hashes),),
        ).fetchall()
    return {row.signature_hash: row for row in rows}


def members_of_cores(connection: psycopg.Connection, cores: Sequence[UUID], per_core: int) -> list[Member]:
    """Up to `per_core` members of each, those with the smallest hashes."""
    with connection.cursor(row_factory=class_row(Member)) as cursor:
        return cursor.execute(
            "select m.* from unnest(%s::uuid[]) as wanted (core_id) cross join lateral ("
            "  select m.signature_hash, m.core_id, m.problem_id from catalog_members m"
            "  where m.core_id = wanted.core_id order by m.signature_hash limit %s) m",
            (list(cores), per_core),
        ).fetchall()


def members_of_problems(connection: psycopg.Connection, problems: Sequence[UUID], per_problem: int) -> list[Member]:
    """Up to `per_problem` members of each."""
    with connection.cursor(row_factory=class_row(Member)) as cursor:
        return cursor.execute(
            "select m.* from unnest(%s::uuid[]) as wanted (problem_id) cross join lateral ("
            "  select m.signature_hash, m.core_id, m.problem_id from catalog_members m"
            "  where m.problem_id = wanted.problem_id order by m.signature_hash limit %s) m",
            (list(problems), per_problem),
        ).fetchall()


def ids_in(connection: psycopg.Connection, problems: Sequence[UUID]) -> list[Issued]:
    """These ids, and all that lead to them."""
    rows = connection.execute(
        "select id, founder_hash, created_at from catalog_problems"
        " where id = any(%(ids)s) or merged_into = any(%(ids)s)",
        {"ids": list(problems)},
    ).fetchall()
    return [Issued(*row) for row in rows]


def insert_problems(connection: psycopg.Connection, founders: Mapping[UUID, str]) -> None:
    """Ids that are issued now; how they are shown is written afterwards by `write_summaries`."""
    connection.execute(
        "insert into catalog_problems (id, founder_hash, medoid_hash, title, label, error_type, size, radius)"
        " select id, founder, founder, '', '', '', 0, 0 from unnest(%s::uuid[], %s::text[]) as new (id, founder)",
        (list(founders), list(founders.values())),
    )


def place_members(connection: psycopg.Connection, members: Sequence[Member]) -> None:
    """New ones, and known ones that move."""
    connection.execute(
        "insert into catalog_members (signature_hash, core_id, problem_id, distance_to_medoid)"
        " select *, 0 from unnest(%s::text[], %s::uuid[], %s::uuid[])"
        " on conflict (signature_hash) do update set core_id = excluded.core_id, problem_id = excluded.problem_id",
        (
            [member.signature_hash for member in members],
            [member.core_id for member in members],
            [member.problem_id for member in members],
        ),
    )


def redirect(connection: psycopg.Connection, merged_into: Mapping[UUID, UUID | None], reason: str) -> int:
    """Where ids lead from now on; each change is an event. Returns how many changed."""
    row = connection.execute(
        """
        with wanted as (
            select * from unnest(%(ids)s::uuid[], %(targets)s::uuid[]) as wanted (id, target)
        ), before as (
            select p.id, p.merged_into from catalog_problems p join wanted using (id)
        ), changed as (
            update catalog_problems p set merged_into = w.target, updated_at = clock_timestamp() from wanted w
            where w.id = p.id and p.merged_into is distinct from w.target returning p.id, p.merged_into
        ), recorded as (
            insert into catalog_events (kind, problem_id, other_id, reason)
            select case when c.merged_into is null then 'parted' else 'merged' end, c.id,
                coalesce(c.merged_into, b.merged_into), %(reason)s
            from changed c join before b using (id) order by c.id returning 1
        ) select count(*) from recorded
        """,
        {"ids": list(merged_into), "targets": list(merged_into.values()), "reason": reason},
    ).fetchone()
    return int(row[0]) if row else 0


def write_summaries(connection: psycopg.Connection, summaries: Sequence[Summary]) -> None:
    """Medoid, names, radius and distances of these problems; sizes are counted here."""
    connection.execute(
        "update catalog_problems p set medoid_hash = n.medoid, title = n.title, label = n.label,"
        " error_type = n.error_type, radius = n.radius, updated_at = clock_timestamp(),"
        " size = (select count(*) from catalog_members m where m.problem_id = p.id)"
        " from unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::real[])"
        "   as n (id, medoid, title, label, error_type, radius) where p.id = n.id",
        (
            [one.problem_id for one in summaries],
            [one.medoid_hash for one in summaries],
            [one.title for one in summaries],
            [one.label for one in summaries],
            [one.error_type for one in summaries],
            [one.radius for one in summaries],
        ),
    )
    distances: dict[str, float] = {key: value for one in summaries for key, value in one.distances.items()}
    connection.execute(
        "update catalog_members m set distance_to_medoid = n.distance"
        " from unnest(%s::text[], %s::real[]) as n (signature_hash, distance)"
        " where m.signature_hash = n.signature_hash and m.distance_to_medoid is distinct from n.distance",
        (list(distances), list(distances.values())),
    )


def problems_without_words(connection: psycopg.Connection, hashes: Sequence[str] | None) -> list[UUID]:
    """Problems that hold one of these signatures (default: any) and whose words went with a report that was deleted."""
    rows = connection.execute(
        "select distinct p.id from catalog_problems p join catalog_members m on m.problem_id = p.id"
        " join error_signatures s on s.signature_hash = m.signature_hash where p.title = '' and p.merged_into is null"
        " and (%(hashes)s::text[] is null or m.signature_hash = any(%(hashes)s::text[])) order by p.id",
        {"hashes": None if hashes is None else list(hashes)},
    ).fetchall()
    return [row[0] for row in rows]


def empty_out(connection: psycopg.Connection, problems: Sequence[UUID]) -> None:
    """Merged ids no longer have members."""
    connection.execute(
        "update catalog_problems set size = 0 where id = any(%s) and merged_into is not null and size > 0",
        (list(problems),),
    )


def tell_parted(connection: psycopg.Connection, parted: Mapping[UUID, UUID], reason: str) -> None:
    """History of ids that are new because a problem was parted: the new one, and where its members were."""
    connection.execute(
        "insert into catalog_events (kind, problem_id, other_id, reason)"
        " select 'parted', id, other, %s from unnest(%s::uuid[], %s::uuid[]) as new (id, other)",
        (reason, list(parted), list(parted.values())),
    )


@dataclass(frozen=True)
class Mark:
    """A place in the order in which problems were written."""

    at: datetime
    id: UUID


def medoids_after(connection: psycopg.Connection, mark: Mark | None, limit: int) -> list[tuple[Mark, str]]:
    """Problems that were written after `mark` (None: from the first on) with their medoids, in that order."""
    rows = connection.execute(
        "select updated_at, id, medoid_hash from catalog_problems where merged_into is null and size > 0"
        " and (%(at)s::timestamptz is null or (updated_at, id) > (%(at)s, %(id)s))"
        " order by updated_at, id limit %(limit)s",
        {"at": mark and mark.at, "id": mark and mark.id, "limit": limit},
    ).fetchall()
    return [(Mark(row[0], row[1]), row[2]) for row in rows]


def most_frequent(connection: psycopg.Connection, limit: int) -> list[str]:
    """Hashes of the signatures of the catalog that occur most often."""
    rows = connection.execute(
        "select s.signature_hash from error_signatures s join catalog_members m using (signature_hash)"
        ' order by s.frequency desc, s.signature_hash collate "C" limit %s',
        (limit,),
    ).fetchall()
    return [row[0] for row in rows]


def problem_names(connection: psycopg.Connection, problems: Sequence[str]) -> dict[str, str]:
    """The label of each problem of the catalog, or its title where it has none."""
    rows = connection.execute(
        "select id::text, coalesce(nullif(label, ''), title) from catalog_problems where id = any(%s::uuid[])",
        (list(problems),),
    ).fetchall()
    return dict(rows)
