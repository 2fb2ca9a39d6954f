"""Cursors of long lists: opaque, signed, and only good for the list that gave them out."""

from __future__ import annotations

from typing import Any

from itsdangerous import BadData

from signal_pipeline.api.problems import Problem
from signal_pipeline.api.signing import signer

MAX_CHARS = 512


class Cursors:
    """`secret` makes a cursor worthless elsewhere."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def make(self, kind: str, position: dict[str, Any]) -> str:
        return str(signer(self._secret, f"cursor {kind}").dumps(position))

    def read(self, kind: str, cursor: str) -> dict[str, Any]:
        """The position; Problem 422 for one that was not given out for this list."""
        try:
            if len(cursor) > MAX_CHARS:
                raise BadData("too long")
            position: dict[str, Any] = signer(self._secret, f"cursor {kind}").loads(cursor)
        except BadData:
            raise Problem(422, "bad_cursor", "this cursor belongs to another list; start without one") from None
        return position
