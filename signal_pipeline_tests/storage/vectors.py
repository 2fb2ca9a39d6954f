"""Signatures for tests: a unit vector for any name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID
from zlib import crc32

import numpy as np
import numpy.typing as npt
import psycopg

from signal_pipeline.schemas import EMBEDDING_DIMENSION
from signal_pipeline.storage.embeddings import store_vectors, text_hash
from signal_pipeline.storage.signatures import Contribution, OccurrenceRow, SignatureRow, replace_signatures
from signal_pipeline_tests.storage.tables import value

MODEL = "a model"


def vector(name: str, turn: int = 0, *, near: str | None = None, spread: float = 0.3) -> npt.NDArray[np.float32]:
    """The vector that `signature` has; another `turn` is another one. `near`: not far from that name's."""
    numbers = np.random.default_rng(crc32(name.encode("utf-8", "replace")) + turn).normal(size=EMBEDDING_DIMENSION)
    if near is not None:
        numbers = vector(near) * np.sqrt(EMBEDDING_DIMENSION) + spread * numbers
    return (numbers / np.linalg.norm(numbers)).astype(np.float32)


def signature(
    connection: psycopg.Connection,
    name: str,
    *,
    template: str | None = None,
    vectors: npt.NDArray[np.float32] | None = None,
    turn: int = 0,
    model: str = MODEL,
    **more: Any,
) -> SignatureRow:
    """`name` is the signature's identity; another `turn` is another text for it. Its vector is put in the store."""
    text = template or f"{name} went wrong"
    key = text_hash(f"{name} {turn}")
    store_vectors(connection, model, {key: vector(name, turn) if vectors is None else vectors})
    given = {"error_type": "GenericError", "severity": "high", "details": None, "stack_trace": None}
    parts = {"template": text, "exception_class": more.pop("exception_class", None), "turn": turn}
    return SignatureRow(
        signature_hash=name,
        message=text,
        key_components=parts,
        model_version=model,
        text_hash=key,
        **given | more,
    )


def occurrence(name: str, signal_id: UUID, count: int = 1, severity: str = "high", **more: Any) -> OccurrenceRow:
    given = {"first_seen": None, "last_seen": None, "evidence": [{"line_number": 1}]}
    return OccurrenceRow(signature_hash=name, signal_id=signal_id, count=count, severity=severity, **given | more)


def contribute_rows(connection: psycopg.Connection, report: UUID, rows: Sequence[SignatureRow], count: int = 1) -> None:
    """The report has these signatures, each so often, all in its first file."""
    signal = value(connection, "select id from signals where report_id = %s order by created_at limit 1", report)
    seen = [occurrence(row.signature_hash, signal, count) for row in rows]
    replace_signatures(connection, [Contribution(report, rows, seen)])
