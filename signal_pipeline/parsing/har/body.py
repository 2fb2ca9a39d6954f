"""The body of a failed request as text: out of JSON, base64 and one compression, all bounded.

What the text says is read elsewhere; bodies of requests that went well do not come here unless they hint at
an error.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from dataclasses import dataclass

import msgspec

from signal_pipeline.parsing.har.clean_text import repaired
from signal_pipeline.parsing.har.entry import Content

_TEXT_MIME = re.compile(r"(?i)text/|json|xml|html|urlencoded|javascript|problem|^$")
_MAX_CONTROL_SHARE = 0.02
_URLSAFE = str.maketrans("-_", "+/")


@dataclass(frozen=True)
class Body:
    """`text` is None when there is none or it cannot be read; `dropped` in the latter case."""

    text: str | None = None
    dropped: bool = False
    capped: bool = False


def body_text(content: Content, limit: int) -> Body:
    """At most `limit` characters of the body. Decodes base64 once and one compression once."""
    raw = bytes(content.text)
    if raw[:1] != b'"':
        # Some producers put a parsed JSON body there: its JSON is the text.
        return Body(raw[:limit].decode("utf-8", "replace") if raw[:1] in (b"{", b"[") else None)
    text = _json_string(raw)
    if not isinstance(content.encoding, str) or content.encoding.strip().lower() != "base64":
        return _readable(text, limit, len(text) > limit)
    mime = content.mime_type if isinstance(content.mime_type, str) else ""
    if not _TEXT_MIME.search(mime[:200]):
        return Body()
    if text.startswith('["'):
        return _from_chunks(text, limit)
    return _from_base64(text, limit)


def _json_string(raw: bytes) -> str:
    try:
        return msgspec.json.decode(raw, type=str)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        import json

        text, _ = repaired(json.loads(raw.decode("utf-8", "replace"), strict=False))
        return str(text)


def _from_chunks(text: str, limit: int) -> Body:
    """Polly keeps a compressed body as a list of chunks, each in base64 by itself."""
    try:
        chunks = msgspec.json.decode(text.encode("utf-8", "replace"), type=list[str])
        whole = b"".join(base64.b64decode(chunk) for chunk in chunks)
    except (msgspec.MsgspecError, binascii.Error, ValueError):
        return Body(dropped=True)
    return _from_base64(base64.b64encode(whole).decode(), limit)


def _from_base64(text: str, limit: int) -> Body:
    wanted = (limit // 3 + 1) * 4
    letters = "".join(text[: wanted + wanted // 16].split()).rstrip("=").translate(_URLSAFE)[:wanted]
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    try:
        data = base64.b64decode(letters + "=" * (-len(letters) % 4), validate=True)
        if data[:2] in (b"\x1f\x8b", b"\x78\x9c", b"\x78\x01", b"\x78\xda"):
            data = zlib.decompressobj(47).decompress(data, limit)
    except (binascii.Error, zlib.error, ValueError):
        return Body(dropped=True)
    capped = len(text) > len(letters) + 8 and len(letters) >= wanted
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _readable(data.decode("utf-16", "replace"), limit, capped)
    return _readable(data.decode("utf-8-sig", "replace"), limit, capped)


def _readable(text: str, limit: int, capped: bool) -> Body:
    """The text, unless it is bytes of something else that were taken for text."""
    sample = text[:4096]
    odd = sum(1 for char in sample if char == "\ufffd" or (char < " " and char not in "\t\r\n\x0c\x1b\x00"))
    if odd > len(sample) * _MAX_CONTROL_SHARE + 2:
        return Body(dropped=True)
    return Body(text[:limit], capped=capped)
