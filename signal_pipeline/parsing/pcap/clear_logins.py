"""Passwords that are sent without encryption: that one was sent is noted, and nothing of it is kept."""

from __future__ import annotations

# How a line begins that has a password, the ports on which it does, and how the login is called.
_LOGINS: tuple[tuple[bytes, tuple[int, ...], str], ...] = (
    (b"PASS", (21,), "FTP"),
    (b"PASS", (110,), "POP3"),
    (b"AUTH", (25, 587), "SMTP"),
    (b"AUTH", (6379,), "Redis"),
)
LOGIN_WORDS = tuple({word for word, _, _ in _LOGINS})
"""The first four bytes."""


def clear_login(data: bytes, port: int) -> str | None:
    """How the login is called that a segment to this port has; None if it has none."""
    first = data[:4].upper()
    return next((name for word, ports, name in _LOGINS if first == word and port in ports and data[4:5] == b" "), None)
