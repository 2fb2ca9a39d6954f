"""How good a clustering looks, in numbers that can be watched, and the bounds beyond which it is not to be trusted.

Pure: labels in, numbers and findings out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass

import numpy as np

from signal_pipeline.clustering.clustering import Clustering
from signal_pipeline.clustering.diff import ClusterId
from signal_pipeline.clustering.settings import ClusterSettings

LARGEST_SHARE = 0.5
"""A cluster with more of a report's signatures than this is taken for a chain: over-merging hides bugs."""
JUDGED_FROM = 20
"""Among fewer signatures shares say nothing."""
PRECISION = 0.98
"""Pairs that were joined and are right, on the golden set: what the default was calibrated for."""
CHURN = 0.5
"""Share of signatures with other company than in the clustering before."""


@dataclass(frozen=True)
class Quality:
    """Shares are of signatures; `median_radius` is over clusters of two and more, 0 when there is none.

    `churn` is None without a clustering before.
    """

    signatures: int
    clusters: int
    singles_share: float
    largest_share: float
    median_radius: float
    churn: float | None = None

    def as_dict(self) -> dict[str, float | int | None]:
        return {name: round(value, 6) if isinstance(value, float) else value for name, value in asdict(self).items()}


def quality_of(clustering: Clustering, churn: float | None) -> Quality:
    count = len(clustering.labels)
    sizes = [len(cluster.members) for cluster in clustering.clusters]
    radii = [cluster.radius for cluster in clustering.clusters if len(cluster.members) > 1]
    alone = clustering.noise_count + sum(size == 1 for size in sizes)
    return Quality(
        signatures=count,
        clusters=len(sizes) + clustering.noise_count,
        singles_share=alone / count if count else 0.0,
        largest_share=max([*sizes, min(count, 1)], default=0) / count if count else 0.0,
        median_radius=float(np.median(radii)) if radii else 0.0,
        churn=churn,
    )


def churn_of(before: Mapping[str, ClusterId | None], after: Mapping[str, ClusterId | None]) -> float | None:
    """Share of the signatures of both whose company changed: not with the same others, of those in both, as before."""
    common = before.keys() & after.keys()
    if not common:
        return None
    old, new = _clusters(before, common), _clusters(after, common)
    # Compared once per pair of clusters: once per signature, a cluster of 20,000 would be compared 20,000 times.
    pairs = Counter((_own(before, signature), _own(after, signature)) for signature in common)
    moved = sum(count for (mine, theirs), count in pairs.items() if old[mine] != new[theirs])
    return moved / len(common)


def _clusters(clustering: Mapping[str, ClusterId | None], common: AbstractSet[str]) -> dict[object, set[str]]:
    found: dict[object, set[str]] = defaultdict(set)
    for signature in common:
        found[_own(clustering, signature)].add(signature)
    return found


def _own(clustering: Mapping[str, ClusterId | None], signature: str) -> object:
    """A cluster's key; noise is a cluster of its own."""
    cluster = clustering[signature]
    return signature if cluster in (None, -1) else ("cluster", cluster)


def with_singles(clustering: Mapping[str, int]) -> dict[str, ClusterId]:
    """Noise as clusters of one, as people see it: their id is the signature itself."""
    return {signature: signature if label < 0 else label for signature, label in clustering.items()}


def giant_findings(quality: Quality) -> list[str]:
    """A finding when one cluster holds too much."""
    if quality.signatures < JUDGED_FROM or quality.largest_share <= LARGEST_SHARE:
        return []
    share = f"{quality.largest_share:.0%} of {quality.signatures} signatures"
    return [f"one cluster holds {share} (at most {LARGEST_SHARE:.0%})"]


def radius_findings(quality: Quality, settings: ClusterSettings) -> list[str]:
    """A finding when clusters are wider than the threshold: chains, or verdicts that join what is far apart."""
    if quality.median_radius <= settings.limit:
        return []
    return [f"half of the clusters are wider than {quality.median_radius:.2f}; the threshold is {settings.limit:g}"]


def singles_findings(quality: Quality, before: Quality | None) -> list[str]:
    """A finding when far more signatures are alone than in the clustering before."""
    if before is None or min(quality.signatures, before.signatures) < JUDGED_FROM:
        return []
    if quality.singles_share - before.singles_share <= 0.3:
        return []
    return [f"{quality.singles_share:.0%} of the signatures are alone; before it were {before.singles_share:.0%}"]


def churn_findings(quality: Quality, bound: float = CHURN) -> list[str]:
    """A finding when too many signatures have other company than before."""
    if quality.churn is None or quality.signatures < JUDGED_FROM or quality.churn <= bound:
        return []
    return [f"{quality.churn:.0%} of the signatures have other company than before (at most {bound:.0%})"]
