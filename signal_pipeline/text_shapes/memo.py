"""A function over rows whose results are kept between the blocks of a file. Bounded; no patterns here."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

MAX_BYTES = 16 * 1024 * 1024
"""Of inputs and results together; when they exceed it, all of them are dropped."""

RowFunction = Callable[[pl.DataFrame], pl.DataFrame]


class Memoized:
    """`Memoized(function)(rows)` is `function(rows)`, row for row, with each distinct row computed once.

    `function` must compute each row on its own; its columns have names of their own.
    """

    def __init__(self, function: RowFunction, max_bytes: int = MAX_BYTES) -> None:
        self._function = function
        self._max_bytes = max_bytes
        self._cache: tuple[pl.DataFrame, pl.DataFrame] | None = None

    def __call__(self, rows: pl.DataFrame) -> pl.DataFrame:
        inputs, results = self._cache or (rows.clear(), None)
        places = _places(rows, inputs)
        missing = places.is_null()
        if missing.any() or results is None:
            left = rows.filter(missing)
            fresh = left.unique(maintain_order=True)
            places = places.scatter(missing.arg_true(), _places(left, fresh) + inputs.height)
            computed = self._function(fresh)
            inputs = pl.concat([inputs, fresh], rechunk=True)
            results = computed if results is None else pl.concat([results, computed], rechunk=True)
            fits = inputs.estimated_size() + results.estimated_size() <= self._max_bytes
            self._cache = (inputs, results) if fits else None
        return results[places]


def _places(rows: pl.DataFrame, inputs: pl.DataFrame) -> pl.Series:
    """The place of each row in `inputs`, null where it is not there."""
    return rows.join(
        inputs.with_row_index("_place"), on=rows.columns, how="left", nulls_equal=True, maintain_order="left"
    )["_place"]
