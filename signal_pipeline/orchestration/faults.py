"""What went wrong with a report, told apart by the exception's type: transient or permanent, and in which words.

Exception texts are never passed on unless they are ours: others quote the values they choke on, and Dagster would copy
them into its event log.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from pathlib import Path

import dagster as dg

from signal_pipeline.errors import SignalPipelineError, TransientError


@dataclass(frozen=True)
class Fault:
    """`reason` is a short closed word, `detail` says where or what; neither holds text of an input."""

    reason: str
    detail: str
    transient: bool

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail}"


def fault_of(error: BaseException) -> Fault:
    if isinstance(error, dg.Failure):
        return Fault("failed", error.description or "no reason given", transient=False)
    if isinstance(error, SignalPipelineError):
        return Fault(type(error).__name__, str(error), isinstance(error, TransientError))
    # A full disk or a lack of memory may be over at the next attempt; a mistake in the code will not.
    where = f"{type(error).__name__} at {_place_of(error)}"
    return Fault("internal_error", where, isinstance(error, OSError | MemoryError))


def _place_of(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "signal_pipeline" in frame.filename] or frames
    return " < ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed(ours[-4:])) or "unknown place"
