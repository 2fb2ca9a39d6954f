"""A small set of signatures of which it is known what belongs together, and how well settings do on it.

From the sample report and from hand: families that differ in values, and neighbours that look alike and are not. A
change of model, masks or algorithm that harms grouping shows here before it reaches a report. `golden.json` holds
templates alone; their vectors come from the caller.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from signal_pipeline.classification.texts import embedding_text
from signal_pipeline.clustering.cluster import cluster_signatures
from signal_pipeline.clustering.settings import ClusterSettings
from signal_pipeline.clustering.similarity import Vectors


@dataclass(frozen=True)
class GoldenSignature:
    problem: str
    error_type: str
    exception_class: str | None
    template: str

    @property
    def text(self) -> str:
        """What is embedded for it."""
        return embedding_text(self.error_type, self.exception_class, self.template, ())


@dataclass(frozen=True)
class PairScore:
    """Pairs of different signatures: `joined` by the clustering, `due` by the truth, `right` by both."""

    joined: int
    right: int
    due: int

    @property
    def precision(self) -> float:
        """1 when nothing was joined."""
        return self.right / self.joined if self.joined else 1.0

    @property
    def recall(self) -> float:
        """1 when nothing was due."""
        return self.right / self.due if self.due else 1.0

    def __add__(self, other: PairScore) -> PairScore:
        return PairScore(self.joined + other.joined, self.right + other.right, self.due + other.due)


@functools.cache
def golden_signatures() -> tuple[GoldenSignature, ...]:
    rows = json.loads((files("signal_pipeline.clustering") / "golden.json").read_text(encoding="utf-8"))
    return tuple(
        GoldenSignature(row["problem"], row["error_type"], row["exception_class"], template)
        for row in rows
        for template in row["templates"]
    )


def golden_score(vectors: Vectors, settings: ClusterSettings) -> PairScore:
    """How `settings` do on the golden set; `vectors` (n, d) are those of golden_signatures(), in that order."""
    signatures = golden_signatures()
    clustering = cluster_signatures(
        vectors,
        frequencies=[1] * len(signatures),
        error_types=[one.error_type for one in signatures],
        exception_classes=[one.exception_class for one in signatures],
        templates=[one.template for one in signatures],
        hashes=[hashlib.sha256(f"{one.problem}\n{one.template}".encode()).hexdigest() for one in signatures],
        settings=settings,
    )
    labels = [label if label >= 0 else -1 - row for row, label in enumerate(clustering.labels.tolist())]
    return pair_score(labels, [one.problem for one in signatures])


def pair_score(labels: Sequence[int], truth: Sequence[str]) -> PairScore:
    return PairScore(_pairs(Counter(labels)), _pairs(Counter(zip(labels, truth, strict=True))), _pairs(Counter(truth)))


def _pairs(sizes: Counter[object]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())
