"""Clusters that grow: what joins, what is left alone, and that nothing known is moved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from signal_pipeline.clustering.calibrated import calibrated_labels
from signal_pipeline.clustering.growth import NEWCOMER, grow

USERS = ("anna", "bert", "carl", "dora", "emil", "fred", "gina", "hugo")


def near(count: int, *, spread: float = 0.2, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=384) + spread * rng.normal(size=(count, 384))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def grown(templates: Sequence[str], known: Sequence[int], vectors: np.ndarray | None = None, **more: Any) -> list[int]:
    count = len(templates)
    given: dict[str, Any] = {
        "error_types": ["GenericError"] * count,
        "exception_classes": [None] * count,
        "radius_cap": 0.5,
    }
    return grow(near(count) if vectors is None else vectors, templates=templates, known=known, **given | more).tolist()


def user(name: str) -> str:
    return f"no rights for user {name} in shop"


def test_newcomers_join_a_known_cluster_and_each_other() -> None:
    templates = [*(user(name) for name in USERS[:5]), "disk of user anna is full", "disk of user bert is full"]
    assert grown(templates, [7, 7, NEWCOMER, NEWCOMER, NEWCOMER, NEWCOMER, NEWCOMER]) == [7, 7, 7, 7, 7, 8, 8]


def test_without_known_ones_it_is_the_calibrated_algorithm() -> None:
    rng = np.random.default_rng(5)
    templates = [f"{word} of user {name} in {place}" for word in ("loss", "end") for name in USERS for place in "xyz"]
    vectors = np.vstack([near(24, spread=0.5, seed=1), near(24, spread=0.7, seed=2)])
    classes = [(None, "IOError", "java.IOError", "KeyError")[i] for i in rng.integers(4, size=48)]
    given: dict[str, Any] = {"exception_classes": classes, "error_types": ["GenericError"] * 48, "templates": templates}
    expected = calibrated_labels(vectors, radius_cap=0.3, **given)
    found = grow(vectors, known=[NEWCOMER] * 48, radius_cap=0.3, **given)
    assert found.tolist() == expected.tolist()
    assert 2 < len(set(found.tolist())) < 48


@pytest.mark.parametrize(
    "more",
    [
        {"error_types": ["GenericError", "GenericError", "TypeError"]},
        {"exception_classes": ["IOError", None, "KeyError"]},
        {"radius_cap": 0.001},
        {"apart": np.array([[1, 2]])},
    ],
    ids=["type", "class", "cap", "verdict"],
)
def test_each_guard_keeps_a_newcomer_out(more: dict[str, Any]) -> None:
    templates = [user(name) for name in USERS[:3]]
    known = [0, 0, NEWCOMER]
    assert grown(templates, known, **more) == [0, 0, 1]
    assert grown(templates, known) == [0, 0, 0]


def test_the_same_message_from_other_frames_stays_alone() -> None:
    assert grown([user("anna"), user("bert"), user("anna")], [0, 0, NEWCOMER]) == [0, 0, 1]


def test_a_newcomer_joins_the_nearest_that_may_take_it_in() -> None:
    vectors = np.vstack([near(2, seed=1), near(2, seed=2)])
    vectors = np.vstack([vectors, vectors[2] * 0.9 + vectors[0] * 0.1]).astype(np.float32)
    templates = [user(name) for name in USERS[:5]]
    assert grown(templates, [3, 3, 4, 4, NEWCOMER], vectors, radius_cap=1.2) == [3, 3, 4, 4, 4]


def test_known_clusters_meet_only_when_that_is_wanted() -> None:
    templates = [user(name) for name in USERS[:5]]
    known = [2, 2, 1, 1, NEWCOMER]
    apart = grown(templates, known)
    assert apart[:4] == known[:4] and apart[4] in (1, 2)
    assert grown(templates, known, merge_known=True) == [1] * 5


def test_the_sixth_word_opens_a_position_for_all() -> None:
    """Five states may be states; six different words at one place are values (classification/generalise.py)."""
    words = ("red", "green", "blue", "black", "white", "brown")
    templates = [f"mode {word} cannot be entered twice" for word in words]
    assert grown(templates[:5], [0, 1, 2, 3, NEWCOMER]) == [0, 1, 2, 3, 4]
    assert grown(templates, [0, 1, 2, 3, 4, NEWCOMER])[5] in range(5)
    assert grown(templates, [0, 1, 2, 3, 4, NEWCOMER], merge_known=True) == [0] * 6


def test_a_family_larger_than_the_bound_takes_in_its_newcomers() -> None:
    count = 3_000
    templates = [user(f"u{i:04d}x") for i in range(count)]
    vectors = near(count, spread=0.1)
    known = [0] * 2_900 + [NEWCOMER] * 100
    assert set(grown(templates, known, vectors)) == {0}


def test_nothing_is_nothing() -> None:
    assert (
        grow(
            np.zeros((0, 384), np.float32), known=[], error_types=[], exception_classes=[], templates=[], radius_cap=0.5
        ).tolist()
        == []
    )
