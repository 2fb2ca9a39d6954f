"""Which function a setting's algorithm means: the table of all of them, each with one signature."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from signal_pipeline.clustering.calibrated import NO_PAIRS, calibrated_labels
from signal_pipeline.clustering.components import Labels
from signal_pipeline.clustering.dbscan import NOISE, dbscan
from signal_pipeline.clustering.linkage import linkage_labels
from signal_pipeline.clustering.settings import ClusterSettings
from signal_pipeline.clustering.similarity import Indices, Vectors

HAS_NOISE = frozenset(["dbscan", "hdbscan"])


def labels_by(
    settings: ClusterSettings,
    vectors: Vectors,
    *,
    error_types: Sequence[str],
    exception_classes: Sequence[str | None],
    templates: Sequence[str],
    top_frames: Sequence[Sequence[str]] | None = None,
    apart: Indices = NO_PAIRS,
) -> Labels:
    """Label of each unit vector by the algorithm of `settings`; -1 is noise (dbscan and hdbscan only).

    Pairs of rows in `apart` (n, 2) must not meet; only the calibrated algorithm sees to that itself.
    """
    match settings.algorithm:
        case "calibrated":
            return calibrated_labels(
                vectors,
                error_types=error_types,
                exception_classes=exception_classes,
                templates=templates,
                radius_cap=settings.radius_cap,
                top_frames=top_frames,
                apart=apart,
            )
        case "dbscan":
            return dbscan(vectors, eps=settings.similarity_threshold, min_samples=settings.min_samples)
        case "agglomerative":
            return linkage_labels(vectors, settings.similarity_threshold, "average")
        case "hdbscan":
            return _hdbscan(vectors, max(2, settings.min_samples))


def _hdbscan(vectors: Vectors, min_cluster_size: int) -> Labels:
    from sklearn.cluster import HDBSCAN

    if len(vectors) < min_cluster_size:
        return np.full(len(vectors), NOISE, dtype=np.int32)
    # On unit vectors the Euclidean order is the cosine order, and it needs no matrix of all pairs.
    model = HDBSCAN(min_cluster_size=min_cluster_size, metric="euclidean", copy=True)
    return np.asarray(model.fit_predict(vectors), dtype=np.int32)
