"""Numbers about a clustering, the findings behind the checks, and the golden set."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from signal_pipeline.clustering.cluster import cluster_signatures
from signal_pipeline.clustering.golden import golden_score, golden_signatures, pair_score
from signal_pipeline.clustering.quality import (
    Quality,
    churn_findings,
    churn_of,
    giant_findings,
    quality_of,
    radius_findings,
    singles_findings,
    with_singles,
)
from signal_pipeline.clustering.settings import ClusterSettings
from signal_pipeline.embedding.onnx_minilm import OnnxEmbedder

FINE = Quality(100, 60, singles_share=0.5, largest_share=0.1, median_radius=0.1, churn=0.1)


def _clustering(count: int, eps: float) -> Quality:
    vectors = np.eye(count, 384, dtype=np.float32)
    vectors[1] = vectors[0]
    return quality_of(
        cluster_signatures(
            vectors,
            frequencies=[1] * count,
            error_types=["GenericError"] * count,
            exception_classes=[None] * count,
            templates=[f"t{i}" for i in range(count)],
            hashes=[f"{i:03d}" for i in range(count)],
            settings=ClusterSettings("dbscan", eps),
        ),
        None,
    )


def test_noise_and_clusters_of_one_are_singles() -> None:
    found = _clustering(10, 0.3)
    assert (found.clusters, found.singles_share, found.largest_share) == (9, 0.8, 0.2)
    assert found.median_radius == pytest.approx(0, abs=1e-6)
    assert _clustering(10, 1.9).largest_share == 1.0
    assert _clustering(2, 0.3).singles_share == 0.0


def test_an_empty_clustering_has_numbers_too() -> None:
    empty = cluster_signatures(
        np.zeros((0, 384), np.float32), frequencies=[], error_types=[], exception_classes=[], templates=[], hashes=[]
    )
    assert quality_of(empty, None) == Quality(0, 0, 0.0, 0.0, 0.0, None)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": 0, "b": 0, "c": 1}, {"a": 5, "b": 5, "c": 7}, 0.0),
        ({"a": 0, "b": 0, "c": 1, "d": 1}, {"a": 0, "b": 1, "c": 2, "d": 2}, 0.5),
        ({"a": 0, "b": 0, "c": 1}, {"a": 0, "c": 0, "b": 1}, 1.0),
        ({"a": -1, "b": -1}, {"a": 0, "b": 1}, 0.0),
        ({"a": 0, "b": 0}, {"a": 0, "b": 0, "new": 0}, 0.0),
        ({"a": 0}, {"b": 0}, None),
        ({}, {"b": 0}, None),
    ],
)
def test_churn_is_other_company(before: dict[str, int], after: dict[str, int], expected: float | None) -> None:
    assert churn_of(before, after) == expected


def test_findings_name_their_number_and_bound() -> None:
    settings = ClusterSettings(radius_cap=0.5)
    assert giant_findings(FINE) == radius_findings(FINE, settings) == churn_findings(FINE) == []
    assert giant_findings(replace(FINE, largest_share=0.6)) == ["one cluster holds 60% of 100 signatures (at most 50%)"]
    assert giant_findings(replace(FINE, largest_share=0.6, signatures=19)) == []
    assert "0.70" in radius_findings(replace(FINE, median_radius=0.7), settings)[0]
    assert "60%" in churn_findings(replace(FINE, churn=0.6))[0]
    assert "before it were 50%" in singles_findings(replace(FINE, singles_share=0.9), FINE)[0]
    assert singles_findings(replace(FINE, singles_share=0.9), None) == []


def test_noise_is_shown_as_clusters_of_one() -> None:
    assert with_singles({"a": 0, "b": -1}) == {"a": 0, "b": "b"}


def test_pairs_are_counted() -> None:
    score = pair_score([0, 0, 0, 1, -5], ["x", "x", "y", "y", "z"])
    assert (score.joined, score.right, score.due) == (3, 1, 2)
    assert (score + score).precision == pytest.approx(1 / 3)


def test_the_default_does_well_on_the_golden_set_and_plain_dbscan_does_not(model_dir) -> None:
    vectors = OnnxEmbedder(model_dir).embed([one.text for one in golden_signatures()])
    default = golden_score(vectors, ClusterSettings())
    assert default.due >= 40
    assert default.precision >= 0.98
    assert default.recall >= 0.9
    assert golden_score(vectors, ClusterSettings("dbscan", 0.3)).precision < 0.7
