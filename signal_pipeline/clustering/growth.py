"""Clusters that grow: newcomers join known clusters or each other, under the guards of the calibrated algorithm.

Known clusters are never parted here, and their members stay where they are; with `merge_known` two of them may become
one. Works on a neighbourhood: the newcomers, and the members of the clusters that may take them in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from signal_pipeline.clustering.calibrated import NO_PAIRS, Guards
from signal_pipeline.clustering.components import Labels, number_by_first
from signal_pipeline.clustering.linkage import FORBIDDEN, MAX_COMPONENT, Distances
from signal_pipeline.clustering.raised import meeting_keys
from signal_pipeline.clustering.similarity import Indices, Vectors, unit

NEWCOMER = -1


def grow(  # noqa: PLR0913  columns of one table
    vectors: Vectors,
    *,
    known: Sequence[int],
    error_types: Sequence[str],
    exception_classes: Sequence[str | None],
    templates: Sequence[str],
    top_frames: Sequence[Sequence[str]] | None = None,
    radius_cap: float,
    apart: Indices = NO_PAIRS,
    merge_known: bool = False,
) -> Labels:
    """Label of each row: `known` is its cluster's number, or NEWCOMER. Rows must be in order of their hashes.

    A known cluster keeps its number; one that is merged takes the smaller of the two, so number them by age. New
    clusters are numbered from the greatest known number on, by first member.
    """
    vectors = unit(vectors)
    nodes = _nodes(known)
    texts, raised = meeting_keys(templates, exception_classes, top_frames)
    guards = Guards(exception_classes, templates, apart, raised)
    merged = np.arange(int(nodes.max(initial=-1)) + 1, dtype=np.int32)
    for rows in _neighbourhoods(nodes, error_types, texts):
        chosen = _bounded(rows, nodes, known, vectors, radius_cap)
        groups = _linked(chosen, vectors, nodes, known, guards, texts, radius_cap, merge_known=merge_known)
        members = np.unique(nodes[chosen])
        first = members[np.unique(groups, return_index=True)[1]]
        merged[members] = first[groups]
    return _numbered(merged[nodes], known)


def _nodes(known: Sequence[int]) -> Indices:
    """A number per row: rows of one known cluster share theirs; known ones come before newcomers, in their order."""
    numbers = sorted({number for number in known if number != NEWCOMER})
    place = {number: position for position, number in enumerate(numbers)}
    following = iter(range(len(numbers), len(numbers) + len(known)))
    return np.array([place[n] if n != NEWCOMER else next(following) for n in known], dtype=np.int64)


def _neighbourhoods(nodes: Indices, error_types: Sequence[str], texts: Sequence[str]) -> list[Indices]:
    """Rows that share error type and wording, or stand in one cluster with such, where two clusters could meet."""
    by_key: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, key in enumerate(zip(error_types, texts, strict=True)):
        by_key[key].append(row)
    parent = np.arange(int(nodes.max(initial=-1)) + 1)

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = int(parent[node])
        return node

    for rows in by_key.values():
        for row in rows[1:]:
            low, high = sorted((root(int(nodes[rows[0]])), root(int(nodes[row]))))
            parent[high] = low
    found: dict[int, list[int]] = defaultdict(list)
    for row, node in enumerate(nodes):
        found[root(int(node))].append(row)
    return [np.array(rows, dtype=np.int64) for rows in found.values() if len(set(nodes[rows].tolist())) > 1]


def _bounded(rows: Indices, nodes: Indices, known: Sequence[int], vectors: Vectors, cap: float) -> Indices:
    """At most MAX_COMPONENT rows: clusters that no newcomer can reach are left out, and of the others some members."""
    if len(rows) <= MAX_COMPONENT:
        return rows
    new = np.array([row for row in rows if known[row] == NEWCOMER], dtype=np.int64)
    if len(new):
        near = (vectors[rows] @ vectors[new].T).max(axis=1) >= 1 - cap - 1e-6
        reached = set(nodes[rows[near]].tolist())
        rows = np.array([row for row in rows if int(nodes[row]) in reached], dtype=np.int64)
    each = max(1, MAX_COMPONENT // max(1, len(set(nodes[rows].tolist()))))
    taken: dict[int, int] = defaultdict(int)
    kept = []
    for row in rows:
        taken[int(nodes[row])] += 1
        if taken[int(nodes[row])] <= each:
            kept.append(int(row))
    return np.array(kept[: 2 * MAX_COMPONENT], dtype=np.int64)


def _linked(
    rows: Indices,
    vectors: Vectors,
    nodes: Indices,
    known: Sequence[int],
    guards: Guards,
    texts: Sequence[str],
    cap: float,
    *,
    merge_known: bool,
) -> Labels:
    """Complete linkage over nodes: two meet when all of the one may meet all of the other. By node, ascending."""
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    rows = rows[np.argsort(nodes[rows], kind="stable")]
    distances = 1 - vectors[rows] @ vectors[rows].T
    distances = np.clip(np.minimum(distances, distances.T), 0, 2)
    guards.forbid(rows, distances)
    starts = np.flatnonzero(np.diff(nodes[rows], prepend=-1))
    between = np.maximum.reduceat(np.maximum.reduceat(distances, starts, axis=0), starts, axis=1)
    _forbid_other_wordings([{texts[row] for row in part} for part in np.split(rows, starts[1:])], between)
    if not merge_known:
        old = np.array([known[row] != NEWCOMER for row in rows[starts]])
        between[np.ix_(old, old)] = FORBIDDEN
    np.fill_diagonal(between, 0)
    if len(between) < 2:
        return np.zeros(len(between), dtype=np.int32)
    tree = linkage(squareform(between, checks=False), method="complete")
    return number_by_first(fcluster(tree, t=float(np.float32(cap)), criterion="distance").astype(np.int32))


def _forbid_other_wordings(words: Sequence[set[str]], between: Distances) -> None:
    """A cluster may have several wordings, as what is around it opens more or fewer positions; one in common is due."""
    number: dict[str, int] = {}
    for own in words:
        for text in sorted(own):
            number.setdefault(text, len(number))
    has = np.zeros((len(words), len(number)), dtype=np.float32)
    for place, own in enumerate(words):
        has[place, [number[text] for text in own]] = 1
    between[has @ has.T == 0] = FORBIDDEN


def _numbered(labels: Labels, known: Sequence[int]) -> Labels:
    """Known numbers again for nodes that hold a known cluster, the smallest; new ones after them by first member."""
    numbers: dict[int, int] = {}
    for label, number in zip(labels.tolist(), known, strict=True):
        if number != NEWCOMER:
            numbers[label] = min(numbers.get(label, number), number)
    following = max(known, default=NEWCOMER) + 1
    for label in labels.tolist():
        if label not in numbers:
            numbers[label] = following
            following += 1
    return np.array([numbers[label] for label in labels.tolist()], dtype=np.int32)
