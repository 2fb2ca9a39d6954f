"""Which error of a report came first. The others may be its consequences; nothing here claims that they are."""

from __future__ import annotations

import polars as pl


def mark_first_error(errors: pl.DataFrame) -> pl.DataFrame:
    """`errors` with a column `is_first` (Boolean): true for one row, or for none when there are no rows.

    The earliest timestamp wins; at the same time, or where there is none, the one that stands first
    (signal_id, then ordinal). Rows without a time come after rows with one.
    """
    if errors.is_empty():
        return errors.with_columns(pl.lit(None, pl.Boolean).alias("is_first"))
    position = errors.select(
        pl.arg_sort_by("timestamp", "signal_id", "ordinal", nulls_last=True).first().alias("first")
    ).item()
    return errors.with_columns((pl.int_range(pl.len()) == position).alias("is_first"))
