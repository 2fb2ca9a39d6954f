"""Reading from Python: one file in, one frame of entries out. All else of this package is imported by its path."""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

__all__ = ["parse_har", "parse_log"]


def parse_har(path: str | PathLike[str]) -> pl.DataFrame:
    """All entries of a HAR file as `schemas.ENTRIES`, redacted and classified. SignalRejected when it is refused."""
    return _parse(path, "har")


def parse_log(path: str | PathLike[str]) -> pl.DataFrame:
    """All records of a log file as `schemas.ENTRIES`, redacted and classified. SignalRejected when it is refused."""
    return _parse(path, "log")


def _parse(path: str | PathLike[str], kind: str) -> pl.DataFrame:
    from pathlib import Path

    import polars as pl

    from signal_pipeline.classification.classify import classify_entries
    from signal_pipeline.classification.generalise import generalise_templates
    from signal_pipeline.errors import RejectionCode, SignalRejected
    from signal_pipeline.parsing.signal_reader import read_signal
    from signal_pipeline.redaction.redactor import local_redactor
    from signal_pipeline.schemas import ENTRIES

    reading = read_signal(Path(path), redactor=local_redactor(), kind=kind)
    frames = [classify_entries(frame) for frame in reading]
    if reading.outcome.status == "failed":
        raise SignalRejected(RejectionCode(reading.outcome.reasons[0]))
    return generalise_templates(pl.concat(frames)) if frames else ENTRIES.empty()
