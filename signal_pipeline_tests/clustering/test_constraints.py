"""Verdicts in clustering: whatever the algorithm, same is together and not the same is apart."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pytest

from signal_pipeline.clustering.cluster import cluster_signatures
from signal_pipeline.clustering.constraints import Constraints, contradicted, joined
from signal_pipeline.clustering.settings import Algorithm, ClusterSettings

ALGORITHMS = get_args(Algorithm)
# Two tight bunches and two that are far from all.
HASHES = [*(f"a{i}" for i in range(6)), *(f"b{i}" for i in range(6)), "x0", "y0"]


def _given(order: np.ndarray | None = None) -> dict[str, Any]:
    rng = np.random.default_rng(3)
    centres = {name: rng.normal(size=384) for name in "abxy"}
    vectors = np.array([centres[name[0]] + 0.15 * rng.normal(size=384) for name in HASHES])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    words = dict(zip("abxy", ("lost connection to", "cannot write", "failed reading of", "no memory for"), strict=True))
    values = ("anna", "bert", "carl", "dora", "emil", "fred")
    given = {
        "vectors": vectors.astype(np.float32),
        "frequencies": [1] * len(HASHES),
        "error_types": ["GenericError"] * len(HASHES),
        "exception_classes": [None] * len(HASHES),
        "templates": [f"{words[name[0]]} user {values[int(name[1])]} again" for name in HASHES],
        "hashes": HASHES,
    }
    if order is None:
        return given
    return {
        name: column[order] if name == "vectors" else [column[row] for row in order] for name, column in given.items()
    }


def _clusters(algorithm: Algorithm, constraints: Constraints, order: np.ndarray | None = None) -> dict[str, str]:
    """Signature to the smallest signature of its cluster; itself when it is noise."""
    given = _given(order)
    settings = ClusterSettings(algorithm, similarity_threshold=0.3, radius_cap=0.3)
    clustering = cluster_signatures(**given, settings=settings, constraints=constraints)
    found: dict[str, str] = {}
    for row, name in enumerate(given["hashes"]):
        label = clustering.labels[row]
        mates = [other for i, other in enumerate(given["hashes"]) if label >= 0 and clustering.labels[i] == label]
        found[name] = min([name, *mates])
    return found


@pytest.mark.parametrize("algorithm", ALGORITHMS)
class TestEveryAlgorithm:
    def test_the_bunches_are_found_without_verdicts(self, algorithm: Algorithm) -> None:
        found = _clusters(algorithm, Constraints())
        assert {name: first for name, first in found.items() if name[0] in "ab"} == {
            name: f"{name[0]}0" for name in HASHES if name[0] in "ab"
        }
        assert found["x0"] != found["y0"]

    def test_same_joins_clusters_and_singles(self, algorithm: Algorithm) -> None:
        found = _clusters(algorithm, Constraints.of([("a3", "b2"), ("x0", "y0")], []))
        assert {found[name] for name in HASHES if name[0] in "ab"} == {"a0"}
        assert found["x0"] == found["y0"] == "x0"

    def test_same_is_transitive_through_what_is_not_there(self, algorithm: Algorithm) -> None:
        found = _clusters(algorithm, Constraints.of([("a3", "absent"), ("absent", "x0")], []))
        assert found["x0"] == found["a3"] == "a0"

    def test_not_the_same_parts_a_cluster_and_keeps_the_rest_together(self, algorithm: Algorithm) -> None:
        found = _clusters(algorithm, Constraints.of([], [("a1", "a4")]))
        assert found["a1"] != found["a4"]
        assert len({found[name] for name in HASHES if name[0] == "a"}) == 2
        assert {found[name] for name in HASHES if name[0] == "b"} == {"b0"}

    def test_both_at_once(self, algorithm: Algorithm) -> None:
        """a0 and b0 are one, but a1 and b1 are not: the clusters meet and are parted again."""
        constraints = Constraints.of([("a0", "b0")], [("a1", "b1"), ("a2", "a3"), ("a3", "a4"), ("a2", "a4")])
        found = _clusters(algorithm, constraints)
        assert found["a0"] == found["b0"]
        for one, other in (("a1", "b1"), ("a2", "a3"), ("a3", "a4"), ("a2", "a4")):
            assert found[one] != found[other]

    def test_the_order_of_the_input_plays_no_part(self, algorithm: Algorithm) -> None:
        constraints = Constraints.of([("a0", "b0"), ("x0", "b3")], [("a1", "b1"), ("a2", "a3"), ("x0", "y0")])
        expected = _clusters(algorithm, constraints)
        for seed in range(3):
            order = np.random.default_rng(seed).permutation(len(HASHES))
            assert _clusters(algorithm, constraints, order) == expected


def test_a_group_is_named_by_its_smallest() -> None:
    assert joined([("c", "b"), ("b", "a"), ("y", "z")]) == {"a": "a", "b": "a", "c": "a", "y": "y", "z": "y"}


def test_a_contradiction_is_told_with_its_chain() -> None:
    same = [("a", "b"), ("c", "b"), ("c", "d"), ("x", "y")]
    assert contradicted(same, [("a", "x")]) is None
    assert contradicted(same, [("a", "x"), ("d", "a")]) == (("d", "a"), [("c", "d"), ("b", "c"), ("a", "b")])
    assert contradicted([], [("a", "a")]) == (("a", "a"), [])
    with pytest.raises(ValueError, match="not the same"):
        Constraints.of(same, [("a", "d")])
