"""The file of tokens: `name scope sha256-of-the-token`, one a line, which may change while the API runs.

`TokenFile` fails closed and never raises: a file that is missing, unreadable or holds no token lets nobody in, and one
with a broken line keeps what was last read without one. What does not belong here: tokens from anywhere else.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import secrets
import stat
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from signal_pipeline.api.identity import Identity, Scope
from signal_pipeline.errors import SettingsInvalid

logger = logging.getLogger(__name__)

MAX_FILE_BYTES = 4 * 1024 * 1024
_LINE = re.compile(r"([A-Za-z0-9_.-]{1,64}) (read|submit|admin) ([0-9a-f]{64})")
_PREFIX = "spt_"
_CLOCK_SECONDS = 2.0
"""A file may be written twice within one tick of its file system's clock: so long after a change it is read again."""
_WRITER_SECONDS = 10.0

Rows = Mapping[str, Identity]
"""Identities by the hash of their token."""


class BrokenLine(SettingsInvalid):
    """A line of the file cannot be read. The text names the line and holds nothing of it."""

    def __init__(self, path: Path, number: int, what: str, *, others_are_good: bool) -> None:
        self.others_are_good = others_are_good
        super().__init__(f"{path}, line {number}: {what}; write it with `signal-pipeline tokens`")


class TokenFile:
    """`rows` is what is in force now; `finding` says what is wrong with the file, or None."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._rows: Rows = {}
        self._finding: str | None = None
        self._version: tuple[int, ...] | None = None
        self._read_at = 0.0
        # At once: what is good at the start is what a broken line leaves in force.
        self.rows()

    def rows(self) -> Rows:
        with self._lock:
            self._read_if_changed()
            return self._rows

    def finding(self) -> str | None:
        with self._lock:
            self._read_if_changed()
            return self._finding

    def _read_if_changed(self) -> None:
        try:
            found = self._path.stat()
            version = (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
            is_settled = self._read_at - max(found.st_mtime, found.st_ctime) > _CLOCK_SECONDS
            if version == self._version and is_settled:
                return
            self._read_at, self._version = time.time(), version
            self._take(read_tokens(self._path))
        except FileNotFoundError:
            self._refuse(f"{self._path} is missing: no token of it is accepted")
        except BrokenLine as broken:
            self._keep_last(broken)
        except (OSError, SettingsInvalid) as error:
            self._refuse(f"{self._path} cannot be read ({type(error).__name__}): no token of it is accepted")

    def _take(self, rows: Rows) -> None:
        """A token that stayed keeps its very Identity; one that was gone and came back has a new one."""
        self._rows = {shown: _same(self._rows.get(shown), found) for shown, found in rows.items()}
        self._note(None if rows else f"{self._path} holds no token: nobody is let in by it")

    def _refuse(self, finding: str) -> None:
        self._rows, self._version = {}, None
        self._note(finding)

    def _keep_last(self, broken: BrokenLine) -> None:
        if not broken.others_are_good:
            self._rows = {}
        kept = f"the {len(self._rows)} tokens read before stay valid" if self._rows else "no token of it is accepted"
        self._note(f"{broken}. Until then {kept}")

    def _note(self, finding: str | None) -> None:
        if finding == self._finding:
            return
        self._finding = finding
        if finding is None:
            logger.info("the tokens in %s are in force", self._path)
        else:
            logger.error("tokens: %s", finding)


def _same(before: Identity | None, now: Identity) -> Identity:
    return before if before is not None and before == now else now


def new_token() -> str:
    return _PREFIX + secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """Tokens are long and random, so a plain hash cannot be guessed back."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def read_tokens(path: Path) -> dict[str, Identity]:
    """Identity by hash. SettingsInvalid for what is not a token file, BrokenLine for one with an unreadable line."""
    # Opening a pipe would wait for whoever writes into it, and the whole API with it.
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise SettingsInvalid(f"{path} is not a regular file: it is not a token file")
        data = file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise SettingsInvalid(f"{path} is longer than {MAX_FILE_BYTES} bytes: it is not a token file")
    found: dict[str, Identity] = {}
    broken: tuple[int, str] | None = None
    # A byte that is not UTF-8 breaks its line alone; Windows editors put a mark in front.
    for number, line in enumerate(data.decode("utf-8-sig", "replace").split("\n"), 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        match = _LINE.fullmatch(text)
        if match is None:
            broken = broken or (number, "not `name scope sha256`")
        elif match[3] in found:
            broken = broken or (number, "the same token as in a line before")
        else:
            found[match[3]] = Identity(match[1], Scope[match[2].upper()])
    if broken is not None:
        raise BrokenLine(path, *broken, others_are_good=bool(found))
    return found


def write_tokens(path: Path, tokens: Rows) -> None:
    """The whole file again, readable by its owner alone; whoever reads it sees the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{identity.name} {identity.scope.name.lower()} {shown}\n" for shown, identity in tokens.items()]
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("# name, scope, SHA-256 of the token; see `signal-pipeline tokens --help`\n" + "".join(lines))
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


@contextmanager
def tokens_to_change(path: Path) -> Iterator[dict[str, Identity]]:
    """What is in the file, to be changed in place; written when the block ends without an error. Two who change it at
    once come one after the other, so that neither undoes the other's change.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(path.with_name(f".{path.name}.lock"), timeout=_WRITER_SECONDS, mode=0o600):
            tokens = read_tokens(path) if path.exists() else {}
            yield tokens
            write_tokens(path, tokens)
    except Timeout:
        raise SettingsInvalid(f"{path} is being changed by another process; try again") from None
