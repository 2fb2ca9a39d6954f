"""Step 3, classified_errors: which entries are errors, of what type, with which template and signature."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from signal_pipeline.classification.classify import classify_entries
from signal_pipeline.crashpoints import crashpoint
from signal_pipeline.frames import SpooledFrame, spool
from signal_pipeline.schemas import ERRORS

BATCH_ROWS = 200_000


def classify_report(entries: pl.LazyFrame, target: Path) -> SpooledFrame:
    """The errors among `entries` (columns of PARSED) as one Parquet file at `target` (columns of ERRORS)."""
    errors = spool(_errors(entries), ERRORS, target)
    crashpoint("after_classify")
    return errors


def _errors(entries: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    for batch in entries.collect_batches(chunk_size=BATCH_ROWS, maintain_order=True):
        yield classify_entries(batch).filter("is_error")
