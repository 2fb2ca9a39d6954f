"""What a person may change for one run of `clusters`, with its bounds; what is left empty comes from the settings."""

from __future__ import annotations

from enum import Enum

import dagster as dg
from pydantic import Field

from signal_pipeline.clustering.settings import ClusterSettings
from signal_pipeline.pipeline.cluster_settings import chosen_settings
from signal_pipeline.settings import Settings


class Algorithm(Enum):
    """How signatures are joined."""

    calibrated = "calibrated"
    dbscan = "dbscan"
    hdbscan = "hdbscan"
    agglomerative = "agglomerative"


class ClusterConfig(dg.Config):
    """Config of the clusters asset."""

    algorithm: Algorithm | None = Field(
        None,
        description="calibrated: guarded, chosen on labelled data; reads no"
        " min_samples. dbscan: plain DBSCAN. hdbscan: density at several"
        " scales. agglomerative: average linkage. Empty: CLUSTER_ALGORITHM.",
    )
    similarity_threshold: float | None = Field(
        None,
        gt=0,
        le=2,
        description="Cosine distance (above 0, at most 2) up to which signatures are joined; for calibrated, the"
        " greatest distance within a cluster. Smaller: more and tighter clusters. Empty: SIMILARITY_THRESHOLD.",
    )
    min_samples: int | None = Field(
        None,
        ge=1,
        le=100,
        description="Signatures (1 to 100) that must be close together to make a cluster. Empty: MIN_SAMPLES_CLUSTER.",
    )
    hold: bool = Field(
        False,
        description="Keep the new clustering beside the current one until `signal-pipeline publish` is run; a report"
        " without clusters gets its first ones at once. Always so with HOLD_RECLUSTERINGS.",
    )


def cluster_settings(config: ClusterConfig, settings: Settings) -> ClusterSettings:
    """The run's config where it says something, the settings where it does not."""
    return chosen_settings(
        settings,
        algorithm=None if config.algorithm is None else config.algorithm.value,
        similarity_threshold=config.similarity_threshold,
        min_samples=config.min_samples,
    )
