"""Frames on their way: a streamed frame spooled to a Parquet file in bounded memory, or held while it is small.

Belongs here: turning batches into one frame. Not here: where the file ends up (storage/frames.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import polars as pl
from polars.io.plugins import register_io_source

from signal_pipeline.frame_schema import FrameSchema

SMALL_ROWS = 50_000
FEW_BYTES = 128 * 1024


@dataclass(frozen=True)
class SpooledFrame:
    """A Parquet file that is complete but not in its place yet. Whoever stores it moves it away.

    `nulls` counts those in the columns that may have none, as they were written. `few` are the rows themselves, where
    they are up to FEW_BYTES: to read a small file costs as much as some steps do with it.
    """

    path: Path
    rows: int
    nulls: Mapping[str, int]
    few: pl.DataFrame | None = None

    def scan(self) -> pl.LazyFrame:
        return pl.scan_parquet(self.path)


@dataclass(frozen=True)
class HeldFrame:
    """Rows that the next function takes: few are in memory, many in a Parquet file."""

    rows: int
    frame: pl.DataFrame | Path

    def scan(self) -> pl.LazyFrame:
        return pl.scan_parquet(self.frame) if isinstance(self.frame, Path) else self.frame.lazy()

    def set_aside(self, path: Path) -> HeldFrame:
        """The same rows in a file: at `path` when they were in memory."""
        if isinstance(self.frame, Path):
            return self
        self.frame.write_parquet(path, compression="zstd")
        return HeldFrame(self.rows, path)


def spool(batches: Iterable[pl.DataFrame], schema: FrameSchema, path: Path) -> SpooledFrame:
    """Write the batches, each made to fit `schema`, as one zstd Parquet file. Memory holds one batch at a time.

    A single small batch, as small reports have, is written directly: a streaming sink costs several times as much.
    """
    frame, rest = _small(batches, schema)
    if frame is None:
        return _stream(rest, schema, path)
    frame.write_parquet(path, compression="zstd")
    few = frame if frame.estimated_size() <= FEW_BYTES else None
    return SpooledFrame(path, frame.height, _nulls(frame, schema), few)


def hold(batches: Iterable[pl.DataFrame], schema: FrameSchema, path: Path) -> HeldFrame:
    """The batches, each made to fit `schema`; a file at `path` is made only when they are more than a small one."""
    frame, rest = _small(batches, schema)
    if frame is not None:
        return HeldFrame(frame.height, frame)
    spooled = _stream(rest, schema, path)
    return HeldFrame(spooled.rows, spooled.path)


def _small(batches: Iterable[pl.DataFrame], schema: FrameSchema) -> tuple[pl.DataFrame | None, Iterable[pl.DataFrame]]:
    """The whole frame, when it is one small batch or none; else None, and the batches to go on with."""
    coming = iter(batches)
    head = list(islice(coming, 2))
    if len(head) < 2 and all(batch.height <= SMALL_ROWS for batch in head):
        return (schema.conform(head[0]) if head else schema.empty()), ()
    return None, chain(head, coming)


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
