"""What is said between the fork server and whoever asks it for work: one JSON line each way over a Unix socket.

No Dagster here, and nothing of what the work is.
"""

from __future__ import annotations

import json
import socket
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from signal_pipeline.errors import TransientError

MAX_LINE_BYTES = 1024 * 1024
ANSWER_SECONDS = 10.0

Action = Literal["ping", "start", "look", "end"]
State = Literal["ready", "started", "running", "ended", "full", "unknown", "refused"]


class ForkServerUnavailable(TransientError):
    """Nobody answers on the socket: the fork server is not there, or is being started again."""


@dataclass(frozen=True)
class Request:
    """`job` names a piece of work; `payload` is what its function is called with."""

    action: Action
    job: str = ""
    payload: str = ""


@dataclass(frozen=True)
class Answer:
    """`pid` and `exit_code` (negative: a signal's number) where they are known."""

    state: State
    pid: int | None = None
    exit_code: int | None = None
    detail: str = ""


def encode(message: Request | Answer) -> bytes:
    return json.dumps(asdict(message)).encode() + b"\n"


def decode_request(line: bytes) -> Request:
    """ValueError for what is not a request."""
    fields = _fields(line)
    if fields.get("action") not in ("ping", "start", "look", "end"):
        raise ValueError("unknown action")
    return Request(fields["action"], str(fields.get("job", "")), str(fields.get("payload", "")))


def ask(address: Path, request: Request, *, patience_seconds: float = ANSWER_SECONDS) -> Answer:
    """One question, one answer; ForkServerUnavailable when none comes."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(patience_seconds)
            connection.connect(str(address))
            connection.sendall(encode(request))
            line = read_line(connection)
        return Answer(**_fields(line))
    except (OSError, ValueError, TypeError) as error:
        raise ForkServerUnavailable(f"the fork server does not respond ({type(error).__name__})") from None


def read_line(connection: socket.socket) -> bytes:
    """ValueError when the connection ends before the line does, or the line is too long."""
    received = b""
    while not received.endswith(b"\n"):
        chunk = connection.recv(65536)
        if not chunk or len(received) > MAX_LINE_BYTES:
            raise ValueError("not a line")
        received += chunk
    return received


def _fields(line: bytes) -> dict[str, Any]:
    fields = json.loads(line)
    if not isinstance(fields, dict):
        raise ValueError("not an object")
    return fields
