"""Redaction of a column that has few values in many rows: each value is looked at once."""

from __future__ import annotations

import polars as pl

from signal_pipeline.redaction.redactor import Redactor


def redacted_per_value(values: pl.Series, redactor: Redactor) -> pl.Series:
    """`redactor.column(values)`; what was masked is counted once for each value."""
    if values.null_count() == len(values):
        return values
    distinct = values.drop_nulls().unique(maintain_order=True)
    clean = redactor.column(distinct)
    if clean.equals(distinct):
        return values
    return values.replace_strict(distinct, clean, default=None, return_dtype=pl.String())
