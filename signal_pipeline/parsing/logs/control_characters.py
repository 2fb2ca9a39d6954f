"""What a terminal would obey and a reader never sees: escape sequences, NULs and other control characters
go.
"""

from __future__ import annotations

import numpy as np
import polars as pl

_SEQUENCES = (
    r"\x1b\[[0-?]*[ -/]*[@-~]?"  # CSI: colours, cursor moves
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # OSC: window title, links, clipboard
    r"|\x1b[PX^_][^\x1b]*(?:\x1b\\)?"  # device control and other strings
    r"|\x1b[ -/]*[0-~]?"
    r"|\x{9b}[0-?]*[ -/]*[@-~]?"
)
_CONTROLS = r"[\x00-\x08\x0b-\x1f\x7f\x{80}-\x{9f}]"
PATTERN = rf"{_SEQUENCES}|{_CONTROLS}"
_PRESENT = r"[\x00-\x08\x0b-\x1f\x7f\x{80}-\x{9f}]"


def holds_controls(data: bytes) -> bool:
    """Whether UTF-8 `data` may hold something that `strip_controls` takes away (line ends apart)."""
    units = np.frombuffer(data, np.uint8)
    low = int(np.count_nonzero(units < 32))
    if low != sum(int(np.count_nonzero(units == kept)) for kept in b"\n\t\r") or b"\x7f" in data:
        return True
    return b"\xc2" in data  # the second half of the control characters is written as C2 80 to C2 9F


def strip_controls(text: pl.Series) -> pl.Series:
    """`text` without escape sequences and control characters; tabs and newlines stay."""
    if not text.str.contains(_PRESENT).any():
        return text
    return text.str.replace_all(PATTERN, "")
