"""Vectors that must never reach the database."""

import numpy as np
import pytest

from signal_pipeline.embedding.check import check_vectors
from signal_pipeline.errors import VectorInvalid


def _unit(count: int = 3, dimension: int = 4) -> np.ndarray:
    vectors = np.zeros((count, dimension), dtype=np.float32)
    vectors[:, 0] = 1
    return vectors


def test_unit_vectors_pass() -> None:
    vectors = _unit()
    assert check_vectors(vectors, count=3, dimension=4) is vectors


@pytest.mark.parametrize(
    ("value", "words"),
    [(np.nan, "not finite"), (np.inf, "not finite"), (0.0, "is zero"), (1.01, "unit length"), (0.5, "unit length")],
)
def test_a_wrong_vector_is_named(value: float, words: str) -> None:
    vectors = _unit()
    vectors[1, 0] = value
    with pytest.raises(VectorInvalid, match=f"vector 1 .*{words}"):
        check_vectors(vectors, count=3, dimension=4)


@pytest.mark.parametrize(("count", "dimension"), [(2, 4), (3, 5)])
def test_wrong_shape(count: int, dimension: int) -> None:
    with pytest.raises(VectorInvalid, match="shape"):
        check_vectors(_unit(), count=count, dimension=dimension)


def test_no_vectors_pass() -> None:
    assert check_vectors(_unit(0), count=0, dimension=4).shape == (0, 4)
