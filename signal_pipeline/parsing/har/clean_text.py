"""Text of an untrusted file made storable: no lone surrogates, no NULs, no escape sequences, bounded.

Secrets are not looked for here; that is the redactor's work.
"""

from __future__ import annotations

import math
import re
from typing import Any

_REPLACEMENT = "\ufffd"
# Colours, cursor moves, titles, clipboard writes, links: each alternative runs to a character it cannot hold.
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -~])?")
_CONTROLS = {code: None for code in (*range(0x20), *range(0x7F, 0xA0)) if code not in (0x09, 0x0A)}
_CONTROLS[0] = _REPLACEMENT  # type: ignore[assignment]
_SUSPECT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def cleaned(text: str) -> tuple[str, bool]:
    """`text` without escape sequences, control characters and lone surrogates; NUL becomes U+FFFD.

    True when a NUL was there.
    """
    if not _SUSPECT.search(text):
        return text, False
    text, _ = _joined(text)
    had_nul = "\x00" in text
    if "\x1b" in text:
        text = _ESCAPES.sub("", text)
    return text.translate(_CONTROLS), had_nul


def decode_lossy(raw: bytes) -> tuple[str, bool]:
    """UTF-8 bytes as text with U+FFFD for what is not; True when something was replaced."""
    try:
        return raw.decode(), False
    except UnicodeDecodeError:
        return raw.decode("utf-8", "replace"), True


def repaired(value: Any) -> tuple[Any, bool]:
    """A JSON value that every encoder accepts: surrogates joined or replaced, NaN and infinity null.

    True when something was changed. Recurses as deep as the value, which must be bounded by the caller.
    """
    match value:
        case str():
            return _joined(value)
        case float() if not math.isfinite(value):
            return None, True
        case list():
            items = [repaired(item) for item in value]
            return [item for item, _ in items], any(changed for _, changed in items)
        case dict():
            pairs = [(_joined(key), repaired(item)) for key, item in value.items()]
            return {k[0]: v[0] for k, v in pairs}, any(k[1] or v[1] for k, v in pairs)
    return value, False


def _joined(text: str) -> tuple[str, bool]:
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"), True
    return text, False
