"""Takes away what hides a secret from a pattern: terminal escapes, invisible characters. No masking here.

The patterns are valid for Python, RE2 and Rust regex. Python's own engine may run them on untrusted text:
every part after an escape character is optional, so no attempt fails and none is tried twice.
"""

from __future__ import annotations

import re
import unicodedata

# CSI, OSC (ended by BEL or ST, or unended to the line end), other two-character escapes.
ANSI_PATTERN = (
    r"\x1b\[[0-?]*[ -/]*[@-~]?|\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]?|\x9b[0-?]*[ -/]*[@-~]?"
)
# Soft hyphen, zero-width and directional marks, fillers, variation selectors, tag characters, byte order mark.
_INVISIBLE = (
    *((0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180E)),
    *((0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F)),
    *((0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF9, 0xFFFB), (0xE0000, 0xE0FFF)),
)
INVISIBLE_PATTERN = "[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in _INVISIBLE) + "]"
SEALS_PATTERN = f"[{chr(0xF0000)}-{chr(0xF1FFF)}]"

_SEALS = re.compile(SEALS_PATTERN)
_HIDDEN = re.compile(f"{ANSI_PATTERN}|{INVISIBLE_PATTERN}")


def visible(text: str) -> str:
    """The text without terminal escapes and invisible characters; lone surrogates become `?`."""
    if text.isascii() and "\x1b" not in text:
        return text
    return _HIDDEN.sub("", text.encode("utf-8", "replace").decode())


def compatible(text: str) -> str:
    """The text in compatibility form (NFKC): full-width and styled letters become plain ones."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def without_seals(text: str) -> str:
    """The text without the private-use characters that sealed tokens are made of."""
    return text if text.isascii() else _SEALS.sub("", text)
