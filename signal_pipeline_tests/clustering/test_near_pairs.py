"""Pairs within a distance: those that a product of all with all finds, also where a bound rules most of them out."""

import numpy as np
import pytest

from signal_pipeline.clustering import near_pairs as module
from signal_pipeline.clustering.near_pairs import near_pairs
from signal_pipeline.clustering.similarity import lowest_similarity, unit

COUNT, DIMENSION = 900, 384


def _numbers(vectors: np.ndarray, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """A number for each pair of rows, in order."""
    return np.sort(first.astype(np.int64) * len(vectors) + second)


def _found(vectors: np.ndarray, distance: float) -> np.ndarray:
    first, second = zip(*near_pairs(vectors, distance), strict=True)
    return _numbers(vectors, np.concatenate(first), np.concatenate(second))


def _of_all(vectors: np.ndarray, distance: float) -> np.ndarray:
    return _numbers(vectors, *np.nonzero(np.triu(vectors @ vectors.T >= lowest_similarity(distance), 1)))


def _round(seed: int) -> np.ndarray:
    """Groups round random centres: no direction says more than another."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(COUNT // 5, DIMENSION))
    return centres[rng.integers(len(centres), size=COUNT)] + 0.55 * rng.normal(size=(COUNT, DIMENSION))


def _flat(seed: int) -> np.ndarray:
    """Nearly all lies in thirty directions, as with texts of one kind."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(COUNT, 30)) @ rng.normal(size=(30, DIMENSION)) + 0.5 * rng.normal(size=(COUNT, DIMENSION))


def _crowd(seed: int) -> np.ndarray:
    """All near to one another: nothing can be ruled out."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=DIMENSION) + 0.5 * rng.normal(size=(COUNT, DIMENSION))


@pytest.fixture
def small_is_worthwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WORTHWHILE", 100)
    monkeypatch.setattr(module, "SAMPLE", 500)
    monkeypatch.setattr(module, "PAIRS_AT_ONCE", 77)


@pytest.mark.slow
@pytest.mark.usefixtures("small_is_worthwhile")
@pytest.mark.parametrize("distance", [0.05, 0.2, 0.3, 0.4])
@pytest.mark.parametrize("shape", [_round, _flat])
def test_what_the_bound_leaves_is_all_that_is_near(shape, distance: float) -> None:
    vectors = unit(shape(11))
    vectors[200:220] = vectors[40:60]  # exact duplicates
    vectors[300] = 0  # as `unit` leaves what has no length
    assert module._bounding(vectors, lowest_similarity(distance)) is not None
    found = _found(vectors, distance)
    assert np.array_equal(found, _of_all(vectors, distance))
    assert np.isin(_numbers(vectors, np.arange(40, 60), np.arange(200, 220)), found).all()


@pytest.mark.usefixtures("small_is_worthwhile")
def test_the_bound_holds_for_every_pair_and_rules_most_of_them_out() -> None:
    vectors = unit(_round(5))
    lowest = lowest_similarity(0.3)
    bounding = module._bounding(vectors, lowest)
    assert bounding is not None
    assert bounding.shape[1] < DIMENSION
    bound = bounding @ bounding.T
    assert (bound >= vectors @ vectors.T - module.ROUNDING).all()
    assert (bound < lowest).mean() > 0.95


@pytest.mark.slow
@pytest.mark.usefixtures("small_is_worthwhile")
@pytest.mark.parametrize(("shape", "distance"), [(_crowd, 0.3), (_round, 1.2)])
def test_where_most_pairs_are_near_all_are_multiplied(shape, distance: float) -> None:
    vectors = unit(shape(2))
    assert module._bounding(vectors, lowest_similarity(distance)) is None
    found = _found(vectors, distance)
    assert np.array_equal(found, _of_all(vectors, distance))
    assert len(found) > COUNT


@pytest.mark.usefixtures("small_is_worthwhile")
def test_vectors_with_few_dimensions_are_not_cut() -> None:
    vectors = unit(np.random.default_rng(4).normal(size=(300, 8)))
    assert module._bounding(vectors, lowest_similarity(0.2)) is None
    assert np.array_equal(_found(vectors, 0.2), _of_all(vectors, 0.2))
