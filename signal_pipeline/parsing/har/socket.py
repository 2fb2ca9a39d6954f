"""What the messages of a WebSocket say of a failure: error messages of its protocol, and why it was closed."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from signal_pipeline.parsing.har.error_body import decoded
from signal_pipeline.parsing.har.problem import Problem, limited
from signal_pipeline.parsing.har.reported import reported_problem

CLOSE_CODES: dict[int, str] = {
    1002: "protocol error",
    1003: "unsupported data",
    1006: "abnormal closure",
    1007: "invalid payload",
    1008: "policy violation",
    1009: "message too big",
    1010: "missing extension",
    1011: "internal error",
    1012: "service restart",
    1013: "try again later",
    1014: "bad gateway",
    1015: "TLS handshake failed",
}
"""1000, 1001 and 1005 are ordinary; 3000 to 4999 are the application's own."""
_OWN_CODES = range(3000, 5000)
_CLOSE, _TEXT = 8, 1
_MAX_MESSAGES = 5_000
_MAX_BYTES = 1024 * 1024
_HINTS = ("rror", "xception", "ailed", "eject", "disconnect", "unauthor", "alse", "ERROR")
# Socket.IO and Engine.IO write their packet's type in front of the JSON.
_SOCKET_IO = re.compile(r"4([24])(?:/[\w/-]{1,80},)?\d{0,9}(?=[\[{\"])")
_REFUSED = "44"
# A code of a close frame begins with a byte from 3 to 19.
_BASE64 = re.compile(r"[A-E][A-Za-z0-9+/]{2,}={0,2}")
_STOMP = re.compile(r"ERROR\r?\n(?:[^\r\n]{0,400}\r?\n){0,20}?message:([^\r\n]{1,400})")


class _Message(msgspec.Struct, gc=False):
    type: Any = None
    opcode: Any = None
    data: Any = None


_messages = msgspec.json.Decoder(list[_Message])


def socket_problem(raw: msgspec.Raw, max_depth: int) -> Problem | None:
    """What the messages report, the first error before the reason for which the socket was closed."""
    text = bytes(raw)
    if not text.startswith(b"[") or len(text) > _MAX_BYTES:
        return None
    try:
        messages = _messages.decode(text)[:_MAX_MESSAGES]
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    broken = next((one.data for one in messages if one.type == "error" and isinstance(one.data, str)), None)
    received = [one for one in messages if one.type != "send" and isinstance(one.data, str)]
    said = next((p for one in received if one.opcode != _CLOSE and (p := _of_message(one.data, max_depth))), None)
    ended = next((reason for one in reversed(messages) if (reason := _closed(one))), None)
    if said is None and broken:
        return Problem(limited(broken))
    if said is None:
        return Problem(limited(ended)) if ended else None
    return Problem(limited(f"{said.text} ({ended})") if ended else said.text, said.exception_class, said.stack_trace)


def _closed(message: _Message) -> str | None:
    """The code is in the first two bytes of the frame, which producers write as characters of Latin 1 or in base64."""
    if message.opcode != _CLOSE or not isinstance(message.data, str) or len(message.data) < 2:
        return None
    data = message.data[:400]
    if _BASE64.fullmatch(data):
        data = base64.b64decode(data[: len(data) // 4 * 4]).decode("latin-1")
        data = data[:2] + data[2:].encode("latin-1").decode("utf-8", "replace")
    code = (ord(data[0]) << 8) + ord(data[1])
    if code not in CLOSE_CODES and code not in _OWN_CODES:
        return None
    reason = data[2:200].strip() or CLOSE_CODES.get(code, "")
    return f"closed with code {code} {reason}".strip()


def _of_message(data: str, max_depth: int) -> Problem | None:
    if not data.startswith(_REFUSED) and not any(hint in data for hint in _HINTS):
        return None
    if found := _STOMP.match(data[:8192]):
        return Problem(limited(found[1]))
    packet = _SOCKET_IO.match(data[:200])
    value = decoded(data[packet.end() if packet else 0 :].rstrip("\x1e\x00"), max_depth)
    if packet and packet[1] == "4":
        return reported_problem({"type": "error", "error": value}) if value else None
    return next((p for part in _parts(value) if (p := reported_problem(part)) is not None), None)


def _parts(value: Any) -> Iterator[Any]:
    """The object itself, or what the lists of Socket.IO and Phoenix and the envelopes of graphql-ws hold."""
    match value:
        case [str(event), dict(body), *_] if event in ("error", "exception", "connect_error"):
            yield {"type": "error", "error": body}
        case [str(event), str(body), *_] if event in ("error", "exception", "connect_error"):
            yield {"error": body}
        case [_, _, _, "phx_reply", {"status": "error", "response": body}]:
            yield {"type": "error", "error": body or "phx_reply: error"}
        case [_, _, _, "phx_error", *_]:
            yield {"error": "phx_error"}
        case {"type": "error", "payload": list(errors)} if errors:
            yield {"errors": errors}
        case {"type": "next" | "data", "payload": dict(payload)}:
            yield payload
        case {"type": "disconnect", "reason": str(reason)} if reason not in ("server_restart", "remote"):
            yield {"error": reason}
        case {"type": 3 | 7, "error": str(error)}:
            yield {"error": error}
        case {"event": str(event), "data": str(inner)} if event.endswith("error"):
            yield {"type": "error", "error": decoded(inner, 64) or inner}
        case dict():
            yield value
