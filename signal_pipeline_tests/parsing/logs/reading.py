"""Reads bytes as a log with a redactor that changes nothing, or with the real one, for the tests beside this file."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any, BinaryIO

import polars as pl

from signal_pipeline.limits import DEFAULT_LIMITS, Limits
from signal_pipeline.parsing.logs.reader import read_log
from signal_pipeline.parsing.outcome import OutcomeNotes
from signal_pipeline.redaction.redactor import Redactor


class PassingRedactor(Redactor):
    """Lets every text pass, so that a test sees what the reader read."""

    def __init__(self) -> None:
        super().__init__(b"test")

    def column(self, values: pl.Series) -> pl.Series:
        return values

    def url_column(self, values: pl.Series) -> pl.Series:
        return values


_PASSING = PassingRedactor()


def read(
    data: bytes | BinaryIO, *, redactor: Redactor | None = None, limits: Limits = DEFAULT_LIMITS, **changed: Any
) -> tuple[pl.DataFrame, OutcomeNotes]:
    """All records of `data` in one frame, and the notes. `changed` are limits other than the default."""
    notes = OutcomeNotes(kind="log")
    stream = io.BytesIO(data) if isinstance(data, bytes) else data
    frames = list(read_log(stream, redactor=redactor or _PASSING, limits=replace(limits, **changed), notes=notes))
    return (pl.concat(frames) if frames else pl.DataFrame()), notes


def records(text: str) -> list[dict[str, Any]]:
    """The records of `text`, one dictionary each."""
    return read(text.encode())[0].to_dicts()
