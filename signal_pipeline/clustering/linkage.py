"""Hierarchical clustering cut at a cosine distance. Complete: no two members are farther apart than the cut.

Two clusters merge only if some pair is within the cut (true of complete and average linkage), so each
connected component is processed alone: the result is exact and memory follows the largest component.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
import numpy.typing as npt

from signal_pipeline.clustering.components import Labels, number_by_first, threshold_components
from signal_pipeline.clustering.similarity import Indices, Vectors, lowest_similarity

Method = Literal["complete", "average"]
Distances = npt.NDArray[np.float32]
Forbid = Callable[[Indices, Distances], None]
"""Gets a component's members and its square distance matrix, and raises the distance of pairs that must not meet."""

MAX_COMPONENT = 2_500
"""Larger components go to leader clustering: 2,500 x 2,500 distances are 50 MB in double precision."""

FORBIDDEN = 4.0
"""A distance that no cut reaches."""


def linkage_labels(vectors: Vectors, cut: float, method: Method, forbid: Forbid | None = None) -> Labels:
    """Label of each unit vector, numbered by first member; each vector has one, there is no noise.

    The result depends on the order of rows only where distances are equal.
    """
    labels = np.arange(len(vectors), dtype=np.int32)
    if len(labels) < 2:
        return labels
    components = threshold_components(vectors, cut)
    order = np.argsort(components, kind="stable")
    starts = np.flatnonzero(np.diff(components[order], prepend=-1))
    for members in np.split(order, starts[1:]):
        if len(members) == 1:
            continue
        if len(members) > MAX_COMPONENT:
            inner = _leader_labels(vectors, members, cut, forbid)
        else:
            inner = _linked(vectors, members, cut, method, forbid)
        first = members[np.unique(inner, return_index=True)[1]]
        labels[members] = first[inner]
    return number_by_first(labels)


def _linked(vectors: Vectors, members: Indices, cut: float, method: Method, forbid: Forbid | None) -> Labels:
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    distances = _distances(vectors, members)
    if forbid is not None:
        forbid(members, distances)
    tree = linkage(squareform(distances, checks=False), method=method)
    found = fcluster(tree, t=float(np.float32(cut)), criterion="distance")
    return number_by_first(found.astype(np.int32))


def _distances(vectors: Vectors, members: Indices) -> Distances:
    own = vectors[members]
    distances = 1 - own @ own.T
    # The two triangles of a product differ in the last bits on some processors.
    distances = np.minimum(distances, distances.T)
    np.clip(distances, 0, 2, out=distances)
    np.fill_diagonal(distances, 0)
    return np.asarray(distances, dtype=np.float32)


def _leader_labels(vectors: Vectors, members: Indices, cut: float, forbid: Forbid | None) -> Labels:
    """One pass: a vector joins the nearest leader within half the cut, else it leads.

    Half, so that members of one cluster are about as close together as complete linkage would keep them.
    """
    lowest = lowest_similarity(cut / 2)
    leaders: list[int] = []
    labels = np.empty(len(members), dtype=np.int32)
    led = np.empty((len(members), vectors.shape[1]), dtype=np.float32)
    for position, member in enumerate(members):
        similarity = led[: len(leaders)] @ vectors[member]
        for best in np.argsort(-similarity, kind="stable")[:8]:
            if similarity[best] < lowest or not _may_meet(leaders[best], member, similarity[best], forbid):
                continue
            labels[position] = best
            break
        else:
            led[len(leaders)] = vectors[member]
            labels[position] = len(leaders)
            leaders.append(int(member))
    return labels


def _may_meet(one: int, other: int, similarity: float, forbid: Forbid | None) -> bool:
    if forbid is None:
        return True
    distances = np.array([[0, 1 - similarity], [1 - similarity, 0]], dtype=np.float32)
    forbid(np.array([one, other]), distances)
    return bool(distances[0, 1] < FORBIDDEN)
