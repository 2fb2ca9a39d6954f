"""Vectors on a plane: within bounds, the same each time, and clear about how it was done."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from signal_pipeline.clustering import projection
from signal_pipeline.clustering.projection import project


def vectors(count: int) -> np.ndarray:
    rng = np.random.default_rng(2)
    found = rng.normal(size=(3, 384))[rng.integers(3, size=count)] + 0.2 * rng.normal(size=(count, 384))
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 40])
def test_few_points_are_principal_components(count: int) -> None:
    found = project(vectors(count))
    assert found.method == "PCA"
    assert found.points.shape == (count, 2)
    assert ((found.points >= 0) & (found.points <= 1)).all()


def test_equal_vectors_lie_on_one_point() -> None:
    found = project(np.repeat(vectors(1), 5, axis=0))
    assert len(np.unique(found.points, axis=0)) == 1


def test_without_umap_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projection, "find_spec", lambda _: None)
    assert "not installed" in project(vectors(60)).note
    with pytest.raises(ModuleNotFoundError, match=r"signal-pipeline\[map\]"):
        project(vectors(60), "umap")


@pytest.mark.slow
def test_umap_is_seeded_and_keeps_bunches_apart() -> None:
    """In a process of its own without numba's compiler, which takes longer than the picture."""
    script = (
        "import numpy as np; from signal_pipeline.clustering.projection import project\n"
        "rng = np.random.default_rng(2); of = np.arange(10) % 2\n"
        "v = rng.normal(size=(2, 16))[of] + 0.1 * rng.normal(size=(10, 16)); v /= np.linalg.norm(v, axis=1)[:, None]\n"
        "found, again = (project(v.astype('f4'), 'umap') for _ in range(2)); p = found.points\n"
        "inner = np.linalg.norm(p[of == 0] - p[of == 0].mean(0), axis=1).max()\n"
        "apart = inner < np.linalg.norm(p[of == 0].mean(0) - p[of == 1].mean(0))\n"
        "print(found.method, apart, np.array_equal(p, again.points))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={"NUMBA_DISABLE_JIT": "1", "PATH": "/usr/bin"},
    )
    assert answer.stdout == "UMAP True True\n"
