"""Step 3, classified_errors: which entries are errors, of what type, with which template and signature.

A row's classification depends on that row alone, so small reports are classified together: some hundred queries cost
the same for one of them as for fifty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import polars as pl

from signal_pipeline.classification.classify import classify_entries
from signal_pipeline.classification.unclassified import signals_with_faults
from signal_pipeline.crashpoints import crashpoint
from signal_pipeline.frames import SMALL_ROWS, SpooledFrame, spool
from signal_pipeline.pipeline.batching import BATCH_ROWS, batches, row_counts
from signal_pipeline.schemas import ERRORS

SUMMARY = ("error_type", "severity", "template", "signature_hash")


@dataclass(frozen=True)
class ClassifiedReport:
    """A report's errors (columns of ERRORS) as a Parquet file, and the columns SUMMARY of them.

    `faulty` are the files with an entry on which classification failed unexpectedly.
    """

    errors: SpooledFrame
    summary: pl.DataFrame
    faulty: tuple[UUID, ...] = ()


def classify_reports(
    entries: Mapping[UUID, pl.LazyFrame], new_path: Callable[[], Path]
) -> dict[UUID, ClassifiedReport]:
    """The errors among each report's entries (columns of PARSED)."""
    rows = row_counts(entries)
    found: dict[UUID, ClassifiedReport] = {}
    for some in batches(rows):
        if rows[some[0]] > SMALL_ROWS:
            faulty: set[str] = set()
            errors = spool(_errors_of(entries[some[0]], faulty), ERRORS, new_path())
            found[some[0]] = ClassifiedReport(errors, errors.scan().select(SUMMARY).collect(), _ids(faulty))
        else:
            found |= _small({report_id: entries[report_id].collect() for report_id in some}, new_path)
    crashpoint("after_classify")
    return found


def _small(entries: Mapping[UUID, pl.DataFrame], new_path: Callable[[], Path]) -> dict[UUID, ClassifiedReport]:
    classified = classify_entries(pl.concat(entries.values()))
    found, start = {}, 0
    for report_id, frame in entries.items():
        own = classified.slice(start, frame.height)
        errors = own.filter("is_error")
        start += frame.height
        spooled = spool([errors], ERRORS, new_path())
        found[report_id] = ClassifiedReport(spooled, errors.select(SUMMARY), _ids(signals_with_faults(own)))
    return found


def _errors_of(entries: pl.LazyFrame, faulty: set[str]) -> Iterator[pl.DataFrame]:
    for batch in entries.collect_batches(chunk_size=BATCH_ROWS, maintain_order=True):
        classified = classify_entries(batch)
        faulty.update(signals_with_faults(classified))
        yield classified.filter("is_error")


def _ids(texts: Iterable[str]) -> tuple[UUID, ...]:
    return tuple(UUID(text) for text in sorted(texts))
