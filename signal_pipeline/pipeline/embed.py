"""Step 4, embeddings: the unique signatures of reports, one vector each, and where each of them occurs.

Many reports at once: their texts are looked up and embedded together, and their rows stored in a handful of statements.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import polars as pl

from signal_pipeline.classification.texts import embedding_text
from signal_pipeline.crashpoints import crashpoint
from signal_pipeline.embedding.protocol import Vectors
from signal_pipeline.errors import DatabaseRefused, SignalPipelineError
from signal_pipeline.evidence import COUNTED_ROLES
from signal_pipeline.platform.platform import Platform
from signal_pipeline.schemas import EMBEDDING_DIMENSION, EMBEDDINGS, SEVERITIES
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.embedding_cache import embed_texts
from signal_pipeline.storage.embeddings import text_hash
from signal_pipeline.storage.signatures import Contribution, OccurrenceRow, SignatureRow, replace_signatures

EVIDENCE_PER_FILE = 20
EVIDENCE_FIELDS = (
    "line_number",
    "line_count",
    "entry_index",
    "byte_offset",
    "byte_length",
    "member",
    "timestamp",
    "role",
)
DETAIL_FIELDS = ("method", "url", "status", "slowest_phase", "net_error")


@dataclass(frozen=True)
class UniqueSignatures:
    """One report's signatures before they have vectors. The most frequent are kept; `dropped` counts the others."""

    report_id: UUID
    kept: pl.DataFrame
    texts: list[str]
    occurrences: list[OccurrenceRow]
    dropped: int


@dataclass(frozen=True)
class EmbeddedReport:
    """The frame for readers of Parquet; the rows are in the database. `known` and `computed` count distinct texts of
    all reports that were embedded together."""

    frame: pl.DataFrame
    dropped: int
    model_version: str
    known: int
    computed: int


def embed_reports(
    platform: Platform, errors: Mapping[UUID, pl.LazyFrame]
) -> dict[UUID, EmbeddedReport | SignalPipelineError]:
    """Embed and store each report's signatures; an error instead of the result for a report that failed.

    Raises TransientError when the work itself stopped, for all of them.
    """
    unique = unique_signatures(errors, platform.limits.max_signatures)
    version = platform.embedder.model_version
    embedded = embed_texts(
        platform.database, platform.embedder, [text for one in unique.values() for text in one.texts]
    )
    crashpoint("after_embed")
    refused = store_contributions(platform.database, [_contribution(one, version) for one in unique.values()])
    found: dict[UUID, EmbeddedReport | SignalPipelineError] = {}
    start = 0
    for report_id, one in unique.items():
        vectors = embedded.vectors[start : start + len(one.texts)]
        start += len(one.texts)
        found[report_id] = refused.get(report_id) or EmbeddedReport(
            embedding_frame(one, vectors, version), one.dropped, version, embedded.known, embedded.computed
        )
    return found


def store_contributions(database: Database, contributions: list[Contribution]) -> dict[UUID, SignalPipelineError]:
    """Replace them all in one transaction. Where Postgres refuses that, each alone, and these are the refused ones."""
    try:
        with database.transaction() as connection:
            replace_signatures(connection, contributions)
    except DatabaseRefused as error:
        if len(contributions) == 1:
            return {contributions[0].report_id: error}
    else:
        return {}
    refused: dict[UUID, SignalPipelineError] = {}
    for contribution in contributions:
        refused |= store_contributions(database, [contribution])
    return refused


def unique_signatures(errors: Mapping[UUID, pl.LazyFrame], max_signatures: int) -> dict[UUID, UniqueSignatures]:
    """Each report's signatures with the text that is embedded for each. No vector, no database.

    All reports in one query: one for each costs a batch of small reports three times as much.
    """
    together = [
        frame.with_columns(pl.lit(str(report_id)).alias("report_id"))
        for report_id, frame in sorted(errors.items(), key=lambda item: item[0])
    ]
    nothing = EMBEDDINGS.empty()
    found = {report_id: UniqueSignatures(report_id, nothing, [], [], 0) for report_id in errors}
    if not together:
        return found
    every = pl.concat(together)
    unique = _unique_signatures(every)
    kept = unique.filter(pl.int_range(pl.len()).over("report_id") < max_signatures)
    occurrences = _occurrences(every, kept)
    totals = dict(unique.group_by("report_id").len().iter_rows())
    for (report_id,), rows in kept.group_by("report_id", maintain_order=True):
        texts = [
            embedding_text(row["error_type"], row["exception_class"], row["template"], row["top_frames"])
            for row in rows.iter_rows(named=True)
        ]
        dropped = totals[report_id] - rows.height
        found[UUID(str(report_id))] = UniqueSignatures(
            UUID(str(report_id)), rows, texts, occurrences[str(report_id)], dropped
        )
    return found


def embedding_frame(unique: UniqueSignatures, vectors: Vectors, model_version: str) -> pl.DataFrame:
    """`vectors` (n, 384) in step with `unique.texts`; in the columns of EMBEDDINGS."""
    if unique.kept.is_empty():
        return EMBEDDINGS.empty()
    return EMBEDDINGS.conform(
        unique.kept.with_columns(
            pl.Series("text", unique.texts),
            pl.lit(model_version).alias("model_version"),
            pl.Series("vector", vectors, dtype=pl.Array(pl.Float32, EMBEDDING_DIMENSION)),
        )
    )


def _contribution(unique: UniqueSignatures, model_version: str) -> Contribution:
    rows = zip(unique.kept.iter_rows(named=True), unique.texts, strict=True)
    return Contribution(
        unique.report_id,
        [_signature_row(row, text, model_version) for row, text in rows],
        unique.occurrences,
    )


def _unique_signatures(errors: pl.LazyFrame) -> pl.DataFrame:
    """One row per report and signature, most frequent first, ties by hash; the first occurrence lends message and
    stack."""
    first = ("message", "stack_trace", "template", "error_type", "exception_class", "top_frames", *DETAIL_FIELDS)
    return (
        errors.group_by("report_id", "signature_hash")
        .agg(
            pl.len().cast(pl.Int64).alias("frequency"),
            pl.col("timestamp").min().alias("first_seen"),
            pl.col("timestamp").max().alias("last_seen"),
            _rank(pl.col("severity")).min().alias("severity_rank"),
            # Not the first row met but the smallest, so that the result does not depend on the order of files.
            *(pl.col(name).sort_by("signal_sha256", "ordinal").first() for name in first),
        )
        .sort(["report_id", "frequency", "signature_hash"], descending=[False, True, False])
        .with_columns(_severity(pl.col("severity_rank")).alias("severity"))
        .collect(engine="streaming")
    )


def _occurrences(errors: pl.LazyFrame, kept: pl.DataFrame) -> dict[str, list[OccurrenceRow]]:
    """By report: how often each kept signature occurs in each file, and where."""
    grouped = (
        errors.join(kept.lazy().select("report_id", "signature_hash"), on=["report_id", "signature_hash"], how="semi")
        .group_by("report_id", "signature_hash", "signal_id")
        .agg(
            pl.len().alias("count"),
            _rank(pl.col("severity")).min().alias("severity_rank"),
            pl.col("timestamp").min().alias("first_seen"),
            pl.col("timestamp").max().alias("last_seen"),
            pl.struct(EVIDENCE_FIELDS).sort_by("ordinal").head(EVIDENCE_PER_FILE).alias("evidence"),
        )
        .collect(engine="streaming")
    )
    found: dict[str, list[OccurrenceRow]] = defaultdict(list)
    for row in grouped.iter_rows(named=True):
        found[row["report_id"]].append(
            OccurrenceRow(
                signature_hash=row["signature_hash"],
                signal_id=UUID(row["signal_id"]),
                count=row["count"],
                severity=SEVERITIES[row["severity_rank"]],
                first_seen=row["first_seen"],
                last_seen=row["last_seen"],
                evidence=[_evidence(item) for item in row["evidence"]],
            )
        )
    return found


def _evidence(item: dict[str, Any]) -> dict[str, Any]:
    found = {name: value for name, value in item.items() if value is not None}
    if found.get("role") not in COUNTED_ROLES:
        found.pop("role", None)
    if "timestamp" in found:
        found["timestamp"] = found["timestamp"].isoformat()
    return found


def _signature_row(row: dict[str, Any], text: str, model_version: str) -> SignatureRow:
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
        model_version=model_version,
        text_hash=text_hash(text),
    )


def _rank(severity: pl.Expr) -> pl.Expr:
    return severity.replace_strict({name: rank for rank, name in enumerate(SEVERITIES)}, return_dtype=pl.Int8)


def _severity(rank: pl.Expr) -> pl.Expr:
    return rank.replace_strict(dict(enumerate(SEVERITIES)), return_dtype=pl.String)
