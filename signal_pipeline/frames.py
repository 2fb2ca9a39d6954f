"""Frames on their way to storage: a streamed frame spooled to a Parquet file in bounded memory.

Belongs here: turning batches into one Parquet file. Not here: where the file ends up (storage/frames.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import polars as pl
from polars.io.plugins import register_io_source

from signal_pipeline.schemas import FrameSchema

SMALL_ROWS = 50_000


@dataclass(frozen=True)
class SpooledFrame:
    """A Parquet file that is complete but not in its place yet. Whoever stores it moves it away.

    `nulls` counts those in the columns that may have none, as they were written.
    """

    path: Path
    rows: int
    nulls: Mapping[str, int]

    def scan(self) -> pl.LazyFrame:
        return pl.scan_parquet(self.path)


def spool(batches: Iterable[pl.DataFrame], schema: FrameSchema, path: Path) -> SpooledFrame:
    """Write the batches, each made to fit `schema`, as one zstd Parquet file. Memory holds one batch at a time.

    A single small batch, as small reports have, is written directly: a streaming sink costs several times as much.
    """
    coming = iter(batches)
    head = list(islice(coming, 2))
    if len(head) < 2 and all(batch.height <= SMALL_ROWS for batch in head):
        frame = schema.conform(head[0]) if head else schema.empty()
        frame.write_parquet(path, compression="zstd")
        return SpooledFrame(path, frame.height, _nulls(frame, schema))
    return _stream(chain(head, coming), schema, path)


def _stream(batches: Iterable[pl.DataFrame], schema: FrameSchema, path: Path) -> SpooledFrame:
    rows, nulls = 0, Counter[str]()

    def source(
        with_columns: list[str] | None,
        predicate: pl.Expr | None,
        n_rows: int | None,
        batch_size: int | None,
    ) -> Iterator[pl.DataFrame]:
        del with_columns, predicate, n_rows, batch_size  # a plain sink asks for everything
        nonlocal rows
        for batch in batches:
            frame = schema.conform(batch)
            rows += frame.height
            nulls.update(_nulls(frame, schema))
            yield frame

    lazy = register_io_source(source, schema=pl.Schema(schema.polars))
    lazy.sink_parquet(path, compression="zstd", maintain_order=True)
    return SpooledFrame(path, rows, nulls)


def _nulls(frame: pl.DataFrame, schema: FrameSchema) -> dict[str, int]:
    return {column.name: frame[column.name].null_count() for column in schema.columns if not column.nullable}
