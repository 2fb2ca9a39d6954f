"""Signals of events as errors: what they say, once each, and the signatures that this is.

What does not belong here: the signals themselves (business_events.py), and the signatures of reports (signatures.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from signal_pipeline.storage.signatures import SignatureRow, insert_signatures

SIGNALS_OF = (
    "select count(*) as signals, min(b.at) as first_at, max(b.at) as last_at from signal_subjects k"
    " join business_signals b using (kind, subject) where k.signature_hash = e.signature_hash"
)
"""How many signals say a signature `e`, and since when."""


@dataclass(frozen=True)
class SignalSubject:
    """What signals say, in the words that identify it. `kind` is that of their rule."""

    kind: str
    subject: str
    severity: str


def note_subjects(connection: psycopg.Connection, subjects: Iterable[SignalSubject]) -> None:
    """Those that are new wait to be placed in the catalog."""
    new = sorted({(one.kind, one.subject): one for one in subjects}.items())
    if new:
        connection.execute(
            "insert into signal_subjects (kind, subject, severity)"
            " select * from unnest(%s::text[], %s::text[], %s::text[]) on conflict do nothing",
            (
                [kind for (kind, _), _ in new],
                [subject for (_, subject), _ in new],
                [one.severity for _, one in new],
            ),
        )


def unplaced_subjects(connection: psycopg.Connection, version: str, limit: int) -> list[SignalSubject]:
    """Those that were not placed by this version of rules and model."""
    with connection.cursor(row_factory=class_row(SignalSubject)) as cursor:
        return cursor.execute(
            "select kind, subject, severity from signal_subjects where version is distinct from %s"
            " order by kind, subject limit %s",
            (version, limit),
        ).fetchall()


def count_subjects(connection: psycopg.Connection) -> int:
    row = connection.execute("select count(*) from signal_subjects").fetchone()
    return int(row[0]) if row else 0


def ask_for_placing(connection: psycopg.Connection, seconds: float) -> datetime | None:
    """Whether a run is to be started now for those that were never placed: when it was asked for, which is noted; None
    where there is none, or one was asked for less than `seconds` ago."""
    row = connection.execute(
        "with asked as (update signal_subjects set asked_at = now() where version is null and not exists ("
        "  select from signal_subjects where asked_at > now() - make_interval(secs => %s)) returning asked_at)"
        " select max(asked_at) from asked",
        (seconds,),
    ).fetchone()
    return row[0] if row else None


def place_subjects(
    connection: psycopg.Connection, placed: Sequence[tuple[SignalSubject, SignatureRow]], version: str
) -> None:
    """These subjects are these signatures, which are there from now on. DatabaseRefused when the embedding store lacks
    a vector."""
    hashes = sorted({row.signature_hash for _, row in placed})
    # Locked first, as whoever replaces a report's signatures does: one that is about to go is then gone or stays.
    connection.execute(
        "select from error_signatures where signature_hash = any(%s) order by signature_hash for update", (hashes,)
    )
    rows = {row.signature_hash: row for _, row in placed}
    insert_signatures(connection, [(None, rows[key]) for key in hashes])
    connection.execute(
        "update signal_subjects s set signature_hash = n.signature_hash, version = %s"
        " from unnest(%s::text[], %s::text[], %s::text[]) as n (kind, subject, signature_hash)"
        " where (s.kind, s.subject) = (n.kind, n.subject)",
        (
            version,
            [subject.kind for subject, _ in placed],
            [subject.subject for subject, _ in placed],
            [row.signature_hash for _, row in placed],
        ),
    )


def forget_subjects(connection: psycopg.Connection) -> int:
    """Drop what no signal says now, and signatures that neither a signal nor a report has; how many of these.
    Called in a turn of its own (`business_events.take_turn`), so that no signal comes meanwhile."""
    connection.execute(
        "delete from signal_subjects k where not exists ("
        "  select from business_signals b where (b.kind, b.subject) = (k.kind, k.subject))"
    )
    return connection.execute(
        "delete from error_signatures s where s.report_id is null"
        " and not exists (select from signal_subjects k where k.signature_hash = s.signature_hash)"
        " and not exists (select from signature_occurrences o where o.signature_hash = s.signature_hash)"
    ).rowcount


@dataclass(frozen=True)
class LiveSignals:
    """Signals of a problem of the catalog: how many hold, and since when."""

    signals: int
    first_at: datetime | None
    last_at: datetime | None
    sources: list[str]


def live_signals_of(connection: psycopg.Connection, problem_id: UUID) -> LiveSignals:
    """`problem_id` is one that stands."""
    with connection.cursor(row_factory=class_row(LiveSignals)) as cursor:
        found = cursor.execute(
            "select count(*) as signals, min(b.at) as first_at, max(b.at) as last_at,"
            " coalesce((array_agg(distinct b.source))[1:5], '{}') as sources"
            " from catalog_members m join signal_subjects k using (signature_hash)"
            " join business_signals b using (kind, subject) where m.problem_id = %s",
            (problem_id,),
        ).fetchone()
    assert found is not None
    return found
