"""Connected components of the graph whose edges join vectors within a cosine distance, in bounded memory."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from signal_pipeline.clustering.near_pairs import near_pairs
from signal_pipeline.clustering.similarity import Indices, Vectors

Labels = npt.NDArray[np.int32]

EDGES_HELD = 4_000_000
"""Edges kept before they are folded into components: 64 MB."""


class Components:
    """Union of edges. Edges inside a component that is known already are dropped when they come."""

    def __init__(self, count: int) -> None:
        self._labels: Labels = np.arange(count, dtype=np.int32)
        self._held: list[tuple[Indices, Indices]] = []
        self._held_count = 0

    def join(self, i: Indices, j: Indices) -> None:
        apart = self._labels[i] != self._labels[j]
        if not apart.any():
            return
        self._held.append((i[apart], j[apart]))
        self._held_count += len(self._held[-1][0])
        if self._held_count > EDGES_HELD:
            self._fold()

    def labels(self) -> Labels:
        """Component of each vertex, numbered 0.. by its smallest vertex."""
        self._fold()
        return number_by_first(self._labels)

    def _fold(self) -> None:
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        if not self._held:
            return
        count = len(self._labels)
        i = self._labels[np.concatenate([edge[0] for edge in self._held])]
        j = self._labels[np.concatenate([edge[1] for edge in self._held])]
        graph = coo_array((np.ones(len(i), dtype=np.int8), (i, j)), shape=(count, count))
        merged = connected_components(graph, directed=False)[1].astype(np.int32)
        self._labels = merged[self._labels]
        self._held, self._held_count = [], 0


def number_by_first(labels: Labels) -> Labels:
    """The same groups, numbered 0.. in the order of their first members; -1 stays -1."""
    numbers, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    real = np.flatnonzero(numbers >= 0)
    renumbered = np.full(len(numbers), -1, dtype=np.int32)
    renumbered[real[np.argsort(first[real], kind="stable")]] = np.arange(len(real), dtype=np.int32)
    return renumbered[inverse]


def threshold_components(vectors: Vectors, distance: float) -> Labels:
    """Component of each unit vector in the graph of pairs within `distance`, numbered by first member."""
    components = Components(len(vectors))
    for i, j in near_pairs(vectors, distance):
        components.join(i, j)
    return components.labels()
