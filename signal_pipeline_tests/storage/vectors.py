"""Signatures for tests: a unit vector for any name."""

from __future__ import annotations

from uuid import UUID

import numpy as np

from signal_pipeline.schemas import EMBEDDING_DIMENSION
from signal_pipeline.storage.signatures import OccurrenceRow, SignatureRow


def signature(name: str, *, severity: str = "high", turn: int = 0) -> SignatureRow:
    """`name` is the signature's identity; another `turn` is another vector for it."""
    numbers = np.random.default_rng(abs(hash(name)) + turn).normal(size=EMBEDDING_DIMENSION)
    return SignatureRow(
        signature_hash=name,
        error_type="GenericError",
        severity=severity,
        message=f"{name} went wrong",
        details=None,
        stack_trace=None,
        key_components={"template": f"{name} went wrong", "exception_class": None, "turn": turn},
        vector=(numbers / np.linalg.norm(numbers)).astype(np.float32),
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
