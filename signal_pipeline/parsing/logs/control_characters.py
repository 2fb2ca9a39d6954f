"""What a terminal would obey and a reader never sees: escape sequences, NULs and other control characters
go.
"""

from __future__ import annotations

import numpy as np
import polars as pl

_SEQUENCES = (
    r"\x1b\[[0-?]*[ -/]*[@-~]?"  # CSI: colours, cursor moves
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # OSC: window title, links, clipboard
    r"|\x1b[PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?"  # device control and other strings
    r"|\x1b[ -/]*[0-~]?"
    r"|\x{9b}[0-?]*[ -/]*[@-~]?"
)
_CONTROLS = r"[\x00-\x08\x0b-\x1f\x7f\x{80}-\x{9f}]"
PATTERN = rf"{_SEQUENCES}|{_CONTROLS}"
_FIXED_BLANKS = r"[\x{a0}\x{2007}\x{202f}]"
"""Blanks that may not be broken at: AWS indents Python's traces with them, and French numbers are grouped by them."""
_PRESENT = r"[\x00-\x08\x0b-\x1f\x7f\x{80}-\x{9f}]"


def holds_controls(data: bytes) -> bool:
    """Whether UTF-8 `data` may hold something that `strip_controls` takes away (line ends apart)."""
    units = np.frombuffer(data, np.uint8)
    low = int(np.count_nonzero(units < 32))
    if low != sum(int(np.count_nonzero(units == kept)) for kept in b"\n\t\r") or b"\x7f" in data:
        return True
    # The second half of the control characters is written as C2 80 to C2 9F.
    return b"\xc2" in data or b"\xe2\x80" in data


def strip_controls(text: pl.Series) -> pl.Series:
    """`text` without escape sequences and control characters; tabs and newlines stay, odd blanks become plain ones."""
    if text.str.contains(_FIXED_BLANKS).any():
        text = text.str.replace_all(_FIXED_BLANKS, " ")
    if not text.str.contains(_PRESENT).any():
        return text
    return text.str.replace_all(PATTERN, "")
