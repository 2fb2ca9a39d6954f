"""What the catalog knows near signatures, for many reports at once: known problems of other reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from signal_pipeline.storage.catalog import members_with
from signal_pipeline.storage.neighbours import Neighbour, nearest_signatures

LISTED = 3
_ASKED = 24
"""More than are listed: the nearest are mostly of the same problem, or of this report alone."""


@dataclass(frozen=True)
class Asked:
    """A cluster that wants to know what is near: its medoid, and its members, which are not news to it."""

    report_id: UUID
    label: int
    medoid_hash: str
    members: Sequence[str]


def nearest_known(
    connection: psycopg.Connection, clusters: Sequence[Asked], near: Mapping[str, Sequence[Neighbour]]
) -> dict[tuple[UUID, int], list[dict[str, Any]]]:
    """Up to LISTED problems near each cluster that another report has, nearest first, with the nearest signature.

    `near`: neighbours that were found already, by signature.
    """
    unknown = sorted({cluster.medoid_hash for cluster in clusters} - near.keys())
    near = {**near, **nearest_signatures(connection, unknown, _ASKED)}
    others = sorted({one.signature_hash for found in near.values() for one in found})
    problem_of = {
        signature: member.problem_id
        for signature, member in members_with(
            connection, sorted({*others, *(member for cluster in clusters for member in cluster.members)})
        ).items()
    }
    reports = _first_and_last_report(connection, others)
    return {
        (cluster.report_id, cluster.label): _listed(cluster, near[cluster.medoid_hash], problem_of, reports)
        for cluster in clusters
    }


def _listed(
    cluster: Asked,
    near: Sequence[Neighbour],
    problem_of: Mapping[str, UUID],
    reports: Mapping[str, tuple[UUID, UUID]],
) -> list[dict[str, Any]]:
    seen = {problem_of.get(member) for member in cluster.members}
    found: list[dict[str, Any]] = []
    for one in near:
        problem = problem_of.get(one.signature_hash)
        if problem is None or problem in seen or reports.get(one.signature_hash) == (cluster.report_id,) * 2:
            continue
        seen.add(problem)
        found.append(
            {"problem_id": str(problem), "signature_hash": one.signature_hash, "distance": round(one.distance, 4)}
        )
        if len(found) == LISTED:
            break
    return found


def _first_and_last_report(connection: psycopg.Connection, hashes: Sequence[str]) -> dict[str, tuple[UUID, UUID]]:
    """The smallest and the greatest id of the reports that have a signature: equal when only one has it."""
    rows = connection.execute(
        "select w.signature_hash, low.report_id, high.report_id from unnest(%s::text[]) as w (signature_hash)"
        " cross join lateral (select report_id from signature_occurrences o"
        "   where o.signature_hash = w.signature_hash order by report_id limit 1) low"
        " cross join lateral (select report_id from signature_occurrences o"
        "   where o.signature_hash = w.signature_hash order by report_id desc limit 1) high",
        (list(hashes),),
    ).fetchall()
    return {row[0]: (row[1], row[2]) for row in rows}
