"""Objects inside others: as they are, or as JSON in a text, plainly or in base64."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from signal_pipeline.parsing.events.decoding import decoded
from signal_pipeline.parsing.events.envelope import Object, value_at

MAX_CARRIED_CHARS = 1024 * 1024
MAX_CARRIED_DEPTH = 64
_BASE64 = re.compile(r"[A-Za-z0-9+/_\-]+={0,2}")


def object_at(whole: Object, paths: tuple[str, ...]) -> dict[str, Any] | None:
    """The first object that one of these leads to: as it is, or as JSON in a text, plainly or in base64."""
    for path in paths:
        value = value_at(whole, path)
        if isinstance(value, str) and 1 < len(value) <= MAX_CARRIED_CHARS:
            value = _opened(value)
        if isinstance(value, dict):
            return value
    return None


def _opened(text: str) -> dict[str, Any] | None:
    if text.lstrip().startswith("{"):
        return decoded(text.encode("utf-8", "surrogatepass"), MAX_CARRIED_DEPTH)
    if not text.startswith(("ey", "ew", "e3", "e1", "e0")) or not _BASE64.fullmatch(text):
        return None  # a bracket in base64 begins with these
    try:
        raw = base64.b64decode(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None
    return decoded(raw, MAX_CARRIED_DEPTH)
