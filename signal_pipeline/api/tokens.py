"""Who may do what: tokens with a name and a scope, kept as hashes in a file that may change while the API runs.

A line of the file is `name scope sha256-of-the-token`. What does not belong here: HTTP.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import threading
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from signal_pipeline.errors import SettingsInvalid
from signal_pipeline.settings import Settings

_LINE = re.compile(r"([A-Za-z0-9_.-]{1,64}) (read|submit|admin) ([0-9a-f]{64})")
_PREFIX = "spt_"


class Scope(IntEnum):
    """Each scope may do what the ones before it may."""

    READ = 1
    SUBMIT = 2
    ADMIN = 3


@dataclass(frozen=True)
class Identity:
    """Who asks. The name is written into logs and histories."""

    name: str
    scope: Scope


ADMINISTRATOR = Identity("admin", Scope.ADMIN)
ANYBODY = Identity("loopback", Scope.ADMIN)
"""Whoever asks where no tokens are set: that is allowed on loopback alone."""


def new_token() -> str:
    return _PREFIX + secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """Tokens are long and random, so a plain hash cannot be guessed back."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class Tokens:
    """The tokens of the settings: one for the administrator, and a file with more."""

    def __init__(self, settings: Settings) -> None:
        self._file = settings.api_tokens_file
        self._admin = None if settings.api_admin_token is None else hash_of(settings.api_admin_token.get_secret_value())
        self._read_at: float | None = None
        self._by_hash: dict[str, Identity] = {}
        self._lock = threading.Lock()

    @property
    def required(self) -> bool:
        """Whether a token must be shown at all."""
        return self._admin is not None or bool(self._known())

    def identity(self, token: str) -> Identity | None:
        found: Identity | None = None
        shown = hash_of(token)
        if self._admin is not None and hmac.compare_digest(shown, self._admin):
            found = ADMINISTRATOR
        # All of them, so that the time does not tell which came close.
        for known, identity in self._known().items():
            if hmac.compare_digest(shown, known):
                found = identity
        return found

    def still_has(self, identity: Identity) -> bool:
        """Whether somebody of this name and scope may still come in."""
        return identity in self._known().values() or (self._admin is not None and identity == ADMINISTRATOR)

    def _known(self) -> dict[str, Identity]:
        """Read again when the file has changed; a file that cannot be read keeps what was read before."""
        if self._file is None:
            return {}
        with self._lock:
            try:
                changed_at = self._file.stat().st_mtime
            except OSError:
                return self._by_hash
            if changed_at != self._read_at:
                self._by_hash, self._read_at = read_tokens(self._file), changed_at
            return self._by_hash


def read_tokens(path: Path) -> dict[str, Identity]:
    """Identity by hash. SettingsInvalid names the line that cannot be read, and nothing of what it holds."""
    found = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise SettingsInvalid(
                f"{path}, line {number}: not `name scope sha256`; write it with `signal-pipeline tokens`"
            )
        found[match[3]] = Identity(match[1], Scope[match[2].upper()])
    return found


def write_tokens(path: Path, tokens: dict[str, Identity]) -> None:
    """The whole file anew, readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{identity.name} {identity.scope.name.lower()} {shown}\n" for shown, identity in tokens.items()]
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("# name, scope, SHA-256 of the token; see `signal-pipeline tokens --help`\n" + "".join(lines))
    unfinished.replace(path)
