"""A database as large as a busy team's, written by COPY: reports, signatures, occurrences, clusterings.

Texts and vectors come from small pools, since reads do not look into them; numbers of rows are what counts.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import psycopg

from signal_pipeline.schemas import ERROR_TYPES, SEVERITIES

PER_REPORT = 100
"""Signatures of one report."""
CLUSTERS_PER_REPORT = 40
SINGLES_PER_REPORT = 20
"""The last of a report's signatures: its algorithm left them alone."""
PER_PROBLEM = 4
"""Signatures of one problem of the catalog."""
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
FRAME = ["app.orders:save", "app.db:execute"]


def fill(connection: psycopg.Connection, *, reports: int, signatures: int) -> list[UUID]:
    """The ids of the reports, oldest first. Drops the index over vectors, which no read of the API uses."""
    rng = random.Random(20260301)
    connection.execute("drop index if exists error_signatures_embedding")
    vectors = ["[" + ",".join(f"{rng.gauss(0, 0.05):.4f}" for _ in range(384)) + "]" for _ in range(64)]
    hashes = [sha256(str(n).encode()).hexdigest() for n in range(signatures)]
    ids = [_uuid(1, n) for n in range(reports)]
    _copy(
        connection,
        "reports (id, title, source, created_at)",
        ((one, f"Bug {n}: checkout fails", "api (bench)", BEGIN + timedelta(minutes=n)) for n, one in enumerate(ids)),
    )
    _copy(
        connection,
        "signals (id, report_id, name, object_key, size_bytes)",
        (
            (_uuid(2, 2 * n + f), one, name, f"reports/{one}/{name}", 1000)
            for n, one in enumerate(ids)
            for f, name in enumerate(("shop.har", "server.log"))
        ),
    )
    _copy(connection, "error_signatures (id, report_id, signature_hash, error_type, message, key_components, severity,"
          " frequency, embedding)", _signatures(rng, ids, hashes, vectors))  # fmt: skip
    chosen = {one: rng.sample(range(signatures), min(PER_REPORT, signatures)) for one in ids}
    _copy(connection, "signature_occurrences (report_id, signature_hash, signal_id, count, severity, first_seen,"
          " last_seen, evidence)", _occurrences(rng, ids, hashes, chosen))  # fmt: skip
    _outcomes(connection, ids)
    _catalog(connection, hashes)
    _clusterings(connection, rng, ids, hashes, chosen)
    _intake(connection, ids)
    connection.commit()
    connection.autocommit = True
    # What autovacuum does within minutes of a load in pieces: until then no index is read without its table.
    connection.execute("vacuum analyze")
    return ids


def _signatures(
    rng: random.Random, ids: list[UUID], hashes: list[str], vectors: list[str]
) -> Iterator[tuple[Any, ...]]:
    for number, one in enumerate(hashes):
        kind = ERROR_TYPES[number % len(ERROR_TYPES)]
        template = f"order <NUM> of shop {number % 5000} could not be saved: constraint {number} failed"
        components = {
            "error_type": kind,
            "exception_class": "app.DatabaseError",
            "template": template,
            "top_frames": FRAME,
        }
        yield (
            _uuid(3, number), ids[number % len(ids)], one, kind, template.replace("<NUM>", "17"),
            json.dumps(components), SEVERITIES[number % 4], rng.randrange(1, 500), vectors[number % len(vectors)],
        )  # fmt: skip


def _occurrences(
    rng: random.Random, ids: list[UUID], hashes: list[str], chosen: dict[UUID, list[int]]
) -> Iterator[tuple[Any, ...]]:
    for n, one in enumerate(ids):
        for number in chosen[one]:
            evidence = [{"line_number": rng.randrange(1, 90_000), "line_count": 3} for _ in range(3)]
            at = BEGIN + timedelta(minutes=n, seconds=number % 60)
            yield (
                one,
                hashes[number],
                _uuid(2, 2 * n + 1),
                rng.randrange(1, 90),
                SEVERITIES[number % 4],
                at,
                at,
                json.dumps(evidence),
            )


def _outcomes(connection: psycopg.Connection, ids: list[UUID]) -> None:
    _copy(connection, "signal_outcomes (report_id, signal_id, status, kind, share_understood, entries, lines, reasons,"
          " redactions)", (
        (one, _uuid(2, 2 * n + f), "ok", ("har", "log")[f], 1.0, 900, 0, "{}", '{"email": 3}')
        for n, one in enumerate(ids) for f in (0, 1)
    ))  # fmt: skip


def _catalog(connection: psycopg.Connection, hashes: list[str]) -> None:
    founders = hashes[::PER_PROBLEM]
    columns = "(id, founder_hash, medoid_hash, title, label, error_type, size, radius)"
    _copy(connection, f"catalog_problems {columns}", (
        (_uuid(6, n), one, one, "could not be saved", "saved · order", "DatabaseError", PER_PROBLEM, 0.1)
        for n, one in enumerate(founders)
    ))  # fmt: skip
    _copy(connection, "catalog_members (signature_hash, core_id, problem_id, distance_to_medoid)", (
        (one, problem, problem, 0.1) for n, one in enumerate(hashes) for problem in (_uuid(6, n // PER_PROBLEM),)
    ))  # fmt: skip


def _clusterings(
    connection: psycopg.Connection,
    rng: random.Random,
    ids: list[UUID],
    hashes: list[str],
    chosen: dict[UUID, list[int]],
) -> None:
    _copy(connection, "clusterings (id, report_id, is_current, algorithm, settings, versions, signatures, clusters,"
          " noise)", ((_uuid(4, n), one, True, "calibrated", "{}", "{}", len(chosen[one]), CLUSTERS_PER_REPORT,
                       SINGLES_PER_REPORT) for n, one in enumerate(ids)))  # fmt: skip
    _copy(connection, "clusters (clustering_id, label, medoid_hash, title, name, terms, error_type, severity, size,"
          " frequency, radius, nearest)", _clusters(ids, hashes, chosen))  # fmt: skip
    columns = "(clustering_id, signature_hash, label, is_medoid, distance_to_medoid, frequency)"
    _copy(connection, f"cluster_members {columns}", (
        (_uuid(4, n), hashes[number], max(label, -1), label < 0 or place < CLUSTERS_PER_REPORT, 0.1,
         rng.randrange(1, 9))
        for n, one in enumerate(ids) for place, number, label in _labelled(chosen[one])
    ))  # fmt: skip


def _clusters(ids: list[UUID], hashes: list[str], chosen: dict[UUID, list[int]]) -> Iterator[tuple[Any, ...]]:
    for n, one in enumerate(ids):
        for place, number, label in _labelled(chosen[one]):
            if label < 0 or place < CLUSTERS_PER_REPORT:
                near = number // PER_PROBLEM + 1 if (number // PER_PROBLEM + 1) * PER_PROBLEM < len(hashes) else 0
                nearest = [{"problem_id": str(_uuid(6, near)), "signature_hash": hashes[near], "distance": 0.4}]
                yield (
                    _uuid(4, n), label, hashes[number], "could not be saved", "order could not be saved",
                    ["saved", "order"], "DatabaseError", "high", 1 if label < 0 else 2, 10, 0.1, json.dumps(nearest),
                )  # fmt: skip


def _labelled(numbers: list[int]) -> Iterator[tuple[int, int, int]]:
    """Place, signature and label of each; singles are labelled -1, -2 and so on."""
    grouped = len(numbers) - SINGLES_PER_REPORT
    for place, number in enumerate(numbers):
        yield place, number, place % CLUSTERS_PER_REPORT if place < grouped else grouped - place - 1


def _intake(connection: psycopg.Connection, ids: list[UUID]) -> None:
    def row(n: int, one: UUID) -> tuple[Any, ...]:
        at = BEGIN + timedelta(minutes=n)
        return _uuid(5, n), one, "digest", "COMPLETED", 1, 100, at, at, at, at + timedelta(seconds=2)

    columns = "(id, report_id, content_digest, state, attempt, progress, due_at, created_at, started_at, finished_at)"
    _copy(connection, f"intake {columns}", (row(n, one) for n, one in enumerate(ids)))


def _copy(connection: psycopg.Connection, target: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with connection.cursor().copy(f"copy {target} from stdin".encode()) as copy:
        for row in rows:
            copy.write_row(row)


def _uuid(kind: int, number: int) -> UUID:
    return UUID(int=(kind << 96) | number, version=4)
