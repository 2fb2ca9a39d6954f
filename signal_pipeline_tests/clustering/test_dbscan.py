"""The blocked DBSCAN gives scikit-learn's labels: dense, sparse, duplicates, borders, tiny and empty inputs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signal_pipeline.clustering import components, similarity
from signal_pipeline.clustering.dbscan import dbscan


def _vectors(seed: int, count: int, centres: int, spread: float, dimension: int = 384) -> np.ndarray:
    rng = np.random.default_rng(seed)
    middle = rng.normal(size=(centres, dimension))
    vectors = middle[rng.integers(centres, size=count)] + spread * rng.normal(size=(count, dimension))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def _oracle(vectors: np.ndarray, eps: float, min_samples: int) -> np.ndarray:
    from sklearn.cluster import DBSCAN  # takes seconds to import, and `make fast` needs it on one worker at most

    return DBSCAN(eps=eps, min_samples=min_samples, metric="cosine").fit_predict(vectors)


@pytest.mark.slow
@pytest.mark.parametrize("min_samples", [1, 2, 3, 5, 12])
@pytest.mark.parametrize("eps", [0.05, 0.2, 0.3, 0.45, 0.9])
@pytest.mark.parametrize(("centres", "spread"), [(40, 0.5), (5, 0.8), (300, 0.3)])
def test_labels_are_those_of_scikit_learn(eps: float, min_samples: int, centres: int, spread: float) -> None:
    vectors = _vectors(centres, 1_300, centres, spread)
    vectors[700:760] = vectors[100:160]  # exact duplicates
    np.testing.assert_array_equal(dbscan(vectors, eps=eps, min_samples=min_samples), _oracle(vectors, eps, min_samples))


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    count=st.integers(1, 60),
    eps=st.floats(0.01, 1.5),
    min_samples=st.integers(1, 6),
)
def test_small_inputs_with_many_borders(seed: int, count: int, eps: float, min_samples: int) -> None:
    vectors = _vectors(seed, count, 6, 0.7, dimension=4)
    np.testing.assert_array_equal(dbscan(vectors, eps=eps, min_samples=min_samples), _oracle(vectors, eps, min_samples))


@pytest.mark.parametrize("min_samples", [2, 4])
def test_blocks_and_folding_change_nothing(monkeypatch: pytest.MonkeyPatch, min_samples: int) -> None:
    vectors = _vectors(7, 500, 20, 0.6)
    whole = dbscan(vectors, eps=0.4, min_samples=min_samples)
    monkeypatch.setattr(similarity, "ROWS", 7)
    monkeypatch.setattr(similarity, "COLUMNS", 31)
    monkeypatch.setattr(components, "EDGES_HELD", 13)
    np.testing.assert_array_equal(dbscan(vectors, eps=0.4, min_samples=min_samples), whole)
    assert len(set(whole)) > 3


@pytest.mark.parametrize("min_samples", [1, 2, 5])
def test_nothing_and_one(min_samples: int) -> None:
    assert dbscan(np.zeros((0, 384), np.float32), eps=0.3, min_samples=min_samples).shape == (0,)
    label = dbscan(np.eye(1, 384, dtype=np.float32), eps=0.3, min_samples=min_samples)
    np.testing.assert_array_equal(label, [0 if min_samples == 1 else -1])


def test_length_of_a_vector_does_not_matter() -> None:
    vectors = _vectors(3, 200, 10, 0.6)
    scaled = vectors * np.linspace(0.1, 9, 200, dtype=np.float32)[:, None]
    np.testing.assert_array_equal(dbscan(scaled, eps=0.4, min_samples=2), dbscan(vectors, eps=0.4, min_samples=2))


@pytest.mark.parametrize("distance", [1e-8, 0.01, 0.1, 0.3, 1 / 3, 0.7, 1.0, 1.7, 2.0])
def test_lowest_similarity_is_the_float32_boundary(distance: float) -> None:
    lowest = similarity.lowest_similarity(distance)
    limit, one = np.float32(distance), np.float32(1)
    assert one - lowest <= limit
    assert one - np.nextafter(lowest, np.float32(-4)) > limit
