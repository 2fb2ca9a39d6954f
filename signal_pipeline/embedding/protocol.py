"""What the pipeline needs of an embedding model. Implementations live in their own files beside this one.

Text preparation does not belong here: an embedder takes the text of a signature as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into vectors. The vector of a text depends on that text and on `model_version` alone."""

    @property
    def model_version(self) -> str:
        """Model, weights and export that make the vectors; equal versions give comparable vectors."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def is_loaded(self) -> bool:
        """Whether the next `embed` finds the model in memory."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dimension), float32, unit length, in the order of `texts`.

        Raises VectorInvalid when the model gave something that is not a unit vector.
        """

    def check(self) -> None:
        """At start: SettingsInvalid when the model is not there or its vectors do not fit the database."""
