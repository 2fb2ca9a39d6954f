"""The beginning of a JSON text as a whole one: what was open is closed, what was begun and not finished is left out."""

from __future__ import annotations

import re

# A string without an end runs to the end of the text, or each escaped quote in it would be tried as a beginning.
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[\]{},]', re.DOTALL)
_CLOSING = {b"{": b"}", b"[": b"]"}


def closed(text: bytes) -> bytes:
    """`text` up to its last complete member or item, with the brackets that are open there closed.

    b"null" when nothing in it is complete. Linear: one token after another, none twice.
    """
    open_brackets: list[bytes] = []
    end, open_at_end = 0, b""
    for found in _TOKEN.finditer(text):
        token = found[0]
        if token in _CLOSING:
            open_brackets.append(_CLOSING[token])
        elif token in (b"}", b"]"):
            if not open_brackets:
                break
            open_brackets.pop()
            end = found.end()
        elif token == b"," and open_brackets:
            end = found.start()
        else:
            continue
        if token not in _CLOSING:
            open_at_end = b"".join(reversed(open_brackets))
            if not open_brackets:
                break
    return text[:end] + open_at_end if end else b"null"
