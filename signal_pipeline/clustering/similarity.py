"""Cosine similarities of all pairs, block by block: 20,000 vectors never need 20,000 x 20,000 numbers at once.

Blocks and thresholds only; what is done with the pairs lives with each algorithm.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
Indices = npt.NDArray[np.int64]

ROWS = 512
COLUMNS = 4096


@dataclass(frozen=True)
class Block:
    """Similarities of vectors row.. with vectors column.., float32; valid until the next block is taken."""

    row: int
    column: int
    similarity: npt.NDArray[np.float32]


def unit(vectors: Vectors) -> Vectors:
    """Rows scaled to unit length, float32; zero rows stay zero."""
    vectors = np.ascontiguousarray(vectors, dtype=np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths == 0, 1, lengths), dtype=np.float32)


def lowest_similarity(distance: float) -> np.float32:
    """The smallest float32 similarity s with 1 - s <= distance, when all of it is reckoned in float32.

    Comparing similarities with it gives the same pairs as comparing float32 distances, without making them.
    """
    one, limit = np.float32(1), np.float32(distance)
    too_low, lowest = np.float32(-4), np.float32(1)
    while np.nextafter(too_low, one) < lowest:
        middle = np.float32((float(too_low) + float(lowest)) / 2)
        if one - middle <= limit:
            lowest = middle
        else:
            too_low = middle
    return lowest


def upper_corners(count: int) -> Iterator[tuple[int, int]]:
    """First row and column of blocks that cover each unordered pair of `count` vectors at least once."""
    for row in range(0, count, ROWS):
        for column in range(row, count, COLUMNS):
            yield row, column


def block_at(vectors: Vectors, row: int, column: int) -> Block:
    """ROWS x COLUMNS similarities, or what is left of the vectors."""
    return Block(row, column, vectors[row : row + ROWS] @ vectors[column : column + COLUMNS].T)


def full_blocks(vectors: Vectors) -> Iterator[Block]:
    """Blocks of ROWS whole rows each: a row's block holds its similarity with every vector."""
    buffer = np.empty((min(ROWS, len(vectors)), len(vectors)), dtype=np.float32)
    for row in range(0, len(vectors), ROWS):
        rows = vectors[row : row + ROWS]
        out = buffer[: len(rows)]
        np.matmul(rows, vectors.T, out=out)
        yield Block(row, 0, out)


def pairs_in(block: Block, lowest: np.float32) -> tuple[Indices, Indices]:
    """Indices (i, j) with i < j of the block's pairs whose similarity is at least `lowest`."""
    hits = np.flatnonzero(block.similarity >= lowest)
    i, j = np.divmod(hits, block.similarity.shape[1])
    i += block.row
    j += block.column
    upper = i < j
    return i[upper], j[upper]
