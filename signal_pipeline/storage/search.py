"""Search over signatures: by meaning, by words and by parts of words, each a ranked list, and one list of all three.

Filters are part of each query, so they never lose results that a cut-off list had no room for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
import psycopg
from pgvector import Vector
from pgvector.psycopg import register_vector
from psycopg.rows import class_row

from signal_pipeline.storage.live_signals import SIGNALS_OF
from signal_pipeline.storage.neighbours import index_scans

DEPTH = 60
"""Rows of each list that are fused."""
RRF_CONSTANT = 60
"""Of reciprocal rank fusion, as it is usual: the first place counts 1/61, the tenth 1/70."""
_RANKED_AT_MOST = 20_000
"""A common word matches most of a large table; so many matches are ranked."""
_LONGEST_FOR_PARTS = 64
_LEAST_SIMILAR = 0.5


@dataclass(frozen=True)
class Filters:
    """None lets everything through. `since` and `until` are about when it occurred, else when it was reported."""

    error_type: str | None = None
    severity: str | None = None
    report_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Hit:
    """A signature that was found: fused score, and its place (from 1) in each list that has it."""

    signature_hash: str
    score: float
    places: dict[str, int] = field(default_factory=dict)
    distance: float | None = None


@dataclass(frozen=True)
class FoundRow:
    """How a hit is shown. Counts are over all reports, `signals` over all business events, and times over both."""

    signature_hash: str
    problem_id: UUID | None
    error_type: str
    severity: str
    exception_class: str | None
    template: str
    frequency: int
    reports: int
    signals: int
    first_seen: datetime | None
    last_seen: datetime | None


def fused(
    connection: psycopg.Connection,
    text: str,
    vector: npt.NDArray[np.float32] | None,
    model_version: str,
    filters: Filters,
    limit: int,
) -> list[Hit]:
    """The best `limit`, by reciprocal rank fusion; ties by hash. Without a vector words alone count."""
    lists: dict[str, list[str]] = {}
    distances: dict[str, float] = {}
    if vector is not None:
        near = nearest(connection, vector, model_version, filters, max(DEPTH, limit))
        distances = dict(near)
        lists["meaning"] = [signature for signature, _ in near]
    lists["words"] = by_words(connection, text, filters, max(DEPTH, limit))
    lists["parts"] = by_parts(connection, text, filters, max(DEPTH, limit))
    scores: dict[str, float] = defaultdict(float)
    places: dict[str, dict[str, int]] = defaultdict(dict)
    for name, signatures in lists.items():
        for place, signature in enumerate(signatures, 1):
            scores[signature] += 1 / (RRF_CONSTANT + place)
            places[signature][name] = place
    best = sorted(scores, key=lambda signature: (-round(scores[signature], 12), signature))[:limit]
    return [Hit(one, round(scores[one], 6), places[one], distances.get(one)) for one in best]


def nearest(
    connection: psycopg.Connection,
    vector: npt.NDArray[np.float32],
    model_version: str,
    filters: Filters,
    limit: int,
    *,
    max_scan_tuples: int = 40_000,
) -> list[tuple[str, float]]:
    """Signatures nearest to a vector of this model and their distances. The index is scanned on until the filters have
    let enough through; where it gives up before that, few rows pass, and these are compared one by one."""
    register_vector(connection)
    with index_scans(connection, max(120, limit), max_scan_tuples):
        rows = _nearest(connection, vector, model_version, filters, limit, order="e.embedding <=> %(vector)s")
    if len(rows) < limit:
        rows = _nearest(connection, vector, model_version, filters, limit, order="(e.embedding <=> %(vector)s) + 0")
    found = [(row[0], float(row[1])) for row in rows]
    return sorted(found, key=lambda item: (round(item[1], 6), item[0]))


def _nearest(
    connection: psycopg.Connection,
    vector: npt.NDArray[np.float32],
    model_version: str,
    filters: Filters,
    limit: int,
    *,
    order: str,
) -> list[tuple[Any, ...]]:
    where, values = _conditions(filters)
    return connection.execute(
        f"select e.signature_hash, e.embedding <=> %(vector)s as distance from error_signatures e"
        f" where e.model_version = %(model)s{where} order by {order} limit %(limit)s".encode(),
        values | {"vector": Vector(vector), "model": model_version, "limit": limit},
    ).fetchall()


def by_words(connection: psycopg.Connection, text: str, filters: Filters, limit: int) -> list[str]:
    """Any of the words, those that have more and rarer of them first; all of them in a quoted phrase or with a minus
    as Postgres's websearch reads it."""
    where, values = _conditions(filters)
    rows = connection.execute(
        f"""
        with query as (
            select websearch_to_tsquery('english', %(text)s) as every,
                replace(plainto_tsquery('english', searchable(%(text)s))::text, ' & ', ' | ')::tsquery as some
        ), matched as materialized (
            select e.signature_hash, e.words from error_signatures e, query q
            where e.words @@ (q.every || q.some){where} limit %(ranked)s
        )
        select m.signature_hash from matched m, query q
        order by m.words @@ q.every desc, ts_rank_cd(m.words, q.some, 1) desc, m.signature_hash limit %(limit)s
        """.encode(),
        values | {"text": text[:1000], "limit": limit, "ranked": _RANKED_AT_MOST},
    ).fetchall()
    return [row[0] for row in rows]


def by_parts(connection: psycopg.Connection, text: str, filters: Filters, limit: int) -> list[str]:
    """Parts of words and misspelt ones, by trigrams: `ECONNREF`, `NulPointer`. Short texts only."""
    if len(text) > _LONGEST_FOR_PARTS or len(text.strip()) < 3:
        return []
    where, values = _conditions(filters)
    connection.execute("select set_config('pg_trgm.word_similarity_threshold', %s, true)", (str(_LEAST_SIMILAR),))
    rows = connection.execute(
        f"select e.signature_hash from error_signatures e where lower(%(text)s) <%% e.head{where}"
        " order by word_similarity(lower(%(text)s), e.head) desc, e.signature_hash limit %(limit)s".encode(),
        values | {"text": text, "limit": limit},
    ).fetchall()
    return [row[0] for row in rows]


def rows_of(connection: psycopg.Connection, hashes: Sequence[str]) -> dict[str, FoundRow]:
    """How these are shown."""
    with connection.cursor(row_factory=class_row(FoundRow)) as cursor:
        rows = cursor.execute(
            "select e.signature_hash, m.problem_id, e.error_type, e.severity,"
            " e.key_components ->> 'exception_class' as exception_class, e.key_components ->> 'template' as template,"
            " e.frequency, o.reports, b.signals, least(o.first_seen, b.first_at) as first_seen,"
            " greatest(o.last_seen, b.last_at) as last_seen"
            " from error_signatures e left join catalog_members m using (signature_hash)"
            " cross join lateral (select count(distinct o.report_id) as reports, min(o.first_seen) as first_seen,"
            "   max(o.last_seen) as last_seen from signature_occurrences o"
            "   where o.signature_hash = e.signature_hash) o"
            f" cross join lateral ({SIGNALS_OF}) b where e.signature_hash = any(%s)",
            (list(hashes),),
        ).fetchall()
    return {row.signature_hash: row for row in rows}


def _conditions(filters: Filters) -> tuple[str, dict[str, Any]]:
    """For the where clause of a query over error_signatures e, with its values."""
    where = ""
    values: dict[str, Any] = {}
    if filters.error_type is not None:
        where += " and e.error_type = %(error_type)s"
        values["error_type"] = filters.error_type
    if filters.severity is not None:
        where += " and e.severity = %(severity)s"
        values["severity"] = filters.severity
    occurred, given = _occurred(filters)
    if occurred:
        in_reports = (
            "exists (select from signature_occurrences o join reports r on r.id = o.report_id"
            f" where o.signature_hash = e.signature_hash{occurred})"
        )
        where += f" and ({in_reports}{_or_in_signals(filters)})"
    return where, values | given


def _or_in_signals(filters: Filters) -> str:
    """The same for signals of events that no report has, whose values `_occurred` gives."""
    if filters.report_id is not None:
        return ""
    when = " and b.at >= %(since)s" if filters.since is not None else ""
    when += " and b.at <= %(until)s" if filters.until is not None else ""
    return (
        " or exists (select from signal_subjects k join business_signals b using (kind, subject)"
        f" where k.signature_hash = e.signature_hash{when})"
    )


def _occurred(filters: Filters) -> tuple[str, dict[str, Any]]:
    where = ""
    values: dict[str, Any] = {}
    if filters.report_id is not None:
        where += " and o.report_id = %(report)s"
        values["report"] = filters.report_id
    if filters.since is not None:
        where += " and coalesce(o.last_seen, r.created_at) >= %(since)s"
        values["since"] = filters.since
    if filters.until is not None:
        where += " and coalesce(o.first_seen, r.created_at) <= %(until)s"
        values["until"] = filters.until
    return where, values
