"""One event from its bytes. What other decoders take is taken: lone surrogates, numbers without end; of a key that is
there twice the last one counts.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec
import numpy as np

from signal_pipeline.parsing.har.clean_text import repaired
from signal_pipeline.parsing.json_depth import exceeds_depth


def decoded(raw: bytes, max_depth: int) -> dict[str, Any] | None:
    """The object, in which every text and number can be stored; None for what is not one, or nests deeper."""
    opened = raw.count(b"{") + raw.count(b"[")
    if opened > max_depth and _apparent_depth(raw) > max_depth and exceeds_depth(raw, max_depth):
        return None
    try:
        found = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        try:
            found, _ = repaired(json.loads(raw.decode("utf-8", "replace"), parse_int=_whole_number))
        except (ValueError, RecursionError):
            return None
    return found if isinstance(found, dict) else None


MAX_DIGITS = 4_000


def _whole_number(text: str) -> int | None:
    """Of a number with more digits nothing is left but that it was there: Python reads no more than 4,300."""
    return int(text) if len(text) <= MAX_DIGITS else None


_BRACKETS = b"{}[]"
_OTHERS = bytes(code for code in range(256) if code not in _BRACKETS)
_STEPS = np.zeros(256, np.int8)
_STEPS[list(b"{[")], _STEPS[list(b"}]")] = 1, -1


def _apparent_depth(raw: bytes) -> int:
    """The depth as if no bracket were in a string: a sixth of the time of the exact one. Closing brackets in strings
    can hide depth from it, and then the decoder refuses what is deeper than about a thousand."""
    brackets = raw.translate(None, _OTHERS)
    return int(_STEPS[np.frombuffer(brackets, np.uint8)].cumsum(dtype=np.int32).max()) if brackets else 0
