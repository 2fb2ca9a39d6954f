"""Which token is whose: the administrator's from the settings, and those of a file.

Access fails closed: whether a token must be shown is decided once, when this is made, and no change of the file takes
it back. What does not belong here: HTTP, and the file's form (`token_file.py`).
"""

from __future__ import annotations

import hmac
import ipaddress

from signal_pipeline.api.identity import ADMINISTRATOR, Identity
from signal_pipeline.api.token_file import TokenFile, hash_of
from signal_pipeline.settings import Settings


class Tokens:
    """Whether one is required, and whose it is. A hash stands for its token, so that sessions can be bound to it."""

    def __init__(self, settings: Settings) -> None:
        secret = settings.api_admin_token
        self._admin = None if secret is None else hash_of(secret.get_secret_value())
        self._file = None if settings.api_tokens_file is None else TokenFile(settings.api_tokens_file)
        self.are_set = self._admin is not None or self._file is not None
        self.required = self.are_set or not is_loopback(settings.api_host)

    def identity(self, token: str) -> Identity | None:
        return self.identity_of_hash(hash_of(token))

    def identity_of_hash(self, shown: str) -> Identity | None:
        """None for one that was removed or replaced. What the time tells of a hash leads to no token."""
        if self._admin is not None and hmac.compare_digest(shown, self._admin):
            return ADMINISTRATOR
        return None if self._file is None else self._file.rows().get(shown)

    def finding(self) -> str | None:
        """What is wrong with the file, or None."""
        return None if self._file is None else self._file.finding()


def is_loopback(host: str) -> bool:
    """Whether nobody but this machine can reach an API that listens there."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
