"""Signals of business events as people list them: by rule, source, entity, time and words, the latest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg


@dataclass(frozen=True)
class SignalFilter:
    """What is asked for; None for anything. `entity` is a key such as the number of an order, `words` full text over
    the subject, `since` and `until` bound the time of signals."""

    rule: str | None = None
    source: str | None = None
    entity: str | None = None
    words: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> tuple[str, list[Any]]:
        """For a query over business_signals `s`."""
        asked = [
            ("s.rule = %s", self.rule),
            ("s.source = %s", self.source),
            ("s.key = %s", self.entity),
            (f"to_tsvector('simple', {_SPLIT}) @@ websearch_to_tsquery('simple', {_SPLIT_WORDS})", self.words),
            ("s.at >= %s", self.since),
            ("s.at < %s", self.until),
        ]
        given = [(text, value) for text, value in asked if value is not None]
        return " and ".join(["true", *(text for text, _ in given)]), [value for _, value in given]


ANY_SIGNAL = SignalFilter()
# Names are words with dots and underscores between, each of which is sought by itself.
_SPLIT = "translate(s.subject, '._/:-', '     ')"
_SPLIT_WORDS = "translate(%s, '._/:', '    ')"


@dataclass(frozen=True)
class ListedSignal:
    """One signal. `entity` is its key; None for a violation, which is about no entity."""

    rule: str
    kind: str
    subject: str
    severity: str
    entity: str | None
    source: str
    event_id: str
    type: str
    at: datetime
    report_id: UUID | None


Place = tuple[datetime, int, str]
"""Of a signal in the list: its time, the number of its event, a digest of rule and key."""
_DIGEST = "md5(s.rule || ' ' || s.key)"


def listed_signals(
    connection: psycopg.Connection, asked: SignalFilter, *, limit: int, after: Place | None = None
) -> list[tuple[Place, ListedSignal]]:
    """The latest first."""
    where, values = asked.conditions()
    if after is not None:
        where, values = f"{where} and (s.at, e.number, {_DIGEST}) < (%s, %s, %s)", [*values, *after]
    rows = connection.execute(
        f"select s.at, e.number, {_DIGEST} as digest, s.rule, s.kind, s.subject, s.severity, s.key, s.source,"
        " s.event_id, s.type, e.report_id"
        " from business_signals s join business_events e using (source, event_id)"
        f" where {where} order by s.at desc, e.number desc, digest desc limit %s",
        [*values, limit],
    ).fetchall()
    return [
        (
            (at, number, digest),
            ListedSignal(
                rule, kind, subject, severity, None if rule == "schema" else key, source, event_id, type_, at, report
            ),
        )
        for at, number, digest, rule, kind, subject, severity, key, source, event_id, type_, report in rows
    ]


@dataclass(frozen=True)
class SignalGroup:
    """Signals that are the same, over all events. `problem_id` is their problem in the catalog, once they are placed;
    `known_since` is when the first of them was, whatever is asked for, and `reports` have it as an error."""

    rule: str
    kind: str
    subject: str
    severity: str
    count: int
    entities: int
    first_at: datetime
    last_at: datetime
    sources: Sequence[str]
    known_since: datetime
    problem_id: UUID | None
    reports: int


def signal_groups(
    connection: psycopg.Connection, asked: SignalFilter = ANY_SIGNAL, limit: int = 200
) -> list[SignalGroup]:
    """The latest first."""
    where, values = asked.conditions()
    rows = connection.execute(
        "with found as (select s.rule, s.kind, s.subject, s.severity, count(*), count(distinct s.key) as entities,"
        f" min(s.at) as first_at, max(s.at) as last_at, (array_agg(distinct s.source))[1:5] as sources"
        f" from business_signals s where {where}"
        " group by s.rule, s.kind, s.subject, s.severity order by max(s.at) desc, s.subject limit %s)"
        " select f.*, (select min(b.at) from business_signals b where (b.kind, b.subject) = (f.kind, f.subject)),"
        " coalesce(p.merged_into, p.id),"
        " (select count(distinct o.report_id) from signature_occurrences o"
        "   where o.signature_hash = k.signature_hash)"
        " from found f left join signal_subjects k using (kind, subject) left join catalog_members m"
        " using (signature_hash) left join catalog_problems p on p.id = m.problem_id"
        " order by f.last_at desc, f.subject",
        [*values, limit],
    ).fetchall()
    return [SignalGroup(*row) for row in rows]


def rules_with_signals(connection: psycopg.Connection, limit: int = 200) -> list[str]:
    return [
        rule
        for (rule,) in connection.execute(
            "select rule from business_signals group by rule order by rule limit %s", (limit,)
        )
    ]
