"""The result of clustering, as frozen records. How it is made is in cluster.py."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from signal_pipeline.clustering.components import Labels
from signal_pipeline.clustering.settings import ClusterSettings
from signal_pipeline.clustering.similarity import Indices


@dataclass(frozen=True)
class Cluster:
    """One problem. `medoid` and `members` are rows of the input; `radius` is a cosine distance."""

    label: int
    medoid: int
    members: tuple[int, ...]
    frequency: int
    radius: float
    name: str
    shared_template: str
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Clustering:
    """Per row of the input: its label (-1 is noise), whether it is the medoid, distances; and the clusters.

    Labels count from 0 by (summed frequency, most first; then smallest hash). `nearest_other` is the row of
    the nearest signature outside the cluster, -1 if there is none, with NaN as its distance.
    """

    labels: Labels
    is_medoid: npt.NDArray[np.bool_]
    distance_to_medoid: npt.NDArray[np.float32]
    nearest_other: Indices
    nearest_other_distance: npt.NDArray[np.float32]
    clusters: tuple[Cluster, ...]
    settings: ClusterSettings
    versions: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @property
    def noise_count(self) -> int:
        return int((self.labels < 0).sum())
