"""Vectors on a plane, for a picture: what is near there is near here, more or less. Never for a decision.

UMAP where it is installed (the extra `map`) and there are enough points for it, else the two principal components.
Seeded: the same vectors in the same order give the same picture on one machine.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from signal_pipeline.clustering.similarity import Vectors

Method = Literal["auto", "umap", "pca"]
Points = npt.NDArray[np.float32]

SEED = 20_261
UMAP_FROM = 50
"""Fewer points have no neighbourhoods worth a picture, and UMAP's start alone costs some 20 CPU seconds."""


@dataclass(frozen=True)
class Projection:
    """`points` (n, 2), each axis from 0 to 1; `method` and `note` say how they were made."""

    points: Points
    method: str
    note: str


def project(vectors: Vectors, method: Method = "auto") -> Projection:
    """Raises ModuleNotFoundError when UMAP is asked for by name and is not installed."""
    if method == "auto":
        if len(vectors) < UMAP_FROM:
            return Projection(_principal(vectors), "PCA", f"principal components: fewer than {UMAP_FROM} points")
        if find_spec("umap") is None:
            note = "principal components: umap-learn is not installed (pip install 'signal-pipeline[map]')"
            return Projection(_principal(vectors), "PCA", note)
        method = "umap"
    if method == "pca":
        return Projection(_principal(vectors), "PCA", "principal components")
    return Projection(_umap(vectors), "UMAP", f"UMAP, cosine, seed {SEED}")


def _umap(vectors: Vectors) -> Points:
    if find_spec("umap") is None:
        raise ModuleNotFoundError("umap-learn is not installed: pip install 'signal-pipeline[map]'")
    with warnings.catch_warnings():
        # numba and umap warn of threads and of graphs in several parts; neither harms a picture.
        warnings.simplefilter("ignore")
        from umap import UMAP

        # Lazily typed: umap-learn publishes no types.
        model: Any = UMAP(
            n_neighbors=min(15, len(vectors) - 1),
            min_dist=0.1,
            metric="cosine",
            init="pca",
            random_state=SEED,
            n_jobs=1,
        )
        return _scaled(np.asarray(model.fit_transform(vectors), dtype=np.float32))


def _principal(vectors: Vectors) -> Points:
    if len(vectors) < 2:
        return np.full((len(vectors), 2), 0.5, dtype=np.float32)
    centred = (vectors - vectors.mean(axis=0)).astype(np.float64)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    axes = axes[:2]
    # The sign of an axis is arbitrary, so it is fixed: its largest part is positive.
    axes *= np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)])[:, None]
    return _scaled((centred @ axes.T).astype(np.float32))


def _scaled(points: Points) -> Points:
    low, high = points.min(axis=0), points.max(axis=0)
    return np.asarray((points - low) / np.where(high > low, high - low, 1), dtype=np.float32)
