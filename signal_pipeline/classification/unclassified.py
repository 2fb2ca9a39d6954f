"""What is said of an entry on which classification fails unexpectedly: an error by level or status, and no more.

Nothing here may use what the other files of this package do: one of them has just failed.
"""

from __future__ import annotations

import hashlib

import polars as pl

from signal_pipeline.schemas import ENTRIES

UNCLASSIFIED = "unclassified"
_LOUD = ("error", "critical")


def plainly_classified(frame: pl.DataFrame) -> pl.DataFrame:
    """PARSED columns in, ENTRIES columns out; numbers are masked, so that few signatures come of many entries."""
    templates = frame["message"].str.replace_all("[0-9]+", "<NUM>").fill_null("")
    failed = (pl.col("status") == 0) | (pl.col("status") >= 500)
    is_error = (pl.col("level").is_in(_LOUD) | failed).fill_null(False)
    ids = [hashlib.sha256(f"{UNCLASSIFIED} {text}".encode()).hexdigest() for text in templates]
    made = frame.with_columns(
        is_error.alias("is_error"),
        templates.alias("template"),
        pl.Series("template_id", [one[:16] for one in ids], dtype=pl.String()),
        pl.Series("signature", ids, dtype=pl.String()),
        pl.concat_str([pl.col("flags"), pl.lit(UNCLASSIFIED)], separator=",", ignore_nulls=True).alias("flags"),
    )
    when = pl.when("is_error")
    return ENTRIES.conform(
        made.with_columns(
            when.then(pl.lit("GenericError")).alias("error_type"),
            when.then(pl.lit("high")).alias("severity"),
            when.then(pl.col("signature")).alias("signature_hash"),
            pl.lit([], dtype=pl.List(pl.String())).alias("top_frames"),
        )
    )


def signals_with_faults(classified: pl.DataFrame) -> list[str]:
    """The files that have an entry which could not be classified."""
    marked = pl.col("flags").str.contains(UNCLASSIFIED, literal=True).fill_null(False)
    return classified.filter(marked)["signal_id"].drop_nulls().unique().sort().to_list()
