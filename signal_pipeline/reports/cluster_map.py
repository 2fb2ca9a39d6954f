"""Where a report's signatures lie relative to one another, on a plane: the two directions in which they differ most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from signal_pipeline.clustering.projection import project
from signal_pipeline.storage.report_signatures import StoredSignature

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
    flat = project(np.stack([row.vector for row in chosen]), "pca").points
    return [MapPoint(row.signature_hash, float(x), float(y)) for row, (x, y) in zip(chosen, flat, strict=True)]
