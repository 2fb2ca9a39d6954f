"""Cuts JSON strings that are longer than anything this product looks at, while they stream past.

A recorded body can be hundreds of megabytes in one string; only its head is ever read.
"""

from __future__ import annotations

from signal_pipeline.limits import MIB
from signal_pipeline.parsing.json_depth import BracketBlock

MAX_STRING_BYTES = MIB
_LONGEST_ESCAPE = 6  # \uXXXX
_ROOM = 16  # an escape or a UTF-8 sequence begun in the block before has ended by then


class LongStringCutter:
    """Tells for each block which of its bytes belong to the part of a string that is beyond the limit."""

    def __init__(self) -> None:
        self._opened_at = 0
        self._cutting = False

    def drop(
        self, block: bytes, brackets: BracketBlock, base: int, began_inside: bool, ends_inside: bool
    ) -> tuple[int, int]:
        """Offsets (start, end) to leave out of `block`, which starts at `base`; start == end is nothing.

        Only a string that was open when the block began can be too long, so blocks must be shorter than
        MAX_STRING_BYTES.
        """
        start, end = 0, 0
        if began_inside:
            end = brackets.first_quote
            if not self._cutting:
                start = _safe_cut(block, end, self._opened_at + MAX_STRING_BYTES - base)
        if ends_inside and not (began_inside and end == len(block)):
            self._opened_at = base + brackets.last_quote
            self._cutting = False
        elif ends_inside:
            self._cutting = self._cutting or start < end
        else:
            self._cutting = False
        return start, end


def _safe_cut(block: bytes, end: int, wanted: int) -> int:
    """An offset in `block` at or after which all up to `end` can go without breaking an escape or a character."""
    cut = max(wanted, _ROOM)
    if cut >= end:
        return end
    slash = block.rfind(b"\\", cut - _LONGEST_ESCAPE, cut)
    if slash >= 0:
        run = len(block[: slash + 1]) - len(block[: slash + 1].rstrip(b"\\"))
        cut = slash if run % 2 else cut
    while cut > 0 and 0x80 <= block[cut] < 0xC0:
        cut -= 1
    return cut
