"""Undoes one level of the encodings in which secrets hide. Bounded; never raises on bad input.

Nothing is masked here: the scanner looks at what these functions return.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
import zlib
from urllib.parse import unquote

MAX_DECODED = 64 * 1024
_ESCAPE = re.compile(r"\\{1,4}(?:u([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]{1,6})\}|x([0-9A-Fa-f]{2}))")
_HINT = re.compile(
    r"%[0-9A-Fa-f]{2}|\\u\{?[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|&(?:#[xX]?[0-9A-Fa-f]+|[A-Za-z]{2,8});|=3[Dd]"
)
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def may_be_encoded(text: str) -> bool:
    """Some escape sequence stands in the text."""
    return ("%" in text or "\\" in text or "&" in text or "=3" in text) and _HINT.search(text) is not None


def _unescape(match: re.Match[str]) -> str:
    code = int(match[1] or match[2] or match[3], 16)
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "\ufffd"


def unescaped(text: str) -> str:
    """Percent, `\\u`, `\\x`, HTML and quoted-printable `=3D` escapes undone once; control characters become spaces."""
    if "%" in text:
        text = unquote(text, errors="replace")
    if "\\" in text:
        text = _ESCAPE.sub(_unescape, text)
    if "&" in text:
        text = html.unescape(text)
    if "=3" in text:
        text = text.replace("=3D", "=").replace("=3d", "=")
    return _CONTROL.sub(" ", text)


def from_base64(run: str) -> str | None:
    """The text behind a base64 run (also url-safe, unpadded, gzipped or deflated); None when it holds no text."""
    body = run.rstrip("=").replace("-", "+").replace("_", "/")[: MAX_DECODED * 4 // 3]
    body = body[: len(body) - 1] if len(body) % 4 == 1 else body
    try:
        raw = base64.b64decode(body + "=" * (-len(body) % 4))
    except (binascii.Error, ValueError):
        return None
    if raw[:2] == b"\x1f\x8b" or raw[:1] == b"\x78":
        raw = _inflated(raw)
    text = raw.decode("utf-8", "replace")
    return text if text and len(_UNREADABLE.findall(text)) <= 0.15 * len(text) else None


def _inflated(raw: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=47).decompress(raw, MAX_DECODED)
    except zlib.error:
        return raw
