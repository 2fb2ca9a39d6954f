"""DBSCAN on vectors of sentences, which lie denser and more chained than random ones."""

import itertools

import numpy as np
import pytest

from signal_pipeline.clustering.dbscan import dbscan
from signal_pipeline.embedding.onnx_minilm import OnnxEmbedder
from signal_pipeline_tests.embedding.conftest import embedder  # noqa: F401

SUBJECTS = ("connection to node", "query on orders", "user login", "payment", "file upload", "render of page")
PROBLEMS = ("timed out", "refused", "failed", "was denied", "returned 503", "is not a function", "was lost")
PLACES = ("", " in checkout", " on worker <NUM>", " caused by disk full", " at <PATH>")


@pytest.fixture(scope="module")
def vectors(embedder: OnnxEmbedder) -> np.ndarray:  # noqa: F811
    texts = [f"{a} {b}{c}" for a, b, c in itertools.product(SUBJECTS, PROBLEMS, PLACES)]
    return embedder.embed([*texts, *texts[:20]])


@pytest.mark.parametrize("min_samples", [1, 2, 4, 8])
@pytest.mark.parametrize("eps", [0.05, 0.1, 0.2, 0.3, 0.5])
def test_labels_are_those_of_scikit_learn(vectors: np.ndarray, eps: float, min_samples: int) -> None:
    from sklearn.cluster import DBSCAN

    oracle = DBSCAN(eps=eps, min_samples=min_samples, metric="cosine").fit_predict(vectors)
    np.testing.assert_array_equal(dbscan(vectors, eps=eps, min_samples=min_samples), oracle)
