"""The entry point: same result in any order, for every algorithm; explanations; empty and single inputs."""

from typing import Any, get_args

import numpy as np
import pytest

from signal_pipeline.clustering.cluster import cluster_signatures
from signal_pipeline.clustering.clustering import Clustering
from signal_pipeline.clustering.settings import Algorithm, ClusterSettings

ALGORITHMS = get_args(Algorithm)


def _input(count: int, seed: int = 0) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(max(1, count // 5), 384))
    of = rng.integers(len(centres), size=count)
    vectors = centres[of] + 0.35 * rng.normal(size=(count, 384))
    return {
        "vectors": (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32),
        "frequencies": rng.integers(1, 5, size=count).tolist(),
        "error_types": [("NetworkError", "TypeError")[centre % 2] for centre in of],
        "exception_classes": [None] * count,
        "templates": [
            f"problem {'abcdefghijklmnopqrstuvwxyz'[centre % 26] * 4} in <str> {i}" for i, centre in enumerate(of)
        ],
        "hashes": [f"{rng.integers(2**62):064x}" for _ in range(count)],
    }


def _shuffled(given: dict[str, Any], seed: int) -> tuple[dict[str, Any], np.ndarray]:
    order = np.random.default_rng(seed).permutation(len(given["hashes"]))
    changed = {name: [column[row] for row in order] for name, column in given.items() if name != "vectors"}
    return {**changed, "vectors": given["vectors"][order]}, order


def _facts(clustering: Clustering, hashes: list[str]) -> dict[str, tuple[Any, ...]]:
    nearest = [hashes[row] if row >= 0 else None for row in clustering.nearest_other]
    columns = (
        clustering.labels,
        clustering.is_medoid,
        clustering.distance_to_medoid,
        nearest,
        clustering.nearest_other_distance,
    )
    return {key: tuple(column[row] for column in columns) for row, key in enumerate(hashes)}


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("min_samples", [2, 4])
def test_order_of_input_changes_nothing(algorithm: Algorithm, min_samples: int) -> None:
    settings = ClusterSettings(algorithm, similarity_threshold=0.25, min_samples=min_samples, radius_cap=0.3)
    given = _input(250)
    expected = cluster_signatures(**given, settings=settings)
    assert len(expected.clusters) > 5
    for seed in range(3):
        other, order = _shuffled(given, seed)
        found = cluster_signatures(**other, settings=settings)
        assert _facts(found, other["hashes"]) == _facts(expected, given["hashes"])
        for mine, theirs in zip(found.clusters, expected.clusters, strict=True):
            assert (mine.name, mine.terms, mine.frequency, mine.radius) == (
                theirs.name,
                theirs.terms,
                theirs.frequency,
                theirs.radius,
            )
            assert {order[row] for row in mine.members} == set(theirs.members)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_signatures(algorithm: Algorithm, count: int) -> None:
    given = _input(count)
    clustering = cluster_signatures(**given, settings=ClusterSettings(algorithm))
    assert clustering.labels.shape == (count,)
    assert clustering.labels.dtype == np.int32
    assert clustering.warnings == ()
    if count == 1:
        assert clustering.nearest_other[0] == -1
        assert np.isnan(clustering.nearest_other_distance[0])


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_facts_of_members_hold(algorithm: Algorithm) -> None:
    given = _input(200, seed=4)
    clustering = cluster_signatures(**given, settings=ClusterSettings(algorithm, radius_cap=0.25))
    distances = 1 - given["vectors"] @ given["vectors"].T
    assert sum(len(cluster.members) for cluster in clustering.clusters) + clustering.noise_count == 200
    assert [cluster.label for cluster in clustering.clusters] == list(range(len(clustering.clusters)))
    totals = [cluster.frequency for cluster in clustering.clusters]
    assert totals == sorted(totals, reverse=True)
    for cluster in clustering.clusters:
        members = list(cluster.members)
        assert set(np.flatnonzero(clustering.labels == cluster.label)) == set(members)
        assert np.flatnonzero(clustering.is_medoid & (clustering.labels == cluster.label)).tolist() == [cluster.medoid]
        inner = distances[np.ix_(members, members)].sum(axis=1)
        assert inner[members.index(cluster.medoid)] <= inner.min() + 1e-4
        to_medoid = distances[members, cluster.medoid]
        np.testing.assert_allclose(clustering.distance_to_medoid[members], to_medoid, atol=1e-5)
    for row in range(200):
        label = clustering.labels[row]
        outside = [other for other in range(200) if other != row and (label < 0 or clustering.labels[other] != label)]
        nearest = distances[row, outside].min()
        np.testing.assert_allclose(clustering.nearest_other_distance[row], nearest, atol=1e-5)
        np.testing.assert_allclose(distances[row, clustering.nearest_other[row]], nearest, atol=1e-5)


def test_calibrated_keeps_its_promises() -> None:
    given = _input(300, seed=2)
    rng = np.random.default_rng(5)
    given["vectors"] = given["vectors"][rng.integers(6, size=300)]  # six points, fifty signatures on each
    given["error_types"] = [("NetworkError", "TypeError")[i] for i in rng.integers(2, size=300)]
    names = (None, "java.io.IOException", "IOException", "KeyError")
    given["exception_classes"] = [names[i] for i in rng.integers(4, size=300)]
    clustering = cluster_signatures(**given, settings=ClusterSettings(radius_cap=0.05))
    assert clustering.noise_count == 0
    for cluster in clustering.clusters:
        members = list(cluster.members)
        assert len({given["error_types"][row] for row in members}) == 1
        classes = {(given["exception_classes"][row] or "").rpartition(".")[2] for row in members} - {""}
        assert len(classes) <= 1
        assert (1 - given["vectors"][members] @ given["vectors"][members].T).max() <= 0.05 + 1e-5


def test_calibrated_does_not_join_by_distance_alone() -> None:
    templates = [
        "VM Started (Lifecycle Event)",
        "VM Stopped (Lifecycle Event)",
        "GET /users/{id} -> 500",
        "GET /orders/{id} -> 500",
        "GET /orders/{id} -> 404",
        "GET /orders/{id} -> 404 no such order",
        "Segmentation fault",
        "Segmentation fault",
        "fatal error in mark-compact.cc, line <NUM>",
        "fatal error in <PATH>, line <NUM>",
        "lost connection to node com.example.alpha after <NUM> tries",
        "lost connection to node com.example.beta after <NUM> tries",
    ]
    count = len(templates)
    clustering = cluster_signatures(
        np.ones((count, 384), dtype=np.float32),
        frequencies=[1] * count,
        error_types=["GenericError"] * count,
        exception_classes=[None] * count,
        templates=templates,
        hashes=[f"{row:064x}" for row in range(count)],
    )
    assert len(clustering.clusters) == 11
    assert clustering.labels[10] == clustering.labels[11] == 0
    assert clustering.clusters[0].shared_template == "lost connection to node <*> after <NUM> tries"


def test_a_giant_cluster_is_announced() -> None:
    given = _input(60)
    given["vectors"][:] = given["vectors"][0]
    settings = ClusterSettings("dbscan")
    assert cluster_signatures(**given, settings=settings).warnings[0].startswith("giant_cluster")


def test_a_hash_that_comes_twice_is_refused() -> None:
    given = _input(3)
    given["hashes"][2] = given["hashes"][0]
    with pytest.raises(ValueError, match="twice"):
        cluster_signatures(**given)


def test_columns_of_different_lengths_are_refused() -> None:
    given = _input(3)
    with pytest.raises(ValueError, match="lengths"):
        cluster_signatures(**{**given, "hashes": given["hashes"][:2]})
