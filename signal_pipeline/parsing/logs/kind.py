"""A log as a kind of signal: any text that no other kind claims and that is not refused as something else."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from signal_pipeline.frame_schema import RECORD
from signal_pipeline.parsing.signal_kind import SignalKind, Source


def _never(head: bytes) -> bool:  # noqa: ARG001 - the signature of a claim
    """Nothing says of itself that it is a log; it is what is left."""
    return False


def _read(source: Source) -> Iterator[pl.DataFrame]:
    from signal_pipeline.parsing.logs.reader import read_log

    return read_log(source.stream, redactor=source.redactor, limits=source.limits, notes=source.notes)


LOG = SignalKind(
    name="log",
    role=RECORD,
    unit="line",
    claims=_never,
    read=_read,
    sample=b"2024-03-01 10:00:00,000 ERROR shop.checkout payment refused\n",
)
