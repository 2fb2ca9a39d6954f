"""Step 3, classified_errors: which entries are errors, of what type, with which template and signature.

A row's classification depends on that row alone, so small reports are classified together: some hundred queries cost
the same for one of them as for fifty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import polars as pl

from signal_pipeline.classification.classify import classify_entries
from signal_pipeline.crashpoints import crashpoint
from signal_pipeline.frames import SMALL_ROWS, SpooledFrame, spool
from signal_pipeline.pipeline.batching import BATCH_ROWS, row_counts, together
from signal_pipeline.schemas import ERRORS

SUMMARY = ("error_type", "severity", "template", "signature_hash")


@dataclass(frozen=True)
class ClassifiedReport:
    """A report's errors (columns of ERRORS) as a Parquet file, and the columns SUMMARY of them."""

    errors: SpooledFrame
    summary: pl.DataFrame


def classify_reports(
    entries: Mapping[UUID, pl.LazyFrame], new_path: Callable[[], Path]
) -> dict[UUID, ClassifiedReport]:
    """The errors among each report's entries (columns of PARSED)."""
    rows = row_counts(entries)
    found: dict[UUID, ClassifiedReport] = {}
    for some in together(rows):
        if rows[some[0]] > SMALL_ROWS:
            errors = spool(_errors_of(entries[some[0]]), ERRORS, new_path())
            found[some[0]] = ClassifiedReport(errors, errors.scan().select(SUMMARY).collect())
        else:
            found |= _small({report_id: entries[report_id].collect() for report_id in some}, new_path)
    crashpoint("after_classify")
    return found


def _small(entries: Mapping[UUID, pl.DataFrame], new_path: Callable[[], Path]) -> dict[UUID, ClassifiedReport]:
    classified = classify_entries(pl.concat(entries.values()))
    found, start = {}, 0
    for report_id, frame in entries.items():
        errors = classified.slice(start, frame.height).filter("is_error")
        start += frame.height
        found[report_id] = ClassifiedReport(spool([errors], ERRORS, new_path()), errors.select(SUMMARY))
    return found


def _errors_of(entries: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    for batch in entries.collect_batches(chunk_size=BATCH_ROWS, maintain_order=True):
        yield classify_entries(batch).filter("is_error")
