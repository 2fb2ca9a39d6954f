"""Who stands for a cluster, how far each member is from it, and who was nearest but left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from signal_pipeline.clustering.components import Labels
from signal_pipeline.clustering.similarity import Indices, Vectors, full_blocks

Distances = npt.NDArray[np.float32]

_SAME = 1e-6
"""Cosine distances closer than this are equal: the sums below carry float32 noise."""


@dataclass(frozen=True)
class Nearest:
    """Per row: index of the nearest row outside its cluster (-1 if there is none), and the distance (NaN)."""

    index: Indices
    distance: Distances


def medoids(vectors: Vectors, labels: Labels, frequencies: npt.NDArray[np.int64]) -> Indices:
    """Row of each cluster's medoid, by label 0..: least total distance, then most frequent, then first row.

    Needs no distance matrix: a row's summed similarity to its cluster is its product with the cluster's sum.
    """
    count = int(labels.max(initial=-1)) + 1
    rows = np.flatnonzero(labels >= 0)
    sums = np.zeros((count, vectors.shape[1]), dtype=np.float64)
    np.add.at(sums, labels[rows], vectors[rows])
    sizes = np.bincount(labels[rows], minlength=count)
    mean = np.einsum("ij,ij->i", vectors[rows], sums[labels[rows]]) / sizes[labels[rows]]
    order = np.lexsort((rows, -frequencies[rows], -np.round(mean / _SAME), labels[rows]))
    first = np.flatnonzero(np.diff(labels[rows][order], prepend=-1))
    return rows[order[first]]


def distances_to_medoid(vectors: Vectors, labels: Labels, medoid: Indices) -> Distances:
    """Cosine distance of each row to its cluster's medoid; 0 for the medoid itself and for noise."""
    distances = np.zeros(len(vectors), dtype=np.float32)
    rows = np.flatnonzero(labels >= 0)
    own = medoid[labels[rows]]
    distances[rows] = 1 - np.einsum("ij,ij->i", vectors[rows], vectors[own])
    distances[own] = 0
    return np.clip(distances, 0, 2)


def nearest_outside(vectors: Vectors, labels: Labels) -> Nearest:
    """The nearest row that is not in the same cluster; noise has no cluster, so any other row counts."""
    index = np.full(len(vectors), -1, dtype=np.int64)
    distance = np.full(len(vectors), np.nan, dtype=np.float32)
    by_cluster = np.where(labels >= 0, labels, -1 - np.arange(len(labels), dtype=np.int32))
    for block in full_blocks(vectors):
        rows = np.arange(block.row, block.row + len(block.similarity))
        block.similarity[by_cluster[rows][:, None] == by_cluster[None, :]] = -np.inf
        best = block.similarity.argmax(axis=1)
        similarity = block.similarity[np.arange(len(rows)), best]
        found = np.isfinite(similarity)
        index[rows[found]] = best[found]
        distance[rows[found]] = np.clip(1 - similarity[found], 0, 2)
    return Nearest(index, distance)
