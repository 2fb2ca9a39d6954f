"""Small frames of parsed entries for the tests of classification."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from signal_pipeline.schemas import PARSED


def log_frame(messages: Sequence[str], level: str | None = None, stack_trace: str | None = None) -> pl.DataFrame:
    """One log entry per message, all of one level and with one trace."""
    return PARSED.conform(
        pl.DataFrame({"message": list(messages)}, schema={"message": pl.String}).with_columns(
            pl.lit("log").alias("kind"),
            pl.int_range(pl.len()).alias("ordinal"),
            pl.lit("0" * 64).alias("signal_sha256"),
            pl.lit(level, pl.String).alias("level"),
            pl.lit(stack_trace, pl.String).alias("stack_trace"),
        )
    )


def har_frame(rows: Sequence[dict[str, object]]) -> pl.DataFrame:
    """One HAR entry per row; what a row does not state is null."""
    frame = pl.DataFrame(list(rows), infer_schema_length=None)
    return PARSED.conform(
        frame.with_columns(
            pl.lit("har").alias("kind"),
            pl.lit("").alias("message"),
            pl.int_range(pl.len()).alias("ordinal"),
            pl.lit("0" * 64).alias("signal_sha256"),
        )
    )
