"""The embedder against sentence-transformers as it comes: `python -m benchmarks.embedding`.

EMBEDDING_TEXTS sets the number of messages.

Each side runs in a cold process of its own: start (imports, model, first text), throughput per CPU second over
unique messages, peak memory. Then the vectors are compared, and the clusters that they give.
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

COUNT = int(os.environ.get("EMBEDDING_TEXTS", "2000"))
PEER = "sentence-transformers defaults"
TARGET_SPEEDUP = 4.0
TARGET_START_SHARE = 1 / 8
TARGET_MEMORY_SHARE = 1 / 2
TARGET_ARI = 0.99
TARGET_COSINE = 0.9999

_SUBJECTS = (
    "connection to {}",
    "query on table {}",
    "user {}",
    "file {}",
    "request for {}",
    "job {}",
    "module {}",
    "queue {}",
)
_PROBLEMS = (
    "timed out after <NUM> ms",
    "was refused by <HOST>:<PORT>",
    "failed: permission denied",
    "could not be parsed: unexpected token <STR> at position <NUM>",
    "is not a function",
    "violates unique constraint <STR>",
    "returned status 503 from <URL>",
    "ran out of memory while allocating <NUM> bytes in <PATH>",
    "was not found",
    "has been closed by the remote end before the answer was complete",
)


def messages(count: int) -> list[str]:
    """Unique masked error messages of 8 to 40 tokens; the same at every call."""
    rng = np.random.default_rng(3)
    syllables = ("ac", "count", "or", "der", "pay", "ment", "cart", "in", "voice", "ship", "log", "user", "ses", "sion")
    found: dict[str, None] = {}
    while len(found) < count:
        name = "".join(rng.choice(syllables, size=rng.integers(2, 5)))
        subject, problem = _SUBJECTS[rng.integers(8)].format(name), _PROBLEMS[rng.integers(10)]
        found[f"Service Error: {subject} {problem}"] = None
    return list(found)


def main() -> None:
    from benchmarks.model import exported_model

    with tempfile.TemporaryDirectory() as folder:
        model = exported_model()
        ours, theirs = _run("ours", folder, model), _run("peer", folder, model)
        mine, reference = (np.load(Path(folder) / f"{side}.npy") for side in ("ours", "peer"))
    speed, peer_speed = COUNT / ours["embed_cpu_s"], COUNT / theirs["embed_cpu_s"]
    cosine = float(np.min(np.sum(mine * reference, axis=1)))
    write_result(
        "embedding",
        {
            "throughput": Figure(speed, None, "higher", "texts per CPU s", PEER, peer_speed),
            "speedup": Figure(speed / peer_speed, None, "higher", "times the peer", PEER, 1),
            "speedup_cold": Figure(
                _whole(theirs) / _whole(ours), TARGET_SPEEDUP, "higher", "times the peer, start included", PEER, 1
            ),
            "cold_start": Figure(ours["start_cpu_s"], None, "lower", "CPU s", PEER, theirs["start_cpu_s"]),
            "cold_start_share": Figure(
                ours["start_cpu_s"] / theirs["start_cpu_s"], TARGET_START_SHARE, "lower", "of the peer's", PEER, 1
            ),
            "peak_memory": Figure(ours["peak_mb"], None, "lower", "MB", PEER, theirs["peak_mb"]),
            "memory_share": Figure(
                ours["peak_mb"] / theirs["peak_mb"], TARGET_MEMORY_SHARE, "lower", "of the peer's", PEER, 1
            ),
            "cluster_ari": Figure(_ari(mine, reference), TARGET_ARI, "higher", "ARI of DBSCAN 0.1 labels", PEER, 1),
            "least_cosine": Figure(cosine, TARGET_COSINE, "higher", "cosine to the peer's vector", PEER, 1),
        },
    )


def _whole(side: dict[str, float]) -> float:
    """CPU seconds from the start of the process to the last vector."""
    return side["start_cpu_s"] + side["embed_cpu_s"]


def _ari(mine: npt.NDArray[np.float32], reference: npt.NDArray[np.float32]) -> float:
    from sklearn.metrics import adjusted_rand_score

    from signal_pipeline.clustering.dbscan import dbscan

    labels = [dbscan(vectors, eps=0.1, min_samples=2) for vectors in (mine, reference)]
    return float(adjusted_rand_score(*labels))


def _run(side: str, folder: str, model: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.embedding", side, folder, str(model)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure(side: str, folder: Path, model: Path) -> None:
    """One side, in this process: its vectors into `folder`, its figures to stdout."""
    texts = messages(COUNT)
    start = time.process_time()
    if side == "ours":
        from signal_pipeline.embedding.locate import load_embedder

        embed = load_embedder(model).embed
    else:
        from sentence_transformers import SentenceTransformer

        from signal_pipeline.embedding.packaged import packaged_minilm

        embed = SentenceTransformer(str(packaged_minilm()), device="cpu").encode
    embed(["first text"])
    started = time.process_time()
    vectors = embed(texts)
    done = time.process_time()
    np.save(folder / f"{side}.npy", vectors)
    peak = peak_mb()
    figures = {"start_cpu_s": started - start, "embed_cpu_s": done - started, "peak_mb": peak}
    sys.stdout.write("\n" + json.dumps(figures))


if __name__ == "__main__":
    if len(sys.argv) == 4:
        measure(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        main()
