"""Frames on their way to storage: a streamed frame spooled to a Parquet file in bounded memory.

Belongs here: turning batches into one Parquet file. Not here: where the file ends up (storage/frames.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from polars.io.plugins import register_io_source

from signal_pipeline.schemas import FrameSchema


@dataclass(frozen=True)
class SpooledFrame:
    """A Parquet file that is complete but not in its place yet. Whoever stores it moves it away."""

    path: Path
    rows: int

    def scan(self) -> pl.LazyFrame:
        return pl.scan_parquet(self.path)


def spool(batches: Iterable[pl.DataFrame], schema: FrameSchema, path: Path) -> SpooledFrame:
    """Write the batches, each made to fit `schema`, as one zstd Parquet file. Memory holds one batch at a time."""
    rows = 0

    def source(
        with_columns: list[str] | None,
        predicate: pl.Expr | None,
        n_rows: int | None,
        batch_size: int | None,
    ) -> Iterator[pl.DataFrame]:
        del with_columns, predicate, n_rows, batch_size  # a plain sink asks for everything
        nonlocal rows
        yielded = False
        for batch in batches:
            frame = schema.conform(batch)
            rows += frame.height
            yielded = True
            yield frame
        if not yielded:
            yield schema.empty()

    lazy = register_io_source(source, schema=pl.Schema(schema.polars))
    lazy.sink_parquet(path, compression="zstd", maintain_order=True)
    return SpooledFrame(path=path, rows=rows)
