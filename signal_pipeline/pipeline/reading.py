"""Reading one raw file into a frame of redacted entries. In a process of its own: see isolated_reader.py."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import polars as pl

from signal_pipeline.errors import RejectionCode
from signal_pipeline.frame_schema import FrameSchema
from signal_pipeline.limits import Limits
from signal_pipeline.parsing.outcome import SignalOutcome
from signal_pipeline.parsing.signal_reader import SignalReading, read_signal
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline.schemas import PARSED

Frame = TypeVar("Frame")


@dataclass(frozen=True)
class RawFile:
    """A file on this machine, not redacted yet. `name` is redacted; `kind` is what the manifest found."""

    path: Path
    name: str | None
    kind: str
    report_id: str
    signal_id: str


def read_here(
    raw: RawFile,
    target: Path,
    redactor: Redactor,
    limits: Limits,
    keep: Callable[[Iterable[pl.DataFrame], FrameSchema, Path], Frame],
) -> tuple[SignalOutcome, Frame]:
    """The outcome, and the entries as `keep` (frames.hold or frames.spool, for a file at `target`) leaves them; when
    the outcome is `failed` they do not count."""
    reading = read_signal(
        raw.path,
        redactor=redactor,
        limits=limits,
        name=raw.name,
        report_id=raw.report_id,
        signal_id=raw.signal_id,
    )
    clock = _Deadline(reading, limits.max_read_seconds)
    frame = keep(clock, PARSED, target)
    outcome = SignalOutcome.failed(raw.kind, RejectionCode.TIMEOUT) if clock.is_over else reading.outcome
    return outcome, frame


class _Deadline(Iterator[pl.DataFrame]):
    """The frames until the time is over. Engines are linear in their input, so that a single frame is never long."""

    def __init__(self, reading: SignalReading, seconds: float) -> None:
        self._reading = reading
        self._ends = time.monotonic() + seconds
        self.is_over = False

    def __next__(self) -> pl.DataFrame:
        if time.monotonic() > self._ends:
            self.is_over = True
            raise StopIteration
        return next(self._reading)
