"""Signatures for tests: a unit vector for any name."""

from __future__ import annotations

from uuid import UUID
from zlib import crc32

import numpy as np
import numpy.typing as npt
import psycopg

from signal_pipeline.schemas import EMBEDDING_DIMENSION
from signal_pipeline.storage.embeddings import store_vectors, text_hash
from signal_pipeline.storage.signatures import OccurrenceRow, SignatureRow

MODEL = "a model"


def vector(name: str, turn: int = 0) -> npt.NDArray[np.float32]:
    """The vector that `signature` has; another `turn` is another one."""
    numbers = np.random.default_rng(crc32(name.encode("utf-8", "replace")) + turn).normal(size=EMBEDDING_DIMENSION)
    return (numbers / np.linalg.norm(numbers)).astype(np.float32)


def signature(
    connection: psycopg.Connection, name: str, *, severity: str = "high", turn: int = 0, model: str = MODEL
) -> SignatureRow:
    """`name` is the signature's identity; another `turn` is another text for it. Its vector is put in the store."""
    key = text_hash(f"{name} {turn}")
    store_vectors(connection, model, {key: vector(name, turn)})
    return SignatureRow(
        signature_hash=name,
        error_type="GenericError",
        severity=severity,
        message=f"{name} went wrong",
        details=None,
        stack_trace=None,
        key_components={"template": f"{name} went wrong", "exception_class": None, "turn": turn},
        model_version=model,
        text_hash=key,
    )


def occurrence(name: str, signal_id: UUID, count: int = 1, severity: str = "high") -> OccurrenceRow:
    return OccurrenceRow(
        signature_hash=name,
        signal_id=signal_id,
        count=count,
        severity=severity,
        first_seen=None,
        last_seen=None,
        evidence=[{"line_number": 1}],
    )
