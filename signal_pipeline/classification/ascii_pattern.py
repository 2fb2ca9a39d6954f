"""Patterns that mean ASCII letters, digits and blanks. Only the translation; the patterns are in the tables.

The Unicode forms of the word classes and of the word boundary make the regex engine compile automata of hundreds of
ranges, and polars compiles on every call: a small report spent 100 ms on that, twenty times its matching.
"""

from __future__ import annotations

import functools
import re

_OUTSIDE = {
    "w": "[0-9A-Za-z_]",
    "W": "[^0-9A-Za-z_]",
    "s": "[ \\t\\n\\r\\f\\v]",
    "S": "[^ \\t\\n\\r\\f\\v]",
    "d": "[0-9]",
    "b": "(?-u:\\b)",
}
_INSIDE = {"w": "0-9A-Za-z_", "s": " \\t\\n\\r\\f\\v", "d": "0-9"}
_PIECE = re.compile(r"\(\?-u:\\b\)|\\.|\[|\]|[^\\\[\](]+|\(", re.DOTALL)


@functools.cache
def ascii_pattern(pattern: str) -> str:
    """`pattern` with \\w \\W \\s \\S \\d \\b as ASCII. Raises ValueError for \\W or \\S inside a class."""
    pieces: list[str] = []
    inside = False
    for piece in _PIECE.findall(pattern):
        plain = piece
        if piece == "[" and not inside:
            inside = True
        elif piece == "]" and inside and pieces[-1] not in ("[", "[^"):
            inside = False
        if piece[0] == "\\" and len(piece) == 2 and piece[1] in _OUTSIDE:
            if inside and piece[1] not in _INSIDE:
                raise ValueError(f"{piece} has no ASCII form inside a character class: {pattern}")
            plain = (_INSIDE if inside else _OUTSIDE)[piece[1]]
        pieces.append(plain)
    return "".join(pieces)
