"""HTTP/1 in the segments of a flow: heads of requests and answers, paired in order. Bodies are only passed over."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import re2

METHODS = (
    b"GET ", b"POST", b"PUT ", b"HEAD", b"DELE", b"PATC", b"OPTI", b"CONN", b"TRAC", b"PROP", b"MKCO", b"REPO",
    b"SUBS", b"NOTI", b"M-SE", b"SEAR",
)  # fmt: skip
"""The first four bytes of a request."""
ANSWER = b"HTTP"
MAX_HEAD_BYTES = 64 * 1024
MAX_BODY_CHARS = 4_096
MAX_TARGET_BYTES = 8_000
MAX_WAITING = 256
MAX_FOLLOWED_BYTES = 64 * 1024
"""What follows a longer body in the middle of a segment is not looked for."""
_REQUEST = re2.compile(rb"^([A-Z][A-Z-]{1,19}) +(.+?)(?: +HTTP/(\d\.\d))?\s*$")
_ANSWER = re2.compile(rb"^HTTP/\d(?:\.\d)? +(\d{3})(?: +(.*?))?\s*$")


@dataclass(frozen=True)
class HttpRequest:
    """`at` is ns since 1970, `headers` names in lower case."""

    at: int
    method: str
    target: str
    headers: dict[str, str]


@dataclass(frozen=True)
class HttpExchange:
    """A request with its answer; `request` is None where only the answer was captured, `status` 0 where none came."""

    request: HttpRequest | None
    at: int
    end: int
    status: int
    reason: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None


@dataclass
class HttpSide:
    """One direction. `waits` while a head or a short body goes on in the next segment."""

    waits: bool = False
    _held: bytearray = field(default_factory=bytearray)
    _left: int = 0
    """Bytes of a body that the next segments have."""

    def heads(self, data: bytes) -> list[tuple[bytes, bytes]]:
        """(head, what follows it in the segment) of each message that a segment begins or completes."""
        data = self._without_body(data)
        if self._held:
            data = bytes(self._held) + data
        self.waits = self._left > 0
        found: list[tuple[bytes, bytes]] = []
        while data[:4] in METHODS or data[:4] == ANSWER:
            end = data.find(b"\r\n\r\n")
            stop = 4
            if end < 0:
                end, stop = data.find(b"\n\n"), 2
            if end < 0:
                if len(data) < MAX_HEAD_BYTES:
                    self.waits, self._held = True, bytearray(data)
                return found
            head, rest = data[:end], data[end + stop :]
            found.append((head, rest))
            body = body_bytes(head, rest)
            data = rest[body:]
            if len(rest) < body <= len(rest) + MAX_FOLLOWED_BYTES:
                self.waits, self._left = True, body - len(rest)
        self._held = bytearray()
        return found

    def _without_body(self, data: bytes) -> bytes:
        """The segment behind the body that it goes on with, unless the body was announced and not sent."""
        if data[:4] in METHODS or data[:4] == ANSWER:
            self._left = 0
        skipped = min(self._left, len(data))
        self._left -= skipped
        return data[skipped:]

    def torn(self) -> bytes | None:
        """A head without an end, when nothing more comes."""
        held, self._held, self.waits = bytes(self._held), bytearray(), False
        return held or None


@dataclass
class HttpConversation:
    """Requests that wait for an answer, in order, and the exchanges that are complete."""

    waiting: deque[HttpRequest] = field(default_factory=deque)
    done: list[HttpExchange] = field(default_factory=list)

    def take(self, head: bytes, body: bytes, at: int) -> bool:
        """Whether it is a message."""
        first, _, rest = head.partition(b"\n")
        if (answer := _ANSWER.match(first.rstrip(b"\r"))) is not None:
            self._answer(int(answer[1]), _text(answer[2] or b""), _headers(rest), body, at)
            return True
        if (request := _REQUEST.match(first.rstrip(b"\r"))) is None:
            return False
        if len(self.waiting) < MAX_WAITING:
            self.waiting.append(
                HttpRequest(at, _text(request[1]), _text(request[2][:MAX_TARGET_BYTES]), _headers(rest))
            )
        return True

    def _answer(self, status: int, reason: str, headers: dict[str, str], body: bytes, at: int) -> None:
        if 100 <= status < 200 and status != 101:
            return
        request = self.waiting.popleft() if self.waiting else None
        text = None
        if status >= 400 and headers.get("content-encoding", "identity") == "identity":
            text = _text(_unchunked(body) if "chunked" in headers.get("transfer-encoding", "") else body)[
                :MAX_BODY_CHARS
            ]
        begin = request.at if request is not None else at
        self.done.append(HttpExchange(request, begin, at, status, reason, headers, text or None))


def body_bytes(head: bytes, rest: bytes) -> int:
    """How much of what follows is the body, as far as the head says."""
    lowered = head.lower()
    length = _field(lowered, b"\ncontent-length:")
    if length.isdigit() and len(length) < 16:
        return int(length)
    if b"chunked" in _field(lowered, b"\ntransfer-encoding:"):
        end = rest.find(b"0\r\n\r\n")
        return end + 5 if end >= 0 else len(rest)
    return 0 if not head.startswith(ANSWER) or rest[:4] == ANSWER else len(rest)


def _field(lowered: bytes, name: bytes) -> bytes:
    """The value of the first header of this name in a head in lower case; empty where there is none."""
    at = lowered.find(name)
    return lowered[at + len(name) :].partition(b"\n")[0].strip() if at >= 0 else b""


def _headers(lines: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in lines.split(b"\n")[:200]:
        name, colon, value = line.partition(b":")
        if colon and len(name) <= 100:
            found.setdefault(_text(name).strip().lower(), _text(value).strip()[:4_096])
    return found


def _unchunked(body: bytes) -> bytes:
    """The first chunk, which is all of most error bodies."""
    size, _, rest = body.partition(b"\r\n")
    try:
        length = int(size.split(b";")[0][:8] or b"0", 16)
    except ValueError:
        return body
    return rest[:length]


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")
