"""Signed cookies for people: whoever showed a token once need not show it with every page."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time

from signal_pipeline.api.tokens import Identity, Scope, Tokens

SESSION_SECONDS = 12 * 3600
_SIGNATURE_BYTES = 24


class Sessions:
    """Stateless. A session ends with its time or with the secret; a token that is taken away ends its sessions too."""

    def __init__(self, secret: bytes, tokens: Tokens) -> None:
        self._key = hmac.digest(secret, b"signal_pipeline api sessions", hashlib.sha256)
        self._tokens = tokens

    def begin(self, token: str, *, now: float | None = None) -> str | None:
        """The cookie's value; None when the token is not known."""
        identity = self._tokens.identity(token)
        if identity is None:
            return None
        until = int((time.time() if now is None else now) + SESSION_SECONDS)
        body = f"{identity.name}|{identity.scope.name}|{until}".encode()
        return base64.urlsafe_b64encode(self._signature(body) + body).decode().rstrip("=")

    def identity(self, cookie: str, *, now: float | None = None) -> Identity | None:
        try:
            raw = base64.urlsafe_b64decode(cookie + "=" * (-len(cookie) % 4))
        except ValueError:
            return None
        signature, body = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, self._signature(body)):
            return None
        name, scope, until = body.decode().split("|")
        if (time.time() if now is None else now) > int(until):
            return None
        found = Identity(name, Scope[scope])
        return found if self._tokens.still_has(found) else None

    def form_key(self, identity: Identity) -> str:
        """What a form of ours carries, so that no other site's form is taken for it."""
        return self._signature(f"form {identity.name}".encode()).hex()

    def _signature(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, hashlib.sha256)[:_SIGNATURE_BYTES]
