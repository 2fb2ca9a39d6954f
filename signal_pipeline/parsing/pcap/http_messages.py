"""HTTP/1 in the segments of a flow: heads of requests and answers, paired in order. Bodies are only passed over."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import re2

from signal_pipeline.parsing.pcap.http_bodies import HttpBody

METHODS = (
    b"GET ", b"POST", b"PUT ", b"HEAD", b"DELE", b"PATC", b"OPTI", b"CONN", b"TRAC", b"PROP", b"MKCO", b"REPO",
    b"SUBS", b"NOTI", b"M-SE", b"SEAR", b"LOCK", b"UNLO", b"COPY", b"MOVE", b"MERG", b"PURG", b"QUER",
)  # fmt: skip
"""The first four bytes of a request."""
ANSWER, LATE_ANSWER = b"HTTP", b"\r\nHT"
MAX_HEAD_BYTES = 64 * 1024
MAX_BODY_CHARS = 4_096
MAX_TARGET_BYTES = 8_000
MAX_WAITING = 256
# A version that is missing is one of HTTP/0.9, or was not captured; SIP and RTSP have the same methods and their own.
_REQUEST = re2.compile(rb"^([A-Z][A-Z-]{1,19}) +(?:(.+?) +HTTP/\d\.\d|(\S+))\s*$")
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
    """One direction. `waits` while a head, or a short body with another head behind it, goes on in the next segment."""

    waits: bool = False
    _held: bytes = b""
    _body: HttpBody | None = None
    """That of the last head, while the next segments have the rest of it."""

    def heads(self, data: bytes, sequence: int, pipelined: bool) -> list[tuple[bytes, bytes]]:
        """(head, what follows it in the segment) of each message that a segment begins or completes.

        `sequence`: number of the segment's first byte. `pipelined`: several requests waited for an answer at once.
        """
        behind = sequence + len(data)
        if self._body is not None:
            data = data[self._body.take(data, sequence) :]
            if self._body.ended:
                self._body = None
        data = self._held + data
        self._held = b""
        found: list[tuple[bytes, bytes]] = []
        while begins_message(data):
            data = data.lstrip(b"\r\n")
            end = data.find(b"\r\n\r\n")
            stop = 4
            if end < 0:
                end, stop = data.find(b"\n\n"), 2
            if end < 0:
                if len(data) < MAX_HEAD_BYTES:
                    self._held = data
                break
            head, rest = data[:end], data[end + stop :]
            found.append((head, rest))
            self._body = body = HttpBody(head, behind - len(rest))
            data = rest[body.take(rest, behind - len(rest)) :]
            if body.ended:
                self._body = None
        if data and ANSWER.startswith(data):
            self._held = data
        self.waits = bool(self._held) or (self._body is not None and self._body.is_followed(pipelined))
        return found

    def torn(self) -> bytes | None:
        """A head without an end, when nothing more comes."""
        held, self._held, self.waits = self._held, b"", False
        return held or None


def begins_message(data: bytes) -> bool:
    """Whether a segment begins with the head of a request or an answer, or with an empty line and that of an answer."""
    return data[:4] in METHODS or data[:4] == ANSWER or data[:4] == LATE_ANSWER


@dataclass
class HttpConversation:
    """Requests that wait for an answer, in order, and the exchanges that are complete."""

    waiting: deque[HttpRequest] = field(default_factory=deque)
    done: list[HttpExchange] = field(default_factory=list)
    pipelined: bool = False
    """Whether several requests ever waited at once: an answer may then begin in the middle of a segment."""

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
                HttpRequest(at, _text(request[1]), _text((request[2] or request[3])[:MAX_TARGET_BYTES]), _headers(rest))
            )
        self.pipelined |= len(self.waiting) > 1
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
