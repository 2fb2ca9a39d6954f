"""The map: signatures of the catalog, or of one report, as a picture. From stored vectors; no model is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from signal_pipeline.clustering.projection import Method, project
from signal_pipeline.errors import ReportUnknown
from signal_pipeline.platform.platform import Platform
from signal_pipeline.reports.map_picture import map_picture
from signal_pipeline.storage.catalog import facts_of, members_with, most_frequent, problem_names
from signal_pipeline.storage.problems import problems_of
from signal_pipeline.storage.report_signatures import signatures_of_one
from signal_pipeline.storage.reports import report_exists

POINTS = 3_000
"""The most frequent signatures: UMAP takes 20 to 60 CPU seconds for so many, and more dots say no more."""


@dataclass(frozen=True)
class SignatureMap:
    """The SVG, how many signatures and groups it shows, and how it was made."""

    svg: str
    signatures: int
    groups: int
    method: str
    note: str


def catalog_map(platform: Platform, method: Method = "auto", points: int = POINTS) -> SignatureMap | None:
    """Signatures over all reports, coloured by problem; None when there are none."""
    with platform.database.transaction() as connection:
        hashes = most_frequent(connection, points)
        facts = facts_of(connection, hashes)
        places = {key: str(member.problem_id) for key, member in members_with(connection, hashes).items()}
        names = problem_names(connection, sorted(set(places.values())))
    if not facts:
        return None
    groups = [places[fact.signature_hash] for fact in facts]
    vectors = np.stack([fact.vector for fact in facts])
    return _map(vectors, groups, names, [fact.frequency for fact in facts], "signatures of all reports", method)


def report_map(platform: Platform, report_id: UUID, method: Method = "auto") -> SignatureMap | None:
    """Signatures of one report, coloured by cluster; None when it has none."""
    with platform.database.transaction() as connection:
        if not report_exists(connection, report_id):
            raise ReportUnknown(f"report {report_id} is not in the database")
        rows = signatures_of_one(connection, report_id)
        problems = problems_of(connection, report_id, evidence_of=range(0))
    group = {signature: one.medoid_hash for one in problems for signature in one.signature_hashes}
    names = {one.medoid_hash: one.label_terms or one.title for one in problems}
    rows = [row for row in rows if row.signature_hash in group]
    if not rows:
        return None
    groups = [group[row.signature_hash] for row in rows]
    vectors = np.stack([row.vector for row in rows])
    return _map(vectors, groups, names, [row.frequency for row in rows], f"report {report_id}", method)


def _map(
    vectors: np.ndarray[tuple[int, int], np.dtype[np.float32]],
    groups: Sequence[str],
    names: dict[str, str],
    weights: Sequence[int],
    title: str,
    method: Method,
) -> SignatureMap:
    found = project(vectors, method)
    count = len(set(groups))
    svg = map_picture(
        found.points, groups, names, weights, f"{title}: {len(groups)} in {count} groups ({found.method})"
    )
    return SignatureMap(svg, len(groups), count, found.method, found.note)
