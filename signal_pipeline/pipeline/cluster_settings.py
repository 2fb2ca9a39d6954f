"""Which settings a clustering runs with: what a person said, else the environment, else the algorithm's own."""

from __future__ import annotations

from dataclasses import replace

from signal_pipeline.clustering.settings import ClusterSettings
from signal_pipeline.settings import ClusterAlgorithm, Settings


def chosen_settings(
    settings: Settings,
    *,
    algorithm: ClusterAlgorithm | None = None,
    similarity_threshold: float | None = None,
    min_samples: int | None = None,
) -> ClusterSettings:
    """A threshold that was said applies to whichever algorithm runs; SettingsInvalid names a value out of bounds."""
    name = settings.cluster_algorithm if algorithm is None else algorithm
    threshold = settings.similarity_threshold if similarity_threshold is None else similarity_threshold
    chosen = ClusterSettings(
        algorithm=name, min_samples=settings.min_samples_cluster if min_samples is None else min_samples
    )
    if threshold is None:
        return chosen
    if name == "calibrated":
        return replace(chosen, radius_cap=threshold)
    return replace(chosen, similarity_threshold=threshold)
