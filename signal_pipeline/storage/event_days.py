"""Business events of one day (UTC) and source: what there is of them, and what the rules found about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import psycopg

MAX_SOURCES = 1_000


@dataclass(frozen=True)
class EventDay:
    """`types` are counts by type; `violations` those of schemas, of the events whose time is on the day."""

    types: dict[str, int]
    from_reports: int
    first_at: datetime | None
    last_at: datetime | None
    violations: int

    @property
    def events(self) -> int:
        return sum(self.types.values())


def known_sources(connection: psycopg.Connection, limit: int = MAX_SOURCES) -> list[str]:
    """Producers of events, in order: found by one step in the index each, however many events there are."""
    rows = connection.execute(
        "with recursive known (source, number) as ("
        " (select source, 1 from business_events order by source limit 1)"
        " union all"
        " select (select e.source from business_events e where e.source > k.source order by e.source limit 1),"
        " number + 1 from known k where k.source is not null and number < %s)"
        " select source from known where source is not null",
        (limit,),
    )
    return [source for (source,) in rows]


def days_received_since(connection: psycopg.Connection, since: datetime, limit: int) -> list[tuple[date, str]]:
    """Days and sources of which events have come since then, the latest days first."""
    return connection.execute(
        "select distinct (at at time zone 'UTC')::date as day, source from business_events"
        " where received_at >= %s and at is not null order by day desc, source limit %s",
        (since, limit),
    ).fetchall()


def event_day(connection: psycopg.Connection, day: date, sources: Sequence[str]) -> EventDay:
    where = "where at >= %s and at < %s and source = any(%s)"
    asked = (*_bounds(day), list(sources))
    types = connection.execute(
        f"select type, count(*) from business_events {where} group by type order by count(*) desc, type", asked
    ).fetchall()
    found = connection.execute(f"select count(report_id), min(at), max(at) from business_events {where}", asked)
    from_reports, first, last = found.fetchone() or (0, None, None)
    violated = connection.execute(
        "select count(*) from business_signals s join business_events e using (source, event_id)"
        " where s.rule = 'schema' and e.at >= %s and e.at < %s and e.source = any(%s)",
        asked,
    ).fetchone()
    return EventDay(dict(types), from_reports, first, last, violated[0] if violated else 0)


def numbers_of_day(connection: psycopg.Connection, day: date, sources: Sequence[str]) -> list[int]:
    """Which of the stored events they are, in the order in which they came."""
    rows = connection.execute(
        "select number from business_events where at >= %s and at < %s and source = any(%s) order by number",
        (*_bounds(day), list(sources)),
    )
    return [number for (number,) in rows]


def signals_of(connection: psycopg.Connection, numbers: Sequence[int]) -> set[tuple[str, str, str, str]]:
    """(rule, key, source, event id) of what the rules found about these events."""
    return set(
        connection.execute(
            "select s.rule, s.key, s.source, s.event_id from business_signals s"
            " join business_events e using (source, event_id) where s.rule <> 'schema' and e.number = any(%s)",
            (list(numbers),),
        ).fetchall()
    )


def forget_judgements_of(connection: psycopg.Connection, numbers: Sequence[int]) -> None:
    """What the rules noted and found about these events; the events and violations of their schemas stay."""
    for table, more in (("event_occurrences", ""), ("business_signals", " and o.rule <> 'schema'")):
        connection.execute(
            f"delete from {table} o using business_events e"
            f" where (o.source, o.event_id) = (e.source, e.event_id) and e.number = any(%s){more}",
            (list(numbers),),
        )


def _bounds(day: date) -> tuple[datetime, datetime]:
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return start, start + timedelta(days=1)
