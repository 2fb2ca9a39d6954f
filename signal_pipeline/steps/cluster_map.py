"""Where a report's signatures lie relative to one another, on a plane: the two directions in which they differ most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from signal_pipeline.storage.signatures import StoredSignature

MAX_POINTS = 2_000


@dataclass(frozen=True)
class MapPoint:
    """One signature; `x` and `y` lie between 0 and 1."""

    signature_hash: str
    x: float
    y: float


def cluster_map(signatures: Sequence[StoredSignature]) -> list[MapPoint]:
    """The most frequent signatures by principal components. The same vectors give the same map."""
    chosen = sorted(signatures, key=lambda row: (-row.frequency, row.signature_hash))[:MAX_POINTS]
    if len(chosen) < 3:
        return []
    vectors = np.array([row.vector for row in chosen], dtype=np.float64)
    centred = vectors - vectors.mean(axis=0)
    _, _, directions = np.linalg.svd(centred, full_matrices=False)
    # Singular vectors have no sign of their own; the largest part is made positive.
    signs = np.sign(directions[np.arange(2), np.abs(directions[:2]).argmax(axis=1)])
    flat = centred @ (directions[:2] * signs[:, None]).T
    low, high = flat.min(axis=0), flat.max(axis=0)
    placed = (flat - low) / np.where(high - low > 1e-12, high - low, 1.0)
    return [MapPoint(row.signature_hash, float(x), float(y)) for row, (x, y) in zip(chosen, placed, strict=True)]
