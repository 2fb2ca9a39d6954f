"""ASGI layers around the API that decide before a request is read: who may ask, how often, how much, how slowly.

Plain ASGI, since uploads must not be buffered. What does not belong here: what a request means.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from signal_pipeline.api.problems import Problem, problem_response
from signal_pipeline.api.tokens import ANYBODY, Identity, Tokens
from signal_pipeline.local.ports import LOOPBACK

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

LOOPBACK_NAMES = frozenset({LOOPBACK, "localhost", "::1"})
UNLIMITED = ("/health/live", "/health/ready", "/health", "/metrics")
"""Asked by machines that must get an answer however busy the API is."""
MAX_JSON_BYTES = 1024 * 1024
CHUNK_SECONDS = 20.0
SLOWEST_BYTES_PER_SECOND = 8 * 1024
MAX_CLIENTS = 10_000
COOKIE = "signal_pipeline_session"


@dataclass(frozen=True)
class Bounds:
    """What one client and all of them together may ask for."""

    hosts: frozenset[str]
    requests_per_second: float
    in_flight: int
    upload_bytes: int


class Guard:
    """Puts the identity into `scope["state"]["identity"]`, or answers itself."""

    def __init__(
        self,
        application: Application,
        tokens: Tokens,
        bounds: Callable[[], Bounds],
        session: Callable[[str], Identity | None] = lambda _: None,
    ) -> None:
        self._application, self._tokens, self._bounds, self._session = application, tokens, bounds, session
        self._buckets = Buckets()
        self._running = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        if scope["path"] in UNLIMITED:
            scope.setdefault("state", {})["identity"] = self._identity(scope)
            await self._application(scope, receive, send)
            return
        bounds = self._bounds()
        try:
            self._admit(scope, bounds)
        except Problem as problem:
            await problem_response(problem)(scope, receive, send)
            return
        self._running += 1
        try:
            await self._application(scope, bounded(receive, _allowed_bytes(scope, bounds)), send)
        finally:
            self._running -= 1

    def _admit(self, scope: Scope, bounds: Bounds) -> None:
        headers = headers_of(scope)
        check_origin(scope["method"], headers, bounds.hosts)
        identity = self._identity(scope)
        scope.setdefault("state", {})["identity"] = identity
        who = f"token {identity.name}" if identity else f"address {(scope.get('client') or ('?',))[0]}"
        wait = self._buckets.take(who, bounds.requests_per_second)
        if wait is not None:
            seconds = max(1, round(wait))
            raise Problem(
                429, "too_many_requests", "too many requests; try again later", headers={"Retry-After": str(seconds)}
            )
        if self._running >= bounds.in_flight:
            raise Problem(429, "too_busy", "too many requests at once; try again later", headers={"Retry-After": "1"})
        if headers.get("content-encoding", "identity") != "identity":
            raise Problem(415, "content_encoding", "send the body as it is, without Content-Encoding")
        length = headers.get("content-length")
        if length is not None and (not length.isdigit() or int(length) > _allowed_bytes(scope, bounds)):
            raise Problem(413, "too_large", f"more than {_allowed_bytes(scope, bounds)} bytes")

    def _identity(self, scope: Scope) -> Identity | None:
        if not self._tokens.required:
            return ANYBODY
        headers = headers_of(scope)
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and token.strip():
            return self._tokens.identity(token.strip())
        cookie = next((c for c in headers.get("cookie", "").split("; ") if c.startswith(f"{COOKIE}=")), "")
        return self._session(cookie.partition("=")[2]) if cookie else None


def headers_of(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


def check_origin(method: str, headers: dict[str, str], hosts: Iterable[str]) -> None:
    """Only by a name that is ours, and not by another web site in somebody's browser."""
    host = headers.get("host", "")
    if _name(f"//{host}") not in {*hosts, *LOOPBACK_NAMES}:
        raise Problem(421, "unknown_host", "called by a name that is not in API_HOSTS")
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc.lower() != host.lower():
        raise Problem(403, "foreign_origin", "asked by another web site")
    if headers.get("sec-fetch-site", "none") in ("none", "same-origin"):
        return
    # Following a link to a page is fine: nothing is changed by GET.
    if not (method in ("GET", "HEAD") and headers.get("sec-fetch-mode") == "navigate"):
        raise Problem(403, "foreign_origin", "asked by another web site")


def _name(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _allowed_bytes(scope: Scope, bounds: Bounds) -> int:
    is_upload = scope["path"] == "/v1/reports" and scope["method"] == "POST"
    return bounds.upload_bytes if is_upload else MAX_JSON_BYTES


def bounded(receive: Receive, most: int) -> Receive:
    """Counts the body while it comes in. Problem 413 when it is too long, 408 when it comes too slowly."""
    received, is_whole, began = 0, False, time.monotonic()

    async def inner() -> MutableMapping[str, Any]:
        nonlocal received, is_whole
        if is_whole:
            return await receive()  # nothing is left but the news that the client has gone
        try:
            message = await asyncio.wait_for(receive(), CHUNK_SECONDS)
        except TimeoutError:
            raise Problem(408, "too_slow", "the body came too slowly", headers={"Connection": "close"}) from None
        received += len(message.get("body", b""))
        is_whole = not message.get("more_body", False)
        if received > most:
            raise Problem(413, "too_large", f"more than {most} bytes", headers={"Connection": "close"})
        if time.monotonic() - began > CHUNK_SECONDS + received / SLOWEST_BYTES_PER_SECOND:
            raise Problem(408, "too_slow", "the body came too slowly", headers={"Connection": "close"})
        return message

    return inner


class Buckets:
    """A token bucket for each client; the ones that were not seen for longest are forgotten."""

    def __init__(self) -> None:
        self._clients: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str, per_second: float) -> float | None:
        """None when the request may pass, else how many seconds to wait."""
        now, size = time.monotonic(), max(2 * per_second, 5.0)
        left, at = self._clients.pop(client, (size, now))
        left = min(size, left + (now - at) * per_second)
        passes = left >= 1.0
        self._clients[client] = (left - 1.0 if passes else left, now)
        if len(self._clients) > MAX_CLIENTS:
            self._clients.popitem(last=False)
        return None if passes else (1.0 - left) / per_second
