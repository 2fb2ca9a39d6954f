"""Text of an input as a terminal may be given it: nothing in it moves the cursor, changes colours or turns the line."""

from __future__ import annotations

import unicodedata

_UNPRINTABLE = ("Cc", "Cf", "Cs", "Zl", "Zp")


def printable(text: str, *, lines: bool = False) -> str:
    """One line, without control and direction characters; with `lines`, line ends and tabs stay."""
    kept = "\n\t" if lines else ""
    return "".join(
        c if c in kept else " " if c in "\r\n\t" else "\ufffd" if unicodedata.category(c) in _UNPRINTABLE else c
        for c in text
    )
