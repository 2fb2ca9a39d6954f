"""Nearest signatures by the HNSW index on error_signatures. Only which rows they are; the caller measures exactly.

What does not belong here: search by text, whose filters are its own (search.py).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

EF_SEARCH, EF_FOR = 120, 20_000
"""Candidates that the index keeps among so many signatures, and more as the root of their number grows.

Of the ten nearest it finds 96 % then among 20,000, and 95 % among 1,000,000, where 120 candidates find 85 %. Those that
are missed are far away: what is near is found by 120 at any size.
"""
MOST_CANDIDATES = 1000


@dataclass(frozen=True)
class Neighbour:
    """A signature, its cosine distance, and whether it has the error type of the one that was asked for."""

    signature_hash: str
    distance: float
    same_type: bool


def nearest_signatures(
    connection: psycopg.Connection, hashes: Sequence[str], count: int, *, ef_search: int | None = None
) -> dict[str, list[Neighbour]]:
    """For each of these signatures up to `count` others with vectors of the same model, nearest first, ties by hash.

    `ef_search`: candidates of the index, in place of as many as the number of signatures asks for.
    """
    found: dict[str, list[Neighbour]] = {signature: [] for signature in hashes}
    if not found:
        return found
    with index_scans(connection, max(ef_search or candidates_for(_estimated_signatures(connection)), count + 1)):
        rows = connection.execute(
            """
            select s.signature_hash, n.signature_hash, n.distance, n.error_type = s.error_type
            from unnest(%s::text[]) as wanted (signature_hash)
            join error_signatures s using (signature_hash)
            cross join lateral (
                select e.signature_hash, e.error_type, e.embedding <=> s.embedding as distance from error_signatures e
                where e.model_version = s.model_version
                order by e.embedding <=> s.embedding limit %s
            ) n
            """,
            (list(found), count + 1),
        ).fetchall()
    by_signature: dict[str, list[Neighbour]] = defaultdict(list)
    for signature, other, distance, same_type in rows:
        if other != signature:
            by_signature[signature].append(Neighbour(other, float(distance), same_type))
    for signature, others in by_signature.items():
        others.sort(key=lambda one: (round(one.distance, 6), one.signature_hash))
        found[signature] = others[:count]
    return found


def candidates_for(signatures: float) -> int:
    """How many the index should keep among so many signatures; -1 is unknown."""
    return min(MOST_CANDIDATES, round(EF_SEARCH * math.sqrt(max(1.0, signatures / EF_FOR))))


def _estimated_signatures(connection: psycopg.Connection) -> float:
    """Postgres's own estimate, which costs nothing."""
    [(rows,)] = connection.execute("select reltuples from pg_class where oid = 'error_signatures'::regclass").fetchall()
    return float(rows)


@contextmanager
def index_scans(connection: psycopg.Connection, ef_search: int, max_scan_tuples: int = 40_000) -> Iterator[None]:
    """Within it nearest neighbours come from the index, and a scan goes on until filters have let enough rows through.

    Left to itself Postgres reads a table of a thousand rows as a whole, as it does not count what fetching each row's
    vector costs: 20 ms instead of 3.
    """
    connection.execute(
        "select set_config('hnsw.ef_search', %s, true), set_config('hnsw.iterative_scan', 'strict_order', true),"
        " set_config('hnsw.max_scan_tuples', %s, true), set_config('enable_seqscan', 'off', true)",
        (str(min(ef_search, MOST_CANDIDATES)), str(max_scan_tuples)),
    )
    yield
    connection.execute("select set_config('enable_seqscan', 'on', true)")
