"""All pairs of unit vectors within a cosine distance, most of the others ruled out on a part of their dimensions.

Turned to their principal axes and cut in two, x·y = x1·y1 + x2·y2 <= x1·y1 + |x2||y2| (Cauchy-Schwarz). A pair whose
bound is too low is near in no case; the few that are left are multiplied in full, so that what is found is exact.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np

from signal_pipeline.clustering.similarity import Indices, Vectors, block_at, lowest_similarity, pairs_in, upper_corners

Corner = tuple[int, int]
Pairs = tuple[Indices, Indices]

WORTHWHILE = 8_192
"""Vectors from which on the rotation and the sample cost less than they save."""
LEADING = tuple(range(32, 257, 16))
"""Numbers of leading dimensions that are tried."""
SAMPLE = 1_024
FULL_PAIR = 40.0
"""What one pair that is left costs, in pairs of a block: its vectors are fetched from all over memory."""
ROUNDING = np.float32(1e-5)
"""More than float32 loses in a product of 384 numbers of at most 1."""
PAIRS_AT_ONCE = 8_192
THREADS = min(os.cpu_count() or 1, 8)
"""At most, since where all is near to all each of them holds tens of MB of pairs."""


def near_pairs(vectors: Vectors, distance: float) -> Iterator[Pairs]:
    """Indices (i, j) with i < j of the pairs of unit vectors (n, d) within `distance`; some come twice."""
    lowest, are_many = lowest_similarity(distance), len(vectors) >= WORTHWHILE
    bounding = _bounding(vectors, lowest) if are_many else None

    def found(corner: Corner) -> Pairs:
        if bounding is None:
            return pairs_in(block_at(vectors, *corner), lowest)
        return _exact(vectors, *pairs_in(block_at(bounding, *corner), lowest - ROUNDING), lowest)

    corners = upper_corners(len(vectors))
    yield from _side_by_side(found, corners) if are_many else map(found, corners)


def _side_by_side(work: Callable[[Corner], Pairs], corners: Iterator[Corner]) -> Iterator[Pairs]:
    """Results in order, on all cores, few of them at once. Each product on one thread: those of the library wait by
    spinning while the rest of a block's work is done on one of them.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(THREADS) as pool:
        waiting: deque[Future[Pairs]] = deque()
        for corner in corners:
            waiting.append(pool.submit(work, corner))
            if len(waiting) > 2 * THREADS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _exact(vectors: Vectors, i: Indices, j: Indices, lowest: np.float32) -> Pairs:
    """Of these pairs the ones that are near."""
    near = np.empty(len(i), dtype=bool)
    for start in range(0, len(i), PAIRS_AT_ONCE):
        some = slice(start, start + PAIRS_AT_ONCE)
        near[some] = np.einsum("nd,nd->n", vectors[i[some]], vectors[j[some]]) >= lowest
    return i[near], j[near]


def _bounding(vectors: Vectors, lowest: np.float32) -> Vectors | None:
    """Short vectors (n, k + 1) whose products are no less than those of `vectors`; None where no k is worth it.

    A sample tells how many pairs each k would leave.
    """
    axes = np.linalg.eigh((vectors.T @ vectors).astype(np.float64))[1][:, ::-1].astype(np.float32)
    sample = vectors[np.random.default_rng(0).permutation(len(vectors))[:SAMPLE]]
    costs = {}
    for leading in LEADING:
        if leading < vectors.shape[1]:
            short = _shortened(sample, axes[:, :leading])
            left = float((short @ short.T >= lowest - ROUNDING).mean()) - 1 / len(sample)
            costs[leading] = (leading + 1) / vectors.shape[1] + FULL_PAIR * left
    best = min(costs, key=costs.__getitem__, default=0)
    return _shortened(vectors, axes[:, :best]) if best and costs[best] < 0.9 else None


def _shortened(vectors: Vectors, axes: Vectors) -> Vectors:
    """Each vector's part along these axes, and the length of the rest, or slightly more, as one more number."""
    short = np.empty((len(vectors), axes.shape[1] + 1), dtype=np.float32)
    leading = short[:, :-1]
    np.matmul(vectors, axes, out=leading)
    rest = np.einsum("nd,nd->n", vectors, vectors) - np.einsum("nd,nd->n", leading, leading)
    # The difference of two numbers near 1 may be too small by what float32 loses.
    short[:, -1] = np.sqrt(np.maximum(rest, 0) + np.float32(1e-6))
    return short
