"""Whether vectors may be stored and compared. A wrong vector is silent for ever, so it is stopped here."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from signal_pipeline.embedding.protocol import Vectors
from signal_pipeline.errors import VectorInvalid

LENGTH_TOLERANCE = 1e-3
"""Half precision, as pgvector's halfvec keeps it, moves a length by some 3e-4."""


def check_vectors(vectors: Vectors, *, count: int, dimension: int) -> Vectors:
    """The same array, when it is (count, dimension), finite, and each row has unit length.

    Raises VectorInvalid naming the first row that is wrong, and how.
    """
    if vectors.shape != (count, dimension):
        raise VectorInvalid(f"vectors have shape {vectors.shape}, expected {(count, dimension)}")
    lengths = np.linalg.norm(vectors, axis=1)
    _refuse(np.logical_not(np.isfinite(lengths)), "holds a value that is not finite")
    _refuse(np.equal(lengths, 0), "is zero")
    _refuse(np.greater(np.abs(lengths - 1), LENGTH_TOLERANCE), "does not have unit length")
    return vectors


def _refuse(wrong: npt.ArrayLike, how: str) -> None:
    rows = np.flatnonzero(wrong)
    if len(rows):
        raise VectorInvalid(f"vector {rows[0]} {how} ({len(rows)} vectors are wrong)")
