"""Records whose header fills a line of its own: the level and the message are what the next line holds.

java.util.logging writes "Mar 01, 2024 10:00:00 AM com.acme.Shop open" and below it "SEVERE: Cannot open".
"""

from __future__ import annotations

import polars as pl


def join_second_lines(heads: pl.DataFrame, text: pl.Series) -> tuple[pl.DataFrame, pl.Series]:
    """Heads without a message take the level of the line below them, which is then not a head of its own.

    Its line, without the level, takes the place of what was in `text`.
    """
    if not (heads["message"] == "").any():
        return heads, text
    empty = pl.col("timed") & (pl.col("message") == "")
    below = pl.col("bare") & ~pl.col("timed")
    marked = heads.select(
        "level",
        "line",
        "message",
        (below & empty.shift(1) & (pl.col("line") == pl.col("line").shift(1) + 1)).fill_null(False).alias("second"),
    )
    second = marked["second"]
    if not second.any():
        return heads, text
    own = pl.col("level").shift(1).is_not_null()
    lines = marked.with_columns(own.fill_null(True).alias("own")).filter(pl.col("second") & ~pl.col("own"))
    level = pl.when(second.shift(-1, fill_value=False)).then(pl.coalesce("level", pl.col("level").shift(-1)))
    joined = heads.with_columns(level.otherwise("level").alias("level")).filter(~second)
    return joined, text.clone().scatter(lines["line"], lines["message"]) if lines.height else text
