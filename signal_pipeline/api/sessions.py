"""Sessions of people: whoever showed a token once need not show it with every page.

The cookie is a signed number; what it stands for is kept here, so that the server can end it. What does not belong
here: cookies as HTTP knows them.
"""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from itsdangerous import BadData

from signal_pipeline.api.identity import Identity
from signal_pipeline.api.signing import signer
from signal_pipeline.api.token_file import hash_of
from signal_pipeline.api.tokens import Tokens

SESSION_SECONDS = 12 * 3600
MAX_SESSIONS = 10_000
MAX_COOKIE_CHARS = 512


@dataclass(frozen=True)
class _Session:
    token_hash: str
    identity: Identity
    until: float


class Sessions:
    """A session ends with its time, with logout, with its token (removed or replaced) and with this process: what was
    ended must not come back, and only this process knows of it.
    """

    def __init__(self, secret: bytes, tokens: Tokens) -> None:
        self._cookies, self._forms = signer(secret, "session"), signer(secret, "form")
        self._tokens = tokens
        self._open: OrderedDict[str, _Session] = OrderedDict()
        self._lock = Lock()

    def begin(self, token: str, *, now: float | None = None) -> str | None:
        """The cookie's value; None when the token is not known."""
        shown = hash_of(token)
        identity = self._tokens.identity_of_hash(shown)
        if identity is None:
            return None
        number = secrets.token_urlsafe(16)
        until = (time.time() if now is None else now) + SESSION_SECONDS
        with self._lock:
            self._open[number] = _Session(shown, identity, until)
            if len(self._open) > MAX_SESSIONS:
                self._open.popitem(last=False)
        return str(self._cookies.dumps(number))

    def identity(self, cookie: str, *, now: float | None = None) -> Identity | None:
        number = self._number(cookie)
        with self._lock:
            session = self._open.get(number)
        if session is None:
            return None
        is_over = (time.time() if now is None else now) > session.until
        # The very same Identity: one that was removed and added again is equal, and not the same.
        if is_over or self._tokens.identity_of_hash(session.token_hash) is not session.identity:
            self.end(cookie)
            return None
        return session.identity

    def end(self, cookie: str) -> None:
        with self._lock:
            self._open.pop(self._number(cookie), None)

    def form_key(self, identity: Identity) -> str:
        """What a form of ours carries, so that no other site's form is taken for it."""
        return str(self._forms.dumps([identity.name, identity.scope.name]))

    def is_form_key(self, key: str, identity: Identity) -> bool:
        try:
            return bool(self._forms.loads(key) == [identity.name, identity.scope.name])
        except BadData:
            return False

    def _number(self, cookie: str) -> str:
        """Empty, which no session has, for what we did not sign."""
        try:
            return str(self._cookies.loads(cookie)) if len(cookie) <= MAX_COOKIE_CHARS else ""
        except BadData:
            return ""
