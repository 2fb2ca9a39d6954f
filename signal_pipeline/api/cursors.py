"""Cursors of long lists: opaque, signed, and only good for the list that gave them out."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from signal_pipeline.api.problems import Problem

_SIGNATURE_BYTES = 12
MAX_CHARS = 512


class Cursors:
    """`secret` makes a cursor worthless elsewhere; it is derived, so that no secret is kept for this alone."""

    def __init__(self, secret: bytes) -> None:
        self._key = hmac.digest(secret, b"signal_pipeline api cursors", hashlib.sha256)

    def make(self, kind: str, position: dict[str, Any]) -> str:
        body = json.dumps(position, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(self._signature(kind, body) + body).decode().rstrip("=")

    def read(self, kind: str, cursor: str) -> dict[str, Any]:
        """The position; Problem 422 for one that was not given out for this list."""
        try:
            raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except ValueError:
            raise _bad() from None
        signature, body = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
        if len(cursor) > MAX_CHARS or not hmac.compare_digest(signature, self._signature(kind, body)):
            raise _bad()
        position: dict[str, Any] = json.loads(body)
        return position

    def _signature(self, kind: str, body: bytes) -> bytes:
        return hmac.digest(self._key, kind.encode() + b"\0" + body, hashlib.sha256)[:_SIGNATURE_BYTES]


def _bad() -> Problem:
    return Problem(422, "bad_cursor", "this cursor was not given out for this list; begin without one")
