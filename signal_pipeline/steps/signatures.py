"""Step 4, embeddings: the unique signatures of a report, one vector each, and where each of them occurs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
import polars as pl

from signal_pipeline.classification.texts import embedding_text
from signal_pipeline.embedding.check import check_vectors
from signal_pipeline.embedding.protocol import Embedder
from signal_pipeline.schemas import EMBEDDING_DIMENSION, EMBEDDINGS, SEVERITIES
from signal_pipeline.storage.signatures import OccurrenceRow, SignatureRow

EVIDENCE_PER_FILE = 20
EVIDENCE_FIELDS = ("line_number", "line_count", "entry_index", "byte_offset", "byte_length", "member", "timestamp")
DETAIL_FIELDS = ("method", "url", "status", "slowest_phase", "net_error")


@dataclass(frozen=True)
class ReportSignatures:
    """The frame for the next asset, and the same as rows for the database."""

    frame: pl.DataFrame
    signatures: list[SignatureRow]
    occurrences: list[OccurrenceRow]
    dropped: int


def embed_report(report_id: UUID, errors: pl.LazyFrame, embedder: Embedder, max_signatures: int) -> ReportSignatures:
    """Unique signatures with vectors. The most frequent `max_signatures` are kept; `dropped` counts the others."""
    unique = _unique_signatures(errors)
    kept = unique.head(max_signatures)
    if kept.is_empty():
        return ReportSignatures(EMBEDDINGS.empty(), [], [], 0)
    texts = [
        embedding_text(row["error_type"], row["exception_class"], row["template"], row["top_frames"])
        for row in kept.iter_rows(named=True)
    ]
    vectors = embedder.embed(texts)
    check_vectors(vectors, count=len(texts), dimension=EMBEDDING_DIMENSION)
    frame = kept.with_columns(
        pl.lit(str(report_id)).alias("report_id"),
        pl.Series("text", texts),
        pl.lit(embedder.model_version).alias("model_version"),
        pl.Series("vector", vectors, dtype=pl.Array(pl.Float32, EMBEDDING_DIMENSION)),
    )
    rows = [
        _signature_row(row, text, np.asarray(vector), embedder.model_version)
        for row, text, vector in zip(kept.iter_rows(named=True), texts, vectors, strict=True)
    ]
    return ReportSignatures(
        frame=EMBEDDINGS.conform(frame),
        signatures=rows,
        occurrences=_occurrences(errors, kept),
        dropped=unique.height - kept.height,
    )


def _unique_signatures(errors: pl.LazyFrame) -> pl.DataFrame:
    """One row per signature, most frequent first, ties by hash; the first occurrence lends message and stack."""
    first = ("message", "stack_trace", "template", "error_type", "exception_class", "top_frames", *DETAIL_FIELDS)
    return (
        errors.group_by("signature_hash")
        .agg(
            pl.len().cast(pl.Int64).alias("frequency"),
            pl.col("timestamp").min().alias("first_seen"),
            pl.col("timestamp").max().alias("last_seen"),
            _rank(pl.col("severity")).min().alias("severity_rank"),
            # Not the first row met but the smallest, so that the result does not depend on the order of files.
            *(pl.col(name).sort_by("signal_sha256", "ordinal").first() for name in first),
        )
        .sort(["frequency", "signature_hash"], descending=[True, False])
        .with_columns(_severity(pl.col("severity_rank")).alias("severity"))
        .collect(engine="streaming")
    )


def _occurrences(errors: pl.LazyFrame, kept: pl.DataFrame) -> list[OccurrenceRow]:
    grouped = (
        errors.join(kept.lazy().select("signature_hash"), on="signature_hash", how="semi")
        .group_by("signature_hash", "signal_id")
        .agg(
            pl.len().alias("count"),
            _rank(pl.col("severity")).min().alias("severity_rank"),
            pl.col("timestamp").min().alias("first_seen"),
            pl.col("timestamp").max().alias("last_seen"),
            pl.struct(EVIDENCE_FIELDS).sort_by("ordinal").head(EVIDENCE_PER_FILE).alias("evidence"),
        )
        .collect(engine="streaming")
    )
    return [
        OccurrenceRow(
            signature_hash=row["signature_hash"],
            signal_id=UUID(row["signal_id"]),
            count=row["count"],
            severity=SEVERITIES[row["severity_rank"]],
            first_seen=row["first_seen"],
            last_seen=row["last_seen"],
            evidence=[_evidence(item) for item in row["evidence"]],
        )
        for row in grouped.iter_rows(named=True)
    ]


def _evidence(item: dict[str, Any]) -> dict[str, Any]:
    found = {name: value for name, value in item.items() if value is not None}
    if "timestamp" in found:
        found["timestamp"] = found["timestamp"].isoformat()
    return found


def _signature_row(row: dict[str, Any], text: str, vector: np.ndarray[Any, Any], model_version: str) -> SignatureRow:
    details = {name: row[name] for name in DETAIL_FIELDS if row[name] is not None}
    return SignatureRow(
        signature_hash=row["signature_hash"],
        error_type=row["error_type"],
        severity=row["severity"],
        message=row["message"],
        details=", ".join(f"{name}={value}" for name, value in details.items()) or None,
        stack_trace=row["stack_trace"],
        key_components={
            "error_type": row["error_type"],
            "exception_class": row["exception_class"],
            "template": row["template"],
            "top_frames": row["top_frames"] or [],
            "text": text,
            "model_version": model_version,
        },
        vector=vector,
    )


def _rank(severity: pl.Expr) -> pl.Expr:
    return severity.replace_strict({name: rank for rank, name in enumerate(SEVERITIES)}, return_dtype=pl.Int8)


def _severity(rank: pl.Expr) -> pl.Expr:
    return rank.replace_strict(dict(enumerate(SEVERITIES)), return_dtype=pl.String)
