"""Signatures in, clusters out: the one entry point, whatever the algorithm. Pure: no storage, no model.

The result never depends on the order of the input: rows are put in order of their hashes first, and clusters
are numbered by what is in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from signal_pipeline.clustering.algorithms import HAS_NOISE, labels_by
from signal_pipeline.clustering.clustering import Clustering
from signal_pipeline.clustering.components import Labels
from signal_pipeline.clustering.constraints import NO_CONSTRAINTS, Constraints, obey
from signal_pipeline.clustering.describe import describe
from signal_pipeline.clustering.medoid import Nearest, distances_to_medoid, medoids, nearest_outside
from signal_pipeline.clustering.settings import ClusterSettings
from signal_pipeline.clustering.similarity import Indices, Vectors, unit

_T = TypeVar("_T", bound=np.generic)

GIANT_SHARE = 0.25
"""A cluster with more of the signatures than this is suspect: chains of neighbours have joined what differs."""
_GIANT_FROM = 20
"""Among fewer signatures a large share says nothing."""


def cluster_signatures(  # noqa: PLR0913  columns of one table
    vectors: Vectors,
    *,
    frequencies: Sequence[int],
    error_types: Sequence[str],
    exception_classes: Sequence[str | None],
    templates: Sequence[str],
    hashes: Sequence[str],
    top_frames: Sequence[Sequence[str]] | None = None,
    settings: ClusterSettings | None = None,
    constraints: Constraints = NO_CONSTRAINTS,
) -> Clustering:
    """Cluster unique signatures: row i of `vectors` (n, d) float32 belongs to item i of each sequence.
    `top_frames` are `module:function`, innermost first; without them no place is known.

    Whatever the algorithm says, `constraints` hold in the result.

    Raises ValueError when lengths differ or a hash comes twice.
    """
    settings = settings or ClusterSettings()
    frames = [()] * len(hashes) if top_frames is None else top_frames
    _check(vectors, (frequencies, error_types, exception_classes, templates, hashes, frames), hashes)
    order = np.array(sorted(range(len(hashes)), key=hashes.__getitem__), dtype=np.int64)
    sorted_vectors = unit(vectors[order])
    weights = np.asarray(frequencies, dtype=np.int64)[order]
    sorted_hashes = [hashes[row] for row in order]
    labels = labels_by(
        settings,
        sorted_vectors,
        error_types=[error_types[row] for row in order],
        exception_classes=[exception_classes[row] for row in order],
        templates=[templates[row] for row in order],
        top_frames=[frames[row] for row in order],
        apart=constraints.rows_apart(sorted_hashes),
    )
    labels = obey(labels, sorted_vectors, sorted_hashes, constraints, noise=settings.algorithm in HAS_NOISE)
    labels = number_by_frequency(labels, weights)
    medoid = medoids(sorted_vectors, labels, weights)
    distance = distances_to_medoid(sorted_vectors, labels, medoid)
    nearest = nearest_outside(sorted_vectors, labels)
    return Clustering(
        labels=_scatter(labels, order),
        is_medoid=np.isin(np.arange(len(order)), order[medoid]),
        distance_to_medoid=_scatter(distance, order),
        nearest_other=_nearest_rows(nearest, order),
        nearest_other_distance=_scatter(nearest.distance, order),
        clusters=describe(labels, order, medoid, distance, weights, templates),
        settings=settings,
        versions=_versions(settings),
        warnings=_warnings(labels),
    )


def _check(vectors: Vectors, columns: tuple[Sequence[object], ...], hashes: Sequence[str]) -> None:
    if vectors.ndim != 2 or any(len(column) != len(vectors) for column in columns):
        raise ValueError(f"vectors of shape {vectors.shape}, columns of lengths {[len(c) for c in columns]}")
    if len(set(hashes)) != len(hashes):
        raise ValueError("a signature hash comes twice: cluster unique signatures")


def number_by_frequency(labels: Labels, frequencies: npt.NDArray[np.int64]) -> Labels:
    """The same clusters numbered 0.. by (summed frequency, most first; then first row); -1 stays -1."""
    real = labels >= 0
    numbers, first, inverse = np.unique(labels[real], return_index=True, return_inverse=True)
    totals = np.zeros(len(numbers), dtype=np.int64)
    np.add.at(totals, inverse, frequencies[real])
    place = np.empty(len(numbers), dtype=np.int32)
    place[np.lexsort((first, -totals))] = np.arange(len(numbers), dtype=np.int32)
    numbered = np.full(len(labels), -1, dtype=np.int32)
    numbered[real] = place[inverse]
    return numbered


def _scatter(values: npt.NDArray[_T], order: Indices) -> npt.NDArray[_T]:
    """Values of sorted rows, back in the order of the input."""
    placed = np.empty_like(values)
    placed[order] = values
    return placed


def _nearest_rows(nearest: Nearest, order: Indices) -> Indices:
    rows = np.full(len(order), -1, dtype=np.int64)
    known = nearest.index >= 0
    rows[known] = order[nearest.index[known]]
    return _scatter(rows, order)


def _versions(settings: ClusterSettings) -> dict[str, str]:
    return {"clustering": str(settings.version), "numpy": np.__version__}


def _warnings(labels: Labels) -> tuple[str, ...]:
    sizes = np.bincount(labels[labels >= 0]) if (labels >= 0).any() else np.zeros(1, dtype=np.int64)
    share = sizes.max() / max(len(labels), 1)
    if len(labels) < _GIANT_FROM or share <= GIANT_SHARE:
        return ()
    return (f"giant_cluster: one cluster holds {share:.0%} of {len(labels)} signatures; lower the threshold",)
