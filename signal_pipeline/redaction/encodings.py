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
ESCAPE_SIGN = (
    r"%[0-9A-Fa-f]{2}|\\u(?:[0-9A-Fa-f]{4}|\{[0-9A-Fa-f]{1,6}\})|\\x[0-9A-Fa-f]{2}"
    r"|&(?:#[xX]?[0-9A-Fa-f]+|[A-Za-z]{2,8});|=3[Dd]"
)
"""One escaped character, as `unescaped` undoes it."""
_HINT = re.compile(ESCAPE_SIGN)
_OPERATORS = ("+", " . ", "||", "<>")
_JOINED = re.compile(r"([\"']) ?(?:\+|\.|\|\||\+\+|<>) ?\1")
_SPOKEN_AT = re.compile(r"\s?[(\[{<]\s?(?:at|a|arroba|chez|ät)\s?[)\]}>]\s?|\sat\s|\s?@\s?")
_SPOKEN_DOT = re.compile(r"\s?[(\[{<]\s?(?:dot|punkt|point|punto|ponto|d)\s?[)\]}>]\s?|\sdot\s|\s?\.\s?")
_NUMBER = re.compile(r"(?:0x)?([0-9A-Fa-f]+)")
_BINARY = re.compile(r"[01]{8}(?![0-9])")
_WIDE_PAIR = re.compile(r"00([2-7][0-9A-Fa-f])|([2-7][0-9A-Fa-f])00")
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def may_be_encoded(text: str) -> bool:
    """Some escape sequence is in the text."""
    if any(sign in text for sign in _OPERATORS) and _JOINED.search(text) is not None:
        return True
    return ("%" in text or "\\" in text or "&" in text or "=3" in text) and _HINT.search(text) is not None


def _unescape(match: re.Match[str]) -> str:
    code = int(match[1] or match[2] or match[3], 16)
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "\ufffd"


def unescaped(text: str) -> str:
    """Percent, `\\u`, `\\x`, HTML and quoted-printable `=3D` escapes undone once, literals joined by an operator made
    one; control characters become spaces."""
    if "%" in text:
        text = unquote(text, errors="replace")
    if "\\" in text:
        text = _ESCAPE.sub(_unescape, text)
    if "&" in text:
        text = html.unescape(text)
    if "=3" in text:
        text = text.replace("=3D", "=").replace("=3d", "=")
    if any(sign in text for sign in _OPERATORS):
        text = _JOINED.sub("", text)
    return _CONTROL.sub(" ", text)


def from_base64(run: str) -> str | None:
    """The text encoded in a base64 run (also url-safe, unpadded, gzipped or deflated); None when it holds no text."""
    body = run.rstrip("=").replace("-", "+").replace("_", "/")[: MAX_DECODED * 4 // 3]
    body = body[: len(body) - 1] if len(body) % 4 == 1 else body
    try:
        raw = base64.b64decode(body + "=" * (-len(body) % 4))
    except (binascii.Error, ValueError):
        return None
    return _readable(raw)


def from_hex(run: str) -> str | None:
    """The text encoded in hexadecimal digits; None when they hold no text."""
    try:
        return _readable(bytes.fromhex(run[: len(run) // 2 * 2][: MAX_DECODED * 2]))
    except ValueError:
        return None


def from_numbers(run: str) -> str | None:
    """The text encoded in a list of the numbers of its bytes, in hexadecimal, decimal or binary digits."""
    base = 16 if "x" in run else 2 if _BINARY.match(run) else 10
    return _readable(bytes(int(number, base) for number in _NUMBER.findall(run)[:MAX_DECODED]))


def from_wide_hex(run: str) -> str | None:
    """The text encoded in hexadecimal digits of UTF-16, of either order of bytes."""
    return from_hex(_WIDE_PAIR.sub(r"\1\2", run))


def from_base85(run: str) -> str | None:
    """The text encoded in a run of base85, of Git's alphabet or Adobe's; None unless all of it is readable in ASCII."""
    body = run.removeprefix("<~").removesuffix("~>")[: MAX_DECODED * 5 // 4]
    for decode in (base64.b85decode, base64.a85decode):
        try:
            raw = decode(body)
        except ValueError:
            continue
        if raw.isascii() and raw.decode().isprintable():
            return raw.decode()
    return None


def from_base32(run: str) -> str | None:
    """The text encoded in a run of base32, padded or not; None when it holds no text."""
    body = run.rstrip("=")[: MAX_DECODED * 8 // 5]
    body = body[: len(body) - (1 if len(body) % 8 in (1, 3, 6) else 0)]
    try:
        return _readable(base64.b32decode(body + "=" * (-len(body) % 8)))
    except (binascii.Error, ValueError):
        return None


def canonical(value: str) -> str:
    """The value without its encodings, so that equal values are equal however they were written: escapes undone twice,
    `(at)` and `(dot)` as signs, no spaces around them, small letters.
    """
    for _ in range(3):
        if not may_be_encoded(value):
            break
        value = unescaped(value)
    return _SPOKEN_DOT.sub(".", _SPOKEN_AT.sub("@", value.lower())).strip()


def _readable(raw: bytes) -> str | None:
    if raw[:2] == b"\x1f\x8b" or raw[:1] == b"\x78":
        raw = _inflated(raw)
    wide = len(raw) >= 8 and raw[1::2].count(0) > 0.4 * len(raw)
    text = raw.decode("utf-16-le" if wide else "utf-8", "replace")
    return text if text and len(_UNREADABLE.findall(text)) <= 0.15 * len(text) else None


def _inflated(raw: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=47).decompress(raw, MAX_DECODED)
    except zlib.error:
        return raw
