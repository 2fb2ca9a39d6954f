"""Where the last record of a block begins, so that blocks can be cut between records."""

from __future__ import annotations

import numpy as np
import polars as pl

from signal_pipeline.parsing.logs.folding import FRAME, OPENS
from signal_pipeline.parsing.logs.read_lines import Plan
from signal_pipeline.parsing.logs.unwrapping import unwrap
from signal_pipeline.stack_traces.continuation import CONTINUATION, EXCEPTION_LINE

_WINDOWS = (64, 2_048, 65_536)


def last_head(text: pl.Series, plan: Plan) -> int:
    """The number of the last line that begins a record; 0 when only the first line can.

    Lines that match a known row of the format table begin one; without such rows every line that does not
    continue another.
    """
    count = text.len()
    for window in (*_WINDOWS, count):
        start = max(1, count - window)
        heads = np.flatnonzero(_heads(text.slice(start), plan))
        if len(heads):
            return start + int(heads[-1])
        if start == 1:
            break
    return 0


def _heads(text: pl.Series, plan: Plan) -> np.ndarray:
    if text.is_empty():
        return np.zeros(0, bool)
    if plan.wrappings:
        text = unwrap(text, plan.wrappings).text
    matched = text.str.starts_with("{") | text.str.starts_with("__CURSOR=")
    in_trace = pl.repeat(False, text.len(), dtype=pl.Boolean(), eager=True)
    for matcher in plan.matchers:
        if matcher.format.kind != "bare":
            fits = text.str.contains(matcher.pattern)
            if fits.any():
                matched = matched | fits
                in_trace = in_trace | (fits & text.str.replace(matcher.pattern, "").str.contains(f"{FRAME}|{OPENS}"))
    # A trace with a header on each line ends after its last frame, with the line of the exception in Python.
    matched = matched & ~in_trace & ~in_trace.shift(1, fill_value=False)
    if not matched.any():
        continues = text.str.contains(CONTINUATION) | text.str.contains(EXCEPTION_LINE)
        matched = text.str.contains(r"^\S") & ~continues & ~continues.shift(1, fill_value=True)
    return matched.to_numpy()
