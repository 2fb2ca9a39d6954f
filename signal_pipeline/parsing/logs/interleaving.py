"""Frames that another thread's record interrupted go back to the trace that they are of."""

from __future__ import annotations

import numpy as np
import polars as pl

from signal_pipeline.parsing.logs.levels import QUIET
from signal_pipeline.parsing.logs.lines import Ints
from signal_pipeline.stack_traces.continuation import EXCEPTION_LINE
from signal_pipeline.text_shapes.short_column import ShortColumn

_FRAME = r"^\s+at [^\s]+\("
_SAYS_EXCEPTION = r"Exception|Error|Throwable|[Tt]race|[Dd]ump"


def with_interrupted_frames(heads: pl.DataFrame, text: pl.Series, following: Ints, owner: Ints) -> Ints:
    """`owner` (the number of the head that each of the lines `following` belongs to) with frames right below a quiet
    record without an exception given to the last trace before it: no logger writes bare frames below such a record.
    """
    frames = ShortColumn(text.gather(following)).contain(_FRAME).to_numpy()
    if not frames.any():
        return owner
    at = heads["line"].to_numpy()
    quiet = heads["timed"] & heads["level"].is_in(QUIET).fill_null(False)
    calm = (quiet & ~heads["message"].str.contains(_SAYS_EXCEPTION).fill_null(True)).to_numpy()
    begins = frames & (following == at[owner] + 1) & calm[owner]
    if not begins.any():
        return owner
    owner = owner.copy()
    opens = heads["message"].str.contains(EXCEPTION_LINE).fill_null(False).to_numpy()
    for first in np.flatnonzero(begins).tolist():
        trace = _trace_before(first, frames, owner, opens)
        last = first
        while last < len(following) and frames[last] and owner[last] == owner[first] and trace is not None:
            last += 1
        if trace is not None:
            owner[first:last] = trace
    return owner


def _trace_before(first: int, frames: np.ndarray, owner: Ints, opens: np.ndarray) -> int | None:
    """The head of the trace that the frame with the number `first` goes on with; None when none was interrupted."""
    if first and frames[first - 1]:
        return int(owner[first - 1])
    number = int(owner[first]) - 1
    return number if number >= 0 and opens[number] else None
