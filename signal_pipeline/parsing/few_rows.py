"""A pattern over a short column: polars forgets what it compiled after 32 others, and a small file asks a hundred.

Compiling such a pattern then costs a millisecond for each file, looking at its hundred lines with RE2 a tenth of it.
"""

from __future__ import annotations

from functools import lru_cache

import polars as pl

from signal_pipeline.parsing.stack_traces.linear_pattern import LinearPattern, linear

FEW_ROWS = 512
_COMPILED = lru_cache(maxsize=500)(linear)


def contains(values: pl.Series, pattern: str) -> pl.Series:
    """`values.str.contains(pattern)`. Only texts in ASCII without vertical tabs mean the same to both engines."""
    if len(values) > FEW_ROWS:
        return values.str.contains(pattern)
    texts = values.to_list()
    if not all(text is None or (text.isascii() and "\v" not in text) for text in texts):
        return values.str.contains(pattern)
    regex: LinearPattern = _COMPILED(pattern)
    found = [None if text is None else regex.search(text) is not None for text in texts]
    return pl.Series(values.name, found, dtype=pl.Boolean())
