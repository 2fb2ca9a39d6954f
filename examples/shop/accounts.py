"""Logging in, sessions and the token the page sends. Every secret here is invented; see examples/README.md."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import sqlite3

from shop.problems import Problem

log = logging.getLogger("shop.accounts")

PASSWORDS = {
    "ada": "FAKE-password-of-ada-1815",
    "bob": "FAKE-password-of-bob-1924",
    "carol": "FAKE-password-of-carol-1936",
}
EMAILS = {name: f"{name}@customers.example" for name in PASSWORDS}
SIGNING_KEY = b"FAKE-signing-key-of-the-example-shop"
FAR_FUTURE = 2_000_000_000


def log_in(connection: sqlite3.Connection, name: str, password: str) -> str:
    """The new session's token. Raises Problem 401 when name and password do not match."""
    if not hmac.compare_digest(PASSWORDS.get(name, ""), password):
        log.warning("Login of user %s refused: wrong password", name)
        raise Problem(401, "Unauthorized", f"Wrong user name or password for {name}")
    count = connection.execute("SELECT count(*) FROM sessions").fetchone()[0]
    token = hashlib.sha256(f"FAKE session {count} of {name}".encode()).hexdigest()
    connection.execute("INSERT INTO sessions VALUES (?, ?)", (token, name))
    log.info("User %s logged in", name)
    return token


def owner_of(connection: sqlite3.Connection, token: str, asked_for: str) -> str:
    """The user of a session. Raises Problem 401 when the session is gone."""
    row = connection.execute("SELECT owner FROM sessions WHERE token = ?", (token,)).fetchone()
    if row is None:
        log.warning("Rejected %s: session has expired", asked_for)
        raise Problem(401, "Unauthorized", "Session has expired, please log in again")
    return str(row["owner"])


def bearer_token(name: str) -> str:
    """A JWT that is valid in form and signed with an invented key."""
    header = _part({"alg": "HS256", "typ": "JWT"})
    payload = _part({"sub": name, "email": EMAILS[name], "iss": "FAKE.shop.example", "exp": FAR_FUTURE})
    signature = hmac.new(SIGNING_KEY, f"{header}.{payload}".encode(), hashlib.sha256).digest()
    return f"{header}.{payload}.{_unpadded(signature)}"


def _part(value: dict[str, str | int]) -> str:
    return _unpadded(json.dumps(value, separators=(",", ":")).encode())


def _unpadded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
