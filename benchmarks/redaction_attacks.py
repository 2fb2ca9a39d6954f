"""Texts that make careless patterns slow. Each builder gives about `size` characters."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable

Build = Callable[[int], str]


def _repeated(piece: str, before: str = "", after: str = "") -> Build:
    return lambda size: before + piece * (size // len(piece)) + after


def _random(alphabet: str) -> Build:
    return lambda size: "".join(random.Random(7).choices(alphabet, k=size))


def _layers(size: int) -> str:
    text = "password=hunter2 "
    while len(text) < size // 2:
        text = base64.b64encode(text.encode()).decode() * 2
    return text[:size]


def attacks() -> dict[str, Build]:
    """Name to builder."""
    return {
        "one letter": _repeated("x"),
        "spaces": _repeated(" "),
        "digits": _repeated("4111"),
        "mail starts": _repeated("a-", before="a@"),
        "at signs": _repeated("a@"),
        "exclamations": _repeated("a!"),
        "slashes": _repeated("//a"),
        "url starts": _repeated("http://a:b"),
        "url credentials": _repeated("http://a:b@"),
        "jwt starts": _repeated("eyJa-"),
        "jwt dots": _repeated("eyJhbGciOi."),
        "open key blocks": _repeated("-----BEGIN PRIVATE KEY-----\n"),
        "closed key blocks": _repeated("-----END PRIVATE KEY-----\n"),
        "key block, no end": _repeated("QUJDRA==\n", before="-----BEGIN RSA PRIVATE KEY-----\n"),
        "names": _repeated("password"),
        "names and separators": _repeated("password= "),
        "names, open quotes": _repeated('"token":"'),
        "name value pairs": _repeated('{"name":"token","value":'),
        "escaped quotes": _repeated('\\"secret\\":\\"'),
        "backslashes": _repeated("\\", before='"password":"'),
        "dashes": _repeated("-"),
        "percent": _repeated("%25"),
        "percent of percent": _repeated("%2525"),
        "entities": _repeated("&#x26;"),
        "unicode escapes": _repeated("\\u005c"),
        "xml tags": _repeated("<password "),
        "colons": _repeated("1:"),
        "dots": _repeated("1."),
        "phone starts": _repeated("+1 (2"),
        "cookies": _repeated("Cookie: a=b; "),
        "headers, one line": _repeated("X-Auth-Token: x\\r\\n"),
        "query": _repeated("?a=b&"),
        "base64 letters": _random("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"),
        "hex words": _random("0123456789abcdef "),
        "printable": _random("".join(map(chr, range(32, 127)))),
        "full width": _repeated("ｐａｓｓ＝"),
        "zero width": _repeated("p\u200b"),
        "escapes": _repeated("\x1b["),
        "base64 layers": _layers,
        "multipart": _repeated('form-data; name="token"\r\n'),
        "mysql": _repeated("mysql -u a "),
    }
