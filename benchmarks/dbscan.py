"""Our exact DBSCAN against scikit-learn's: `python -m benchmarks.dbscan`. DBSCAN_VECTORS sets the size (50,000).

Each side runs in a process of its own on the same vectors; CPU seconds and the growth of memory are compared,
and the labels must be identical.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.peak import peak_mb
from benchmarks.result import Figure, write_result

COUNT = int(os.environ.get("DBSCAN_VECTORS", "50000"))
EPS = 0.3
MIN_SAMPLES = 2
TARGET_SHARE = 1 / 6
"""CPU seconds as a share of scikit-learn's."""
TARGET_MEMORY_SHARE = 1 / 4
"""Growth of memory as a share of scikit-learn's."""


def vectors(count: int) -> npt.NDArray[np.float32]:
    """Clusters of about five round random centres, as unlike one another as sentences are; some lone points."""
    rng = np.random.default_rng(1)
    centres = rng.normal(size=(max(1, count // 5), 384)).astype(np.float32)
    found = centres[rng.integers(len(centres), size=count)]
    found += 0.55 * rng.normal(size=(count, 384)).astype(np.float32)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), dtype=np.float32)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        np.save(Path(folder) / "vectors.npy", vectors(COUNT))
        ours, theirs = _run("ours", folder), _run("scikit-learn", folder)
        labels = [np.load(Path(folder) / f"{side}.npy") for side in ("ours", "scikit-learn")]
    identical = bool(np.array_equal(*labels))
    share = ours["cpu_s"] / theirs["cpu_s"]
    write_result(
        "dbscan",
        {
            "vectors": Figure(COUNT, None, "higher", "vectors"),
            "clusters": Figure(int(labels[0].max()) + 1, None, "higher", "clusters"),
            "labels_identical": Figure(int(identical), 1, "higher", "1 is yes", "scikit-learn DBSCAN", 1),
            "cpu": Figure(ours["cpu_s"], None, "lower", "CPU s", "scikit-learn DBSCAN", theirs["cpu_s"]),
            "cpu_share": Figure(share, TARGET_SHARE, "lower", "of the peer's CPU s", "scikit-learn DBSCAN", 1),
            "memory": Figure(ours["memory_mb"], None, "lower", "MB", "scikit-learn DBSCAN", theirs["memory_mb"]),
            "memory_share": Figure(
                ours["memory_mb"] / theirs["memory_mb"],
                TARGET_MEMORY_SHARE,
                "lower",
                "of the peer's",
                "scikit-learn DBSCAN",
                1,
            ),
        },
    )
    if not identical:
        raise SystemExit("labels differ from scikit-learn's")


def _run(side: str, folder: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.dbscan", side, folder]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def measure(side: str, folder: Path) -> None:
    """One side, in this process: its labels into `folder`, its figures to stdout."""
    data = np.load(folder / "vectors.npy")
    _labels(side, data[:200])  # imports and BLAS threads are not what is compared
    memory = peak_mb()
    start = time.process_time()
    labels = _labels(side, data)
    cpu = time.process_time() - start
    np.save(folder / f"{side}.npy", labels)
    sys.stdout.write(json.dumps({"cpu_s": cpu, "memory_mb": peak_mb() - memory}))


def _labels(side: str, data: npt.NDArray[np.float32]) -> npt.NDArray[np.int32]:
    if side == "ours":
        from signal_pipeline.clustering.dbscan import dbscan

        return dbscan(data, eps=EPS, min_samples=MIN_SAMPLES)
    from sklearn.cluster import DBSCAN

    return np.asarray(DBSCAN(eps=EPS, min_samples=MIN_SAMPLES, metric="cosine").fit_predict(data), dtype=np.int32)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        measure(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
