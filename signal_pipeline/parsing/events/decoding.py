"""One event from its bytes. What other decoders take is taken: lone surrogates, numbers without end; of a key that is
there twice the last one counts.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec

from signal_pipeline.parsing.har.clean_text import repaired
from signal_pipeline.parsing.json_depth import exceeds_depth


def decoded(raw: bytes, max_depth: int) -> dict[str, Any] | None:
    """The object, in which every text and number can be stored; None for what is not one, or nests deeper."""
    if exceeds_depth(raw, max_depth):
        return None
    try:
        found = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        try:
            found, _ = repaired(json.loads(raw.decode("utf-8", "replace")))
        except (ValueError, RecursionError):
            return None
    return found if isinstance(found, dict) else None
