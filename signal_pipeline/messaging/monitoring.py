"""What a NATS server says of itself, at its monitoring address (HTTP, no password) or to a user of its system account.

What belongs here: asking. What does not: what an answer means (`local`).
"""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import unquote, urlsplit

_SECONDS = 2.0
_INBOX = "_INBOX.monitoring"
# Of a server with many accounts; ours answers 3 KB.
_LONGEST_ANSWER = 1 << 20


def ask_server(url: str, question: str) -> tuple[int, dict[str, Any]]:
    """Status as in HTTP, and the answer to `question` ("healthz", "varz"); 0 where none comes.

    `url` is an http(s) address, or nats://user:password@host:port of a user of the system account.
    """
    try:
        return _by_nats(url, question) if url.startswith("nats://") else _by_http(url, question)
    except (OSError, ValueError):
        return 0, {}


def _by_http(url: str, question: str) -> tuple[int, dict[str, Any]]:
    try:
        with urllib.request.urlopen(f"{url.rstrip('/')}/{question}", timeout=_SECONDS) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, {}


def _by_nats(url: str, question: str) -> tuple[int, dict[str, Any]]:
    """By hand, over NATS's text protocol: one request in two milliseconds, from any thread."""
    place = urlsplit(url)
    login = {"user": unquote(place.username or ""), "pass": unquote(place.password or ""), "verbose": False}
    subject = f"$SYS.REQ.SERVER.PING.{question.upper()}"
    words = f"CONNECT {json.dumps(login)}\r\nSUB {_INBOX} 1\r\nPUB {subject} {_INBOX} 0\r\n\r\n"
    address = (place.hostname or "", place.port or 4222)
    with socket.create_connection(address, timeout=_SECONDS) as connection, connection.makefile("rb") as answers:
        connection.sendall(words.encode())
        while line := answers.readline(_LONGEST_ANSWER):
            if line.startswith(b"-ERR"):
                return 401, {}
            if line.startswith(b"MSG"):
                size = int(line.split()[-1])
                data = json.loads(answers.read(min(size, _LONGEST_ANSWER))).get("data", {})
                return int(data.get("status_code", 200)), data
    return 0, {}


def logs_in(url: str) -> bool:
    """Whether the server takes this user and password."""
    place = urlsplit(url)
    login = {"user": unquote(place.username or ""), "pass": unquote(place.password or ""), "verbose": False}
    address = (place.hostname or "", place.port or 4222)
    try:
        with socket.create_connection(address, timeout=_SECONDS) as connection, connection.makefile("rb") as answers:
            connection.sendall(f"CONNECT {json.dumps(login)}\r\nPING\r\n".encode())
            while line := answers.readline(_LONGEST_ANSWER):
                if line.startswith((b"PONG", b"-ERR")):
                    return line.startswith(b"PONG")
    except OSError:
        return False
    return False
