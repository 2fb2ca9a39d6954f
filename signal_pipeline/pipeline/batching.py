"""Which reports a step takes at once: small ones together, within a bound on their rows, large ones by themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from uuid import UUID

import polars as pl

from signal_pipeline.frames import SMALL_ROWS

BATCH_ROWS = 200_000


def row_counts(frames: Mapping[UUID, pl.LazyFrame]) -> dict[UUID, int]:
    """Of stored frames, from the ends of their files."""
    counted = pl.collect_all([frame.select(pl.len()) for frame in frames.values()])
    return {report_id: int(count.item()) for report_id, count in zip(frames, counted, strict=True)}


def batches(rows: Mapping[UUID, int]) -> Iterator[list[UUID]]:
    """Large reports by themselves, small ones up to BATCH_ROWS at once."""
    some: list[UUID] = []
    for report_id, count in rows.items():
        if count > SMALL_ROWS:
            yield [report_id]
            continue
        if sum(rows[one] for one in some) + count > BATCH_ROWS:
            yield some
            some = []
        some.append(report_id)
    if some:
        yield some
