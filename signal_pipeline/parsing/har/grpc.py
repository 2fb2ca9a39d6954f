"""What a gRPC or gRPC-web answer says: the status in its headers, or in the trailer at the end of its body."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import unquote

from signal_pipeline.parsing.har.problem import Problem, limited

STATUS_NAMES = (
    "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
    "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
    "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
)  # fmt: skip
_TRAILER = re.compile(rb"grpc-status:[ \t]{0,9}([0-9]{1,3})", re.IGNORECASE)
_MESSAGE = re.compile(rb"grpc-message:[ \t]{0,9}([^\r\n]{1,4000})", re.IGNORECASE)
_CHUNK = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
_URLSAFE = str.maketrans("-_", "+/")
_MAX_TRAILER = 8_192


def status_problem(status: str | None, message: str | None) -> Problem | None:
    """`status` is the number in `grpc-status`; None for success and for what is no status."""
    number = int(status) if status and status.strip().isdigit() and len(status.strip()) < 4 else 0
    if not number:
        return None
    name = STATUS_NAMES[number] if number < len(STATUS_NAMES) else f"grpc-status {number}"
    return Problem(limited(f"{name}: {unquote(message, errors='replace')}" if message and message.strip() else name))


def trailer_problem(body: str, *, encoded: bool) -> Problem | None:
    """The status in the trailer frame of a gRPC-web body; `encoded` when the HAR has it in base64.

    grpc-web-text is base64 of its own, frame by frame, each with its own padding.
    """
    data = _decoded(body) if encoded else body.encode("utf-8", "replace")
    if data is None:
        return None
    tail = data[-_MAX_TRAILER:]
    found = _TRAILER.search(tail)
    if not found and tail[:4096].isascii():
        tail = (_decoded(tail.decode("ascii")) or b"")[-_MAX_TRAILER:]
        found = _TRAILER.search(tail)
    if not found:
        return None
    message = _MESSAGE.search(tail)
    return status_problem(found[1].decode(), message[1].decode("utf-8", "replace") if message else None)


def _decoded(text: str) -> bytes | None:
    pieces: list[bytes] = []
    try:
        for chunk in _CHUNK.findall(text):
            letters = chunk.rstrip("=").translate(_URLSAFE)
            letters = letters[:-1] if len(letters) % 4 == 1 else letters
            pieces.append(base64.b64decode(letters + "=" * (-len(letters) % 4)))
    except (binascii.Error, ValueError):
        return None
    return b"".join(pieces)
