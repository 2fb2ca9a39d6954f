"""Business events, their occurrences for the rules, and the signals that hold. What the rules are: event_rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from signal_pipeline.event_rules.occurrences import EventFacts, event_of, source_and_id
from signal_pipeline.event_rules.rule import Occurrence, Rule, Signal
from signal_pipeline.storage.live_signals import SignalSubject, note_subjects

LOCK = 7_301_001
"""One transaction at a time judges: two that each see half of a key's events would both judge wrongly."""
VIOLATION = "violation"
"""The kind of signals that say which schema an event violates; their rule is `schema`."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Key = tuple[str, str]
"""Rule and key."""


@dataclass(frozen=True)
class Incoming:
    """An event to be recorded. `subjects` are the violations of its schema; `is_timed` says that it has a time."""

    facts: EventFacts
    subjects: tuple[str, ...] = ()
    is_timed: bool = True
    report_id: UUID | None = None


def take_turn(connection: psycopg.Connection) -> None:
    """Wait until no other transaction judges; until the end of this one."""
    connection.execute("select pg_advisory_xact_lock(%s)", (LOCK,))


def insert_events(connection: psycopg.Connection, events: Sequence[Incoming]) -> set[str]:
    """Record those that are new; returns `EventFacts.event` of each of them."""
    rows = connection.execute(
        "insert into business_events (source, event_id, type, at, fields, report_id)"
        " select * from unnest(%s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::jsonb[], %s::uuid[])"
        " on conflict do nothing returning source, event_id",
        (
            [one.facts.source for one in events],
            [one.facts.id for one in events],
            [one.facts.type for one in events],
            [_time(one.facts.at) if one.is_timed else None for one in events],
            [Jsonb(dict(one.facts.fields)) for one in events],
            [one.report_id for one in events],
        ),
    ).fetchall()
    return {event_of(source, event_id) for source, event_id in rows}


def insert_occurrences(
    connection: psycopg.Connection, rows: Iterable[tuple[Rule, str, Occurrence, int | None]]
) -> None:
    """(rule, key, occurrence, due) of new events."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into event_occurrences (rule, key, at, source, event_id, type, value, mark, due)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
            [
                (rule.name, key, one.at, *source_and_id(one.event), one.type, one.value, one.mark, due)
                for rule, key, one, due in rows
            ],
        )


def has_events(connection: psycopg.Connection, report_id: UUID) -> bool:
    row = connection.execute("select exists (select from business_events where report_id = %s)", (report_id,))
    return bool((row.fetchone() or (False,))[0])


def occurrences_of_report(
    connection: psycopg.Connection, report_id: UUID, limit: int
) -> Iterator[list[tuple[str, str, Occurrence]]]:
    """(rule, key, occurrence) of the events that the report brought, all of a key together, some `limit` at a time."""
    name = f"occurrences_{report_id.hex}"
    with connection.cursor(name=name) as cursor:
        cursor.execute(
            "select o.rule, o.key, o.at, o.source, o.event_id, o.type, o.value, o.mark from event_occurrences o"
            " join business_events e using (source, event_id) where e.report_id = %s order by o.rule, o.key",
            (report_id,),
        )
        some: list[tuple[str, str, Occurrence]] = []
        while rows := cursor.fetchmany(limit):
            for rule, key, at, source, event_id, type_, value, mark in rows:
                if len(some) >= limit and some[-1][:2] != (rule, key):
                    yield some
                    some = []
                some.append((rule, key, Occurrence(at, event_of(source, event_id), type_, 0, value, mark)))
        if some:
            yield some


def still_there(
    connection: psycopg.Connection, occurrences: Iterable[tuple[str, str, int, str]]
) -> list[tuple[str, str, int, str]]:
    """Those of these (rule, key, at, event) that there are."""
    rows = [(rule, key, at, *source_and_id(event)) for rule, key, at, event in occurrences]
    found = connection.execute(
        "select o.rule, o.key, o.at, o.source, o.event_id from event_occurrences o join unnest(%s::text[], %s::text[],"
        " %s::bigint[], %s::text[], %s::text[]) as a (rule, key, at, source, event_id)"
        " using (rule, key, at, source, event_id)",
        tuple([row[at] for row in rows] for at in range(5)),
    ).fetchall()
    return [(rule, key, at, event_of(source, event_id)) for rule, key, at, source, event_id in found]


_ROWS = "select rule, key, at, source, event_id, type, value, mark from event_occurrences"


def all_occurrences(connection: psycopg.Connection, keys: Sequence[Key]) -> list[tuple[Any, ...]]:
    """Of keys with few of them: (rule, key, at, source, event_id, type, value, mark)."""
    return connection.execute(
        f"{_ROWS} where (rule, key) in (select * from unnest(%s::text[], %s::text[]))",
        ([rule for rule, _ in keys], [key for _, key in keys]),
    ).fetchall()


def some_occurrences(
    connection: psycopg.Connection, key: Key, first: int, last: int, beside: int, span: int
) -> list[tuple[Any, ...]]:
    """Of a key with many: those from `first` to `last`, `beside` before and behind them, and what is within `span` of
    any of these."""
    where = "from event_occurrences where rule = %s and key = %s and at"
    return connection.execute(
        f"with low as (select coalesce(min(at), %s) as at from (select at {where} < %s order by at desc limit %s) x),"
        f" high as (select coalesce(max(at), %s) as at from (select at {where} > %s order by at limit %s) x)"
        f" {_ROWS} where rule = %s and key = %s"
        " and at between (select at from low) - %s and (select at from high) + %s",
        (first, *key, first, beside, last, *key, last, beside, *key, span, span),
    ).fetchall()


def due_occurrences(connection: psycopg.Connection, now: int, limit: int) -> list[tuple[str, str, int, str, str]]:
    """(rule, key, at, source, event_id) of those that no longer wait for an event, and are not due again."""
    return connection.execute(
        "update event_occurrences o set due = null from (select rule, key, at, source, event_id from event_occurrences"
        " where due <= %s order by due limit %s) d where (o.rule, o.key, o.at, o.source, o.event_id)"
        " = (d.rule, d.key, d.at, d.source, d.event_id) returning o.rule, o.key, o.at, o.source, o.event_id",
        (now, limit),
    ).fetchall()


def replace_signals(
    connection: psycopg.Connection, judged: Iterable[tuple[str, str, str]], signals: Iterable[Signal]
) -> None:
    """`signals` are all that hold among `judged`: (rule, key, event)."""
    signals = list(signals)
    note_subjects(connection, (SignalSubject(one.kind, one.subject, one.severity) for one in signals))
    rows = [(rule, key, *source_and_id(event)) for rule, key, event in judged]
    connection.execute(
        "delete from business_signals s using unnest(%s::text[], %s::text[], %s::text[], %s::text[])"
        " as j (rule, key, source, event_id)"
        " where (s.rule, s.key, s.source, s.event_id) = (j.rule, j.key, j.source, j.event_id)",
        tuple([row[at] for row in rows] for at in range(4)),
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into business_signals (rule, key, source, event_id, kind, type, at, subject, severity)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
            [
                (
                    one.rule,
                    one.key,
                    *source_and_id(one.event),
                    one.kind,
                    one.type,
                    _time(one.at),
                    one.subject,
                    one.severity,
                )
                for one in signals
            ],
        )


def insert_violations(connection: psycopg.Connection, events: Iterable[Incoming]) -> None:
    """The violated schemas of new events."""
    events = [one for one in events if one.subjects]
    subjects = {subject for one in events for subject in one.subjects}
    note_subjects(connection, (SignalSubject(VIOLATION, subject, "medium") for subject in subjects))
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into business_signals (rule, key, source, event_id, kind, type, at, subject, severity)"
            f" values ('schema', %s, %s, %s, '{VIOLATION}', %s, %s, %s, 'medium') on conflict do nothing",
            [
                (subject, one.facts.source, one.facts.id, one.facts.type,
                 _time(one.facts.at) if one.is_timed else datetime.now(UTC), subject)
                for one in events for subject in one.subjects
            ],
        )  # fmt: skip


def count_outcomes(connection: psycopg.Connection, counts: dict[str, int]) -> None:
    for outcome, count in sorted(counts.items()):
        if count:
            connection.execute("update event_outcomes set count = count + %s where outcome = %s", (count, outcome))


def outcome_counts(connection: psycopg.Connection) -> dict[str, int]:
    return dict(connection.execute("select outcome, count from event_outcomes").fetchall())


def signal_counts(connection: psycopg.Connection) -> dict[str, int]:
    """Signals that hold, by rule."""
    return dict(connection.execute("select rule, count(*) from business_signals group by rule").fetchall())


def events_after(connection: psycopg.Connection, number: int, limit: int) -> tuple[int, list[EventFacts]]:
    """Stored events in the order in which they came, from the `number`-th on, and the number of the last."""
    rows = connection.execute(
        "select number, source, event_id, type, at, fields from business_events where number > %s order by number"
        " limit %s",
        (number, limit),
    ).fetchall()
    return (rows[-1][0] if rows else number), _facts(rows)


def events_numbered(connection: psycopg.Connection, numbers: Sequence[int]) -> list[EventFacts]:
    """These of the stored events, in order; those without a time are left out."""
    rows = connection.execute(
        "select number, source, event_id, type, at, fields from business_events where number = any(%s) order by number",
        (list(numbers),),
    ).fetchall()
    return _facts(rows)


def _facts(rows: Sequence[tuple[Any, ...]]) -> list[EventFacts]:
    return [
        EventFacts(source, event_id, type_, (at - _EPOCH) // timedelta(microseconds=1), fields)
        for _, source, event_id, type_, at, fields in rows
        if at is not None
    ]


def forget_judgements(connection: psycopg.Connection) -> None:
    """All occurrences and signals of rules; events and violations stay."""
    connection.execute("delete from event_occurrences")
    connection.execute("delete from business_signals where rule <> 'schema'")


def _time(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)
