"""Which lines belong to the record above them, with a memory: the same lines are asked about at several steps of a
block, and traces of the same program have the same lines. The pattern itself is in `stack_traces.continuation`."""

from __future__ import annotations

import polars as pl

from signal_pipeline.stack_traces.continuation import CONTINUATION
from signal_pipeline.text_shapes.short_column import SHORT_COLUMN_ROWS, contains

_MAX_REMEMBERED = 10_000
_MAX_CHARS = 500
"""Longer lines are asked about each time."""
_known: dict[str, bool] = {}


def continue_above(lines: pl.Series) -> pl.Series:
    """`lines.str.contains(CONTINUATION)`; a null stays null."""
    if len(lines) > SHORT_COLUMN_ROWS:
        return contains(lines, CONTINUATION)
    texts = lines.to_list()
    found = [None if text is None else _known.get(text) for text in texts]
    if missing := list({text for text, known in zip(texts, found, strict=True) if known is None and text is not None}):
        fresh = dict(zip(missing, contains(pl.Series(missing), CONTINUATION).to_list(), strict=True))
        found = [fresh.get(text) if known is None else known for text, known in zip(texts, found, strict=True)]
        _remember(fresh)
    return pl.Series(lines.name, found, dtype=pl.Boolean())


def _remember(fresh: dict[str, bool]) -> None:
    if len(_known) + len(fresh) > _MAX_REMEMBERED:
        _known.clear()
    _known.update((text, known) for text, known in fresh.items() if len(text) <= _MAX_CHARS)
