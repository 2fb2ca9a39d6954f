"""Exact DBSCAN with the cosine metric, in blocks: scikit-learn's labels in bounded memory.

With min_samples up to 2 there are no border points, and DBSCAN is the connected components of the eps graph.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from signal_pipeline.clustering.components import Labels, number_by_first, threshold_components
from signal_pipeline.clustering.similarity import ROWS, Vectors, full_blocks, lowest_similarity, unit

NOISE = -1


def dbscan(vectors: Vectors, *, eps: float, min_samples: int) -> Labels:
    """Label of each row of `vectors` (n, d), int32; -1 is noise.

    Clusters are numbered by their first core point and a border point goes to the lowest-numbered cluster
    that reaches it, as scikit-learn's DBSCAN(eps, min_samples, metric="cosine") does.
    """
    vectors = unit(vectors)
    if min_samples > 2:
        return _with_borders(vectors, eps, min_samples)
    labels = threshold_components(vectors, eps)
    if min_samples == 2 and len(labels):
        labels[np.bincount(labels)[labels] < 2] = NOISE
        labels = number_by_first(labels)
    return labels


def _with_borders(vectors: Vectors, eps: float, min_samples: int) -> Labels:
    lowest = lowest_similarity(eps)
    core = np.flatnonzero(_neighbour_counts(vectors, lowest) >= min_samples)
    labels = np.full(len(vectors), NOISE, dtype=np.int32)
    if not len(core):
        return labels
    labels[core] = threshold_components(vectors[core], eps)
    _assign_borders(vectors, labels, core, lowest)
    return labels


def _neighbour_counts(vectors: Vectors, lowest: np.float32) -> npt.NDArray[np.int64]:
    counts = np.ones(len(vectors), dtype=np.int64)  # a point is its own neighbour
    for block in full_blocks(vectors):
        near = block.similarity >= lowest
        rows = np.arange(len(near))
        near[rows, rows + block.row] = False
        counts[block.row : block.row + len(near)] += near.sum(axis=1)
    return counts


def _assign_borders(vectors: Vectors, labels: Labels, core: npt.NDArray[np.int64], lowest: np.float32) -> None:
    """Gives each point that is not core the lowest label among its core neighbours; `labels` is changed."""
    order = core[np.argsort(labels[core], kind="stable")]
    by_label = vectors[order]
    outside = np.flatnonzero(labels == NOISE)
    for start in range(0, len(outside), ROWS):
        rows = outside[start : start + ROWS]
        near = vectors[rows] @ by_label.T >= lowest
        first = near.argmax(axis=1)
        reached = near[np.arange(len(rows)), first]
        labels[rows[reached]] = labels[order[first[reached]]]
