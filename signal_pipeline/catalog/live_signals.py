"""Signals of business events among the errors of reports: in search, and in the catalog of problems.

A signal is the same error whether its events came with a report, over the API or from NATS: it is classified as the
reader of reports has it. What is stored is one row for what many signals say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from signal_pipeline.catalog.placement import Placed, place_signatures
from signal_pipeline.classification.classify import classify_entries
from signal_pipeline.classification.event import EVENT_VERSION
from signal_pipeline.classification.masks import MASKS_VERSION
from signal_pipeline.classification.signature import SIGNATURE_VERSION
from signal_pipeline.classification.texts import TEXT_VERSION, embedding_text
from signal_pipeline.event_rules.kinds import KIND
from signal_pipeline.frame_schema import EVENT
from signal_pipeline.parsing.events.problems import LEVELS
from signal_pipeline.parsing.events.problems import VIOLATION as SCHEMA_VIOLATION
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.business_events import VIOLATION, take_turn
from signal_pipeline.storage.embedding_cache import embed_texts
from signal_pipeline.storage.embeddings import text_hash
from signal_pipeline.storage.live_signals import SignalSubject, forget_subjects, place_subjects, unplaced_subjects
from signal_pipeline.storage.signatures import SignatureRow

AT_ONCE = 500


@dataclass(frozen=True)
class SignalsPlaced:
    """`subjects` are what signals say that was placed, `gone` are signatures that no signal and no report has."""

    subjects: int
    placed: Placed
    gone: int


def place_live_signals(platform: Platform) -> SignalsPlaced:
    """Give a signature, a vector and a place in the catalog to all that signals say and has none; again after a new
    version of what decides these. Safe to repeat."""
    with platform.database.transaction() as connection:
        take_turn(connection)
        gone = forget_subjects(connection)
    version = "/".join((MASKS_VERSION, EVENT_VERSION, SIGNATURE_VERSION, TEXT_VERSION, platform.embedder.model_version))
    subjects, placed = 0, Placed()
    while True:
        with platform.database.transaction() as connection:
            some = unplaced_subjects(connection, version, AT_ONCE)
        if not some:
            return SignalsPlaced(subjects, placed, gone)
        placed += _place(platform, some, version)
        subjects += len(some)


def _place(platform: Platform, subjects: Sequence[SignalSubject], version: str) -> Placed:
    rows = list(classify_entries(_entries(subjects)).iter_rows(named=True))
    texts = [
        embedding_text(row["error_type"], row["exception_class"], row["template"], row["top_frames"]) for row in rows
    ]
    embed_texts(platform.database, platform.embedder, texts)
    model = platform.embedder.model_version
    signatures = [_signature(row, text, model) for row, text in zip(rows, texts, strict=True)]
    with platform.database.transaction() as connection:
        place_subjects(connection, list(zip(subjects, signatures, strict=True)), version)
    return place_signatures(platform.database, sorted({one.signature_hash for one in signatures}))


def _entries(subjects: Sequence[SignalSubject]) -> pl.DataFrame:
    """As the reader of a file of events gives its problems."""
    return pl.DataFrame(
        {
            "role": EVENT,
            "message": [one.subject for one in subjects],
            "error_text": [one.subject for one in subjects],
            "exception_class": [
                SCHEMA_VIOLATION if one.kind == VIOLATION else KIND[one.kind].exception_class for one in subjects
            ],
            "level": [LEVELS[one.severity] for one in subjects],
        },
        schema=dict.fromkeys(("role", "message", "error_text", "exception_class", "level"), pl.String()),
    )


def _signature(row: dict[str, Any], text: str, model_version: str) -> SignatureRow:
    return SignatureRow(
        signature_hash=row["signature_hash"],
        error_type=row["error_type"],
        severity=row["severity"],
        message=row["message"],
        details=None,
        stack_trace=None,
        key_components={
            "error_type": row["error_type"],
            "exception_class": row["exception_class"],
            "template": row["template"],
            "top_frames": [],
            "text": text,
            "model_version": model_version,
        },
        model_version=model_version,
        text_hash=text_hash(text),
    )
