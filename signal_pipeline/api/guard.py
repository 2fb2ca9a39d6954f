"""ASGI layers around the API that decide before a request is read: who may ask, how often, how much, how slowly.

Plain ASGI, since uploads must not be buffered. What does not belong here: what a request means.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from signal_pipeline.api.identity import ANYBODY, Identity
from signal_pipeline.api.problems import Problem, problem_response, unauthorized
from signal_pipeline.api.tokens import Tokens
from signal_pipeline.api.work_slots import Client, WorkSlots
from signal_pipeline.settings import LOOPBACK_NAMES

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

LIVENESS = "/health/live"
UNLIMITED = (LIVENESS, "/health/ready", "/health", "/metrics")
"""Asked by machines that must get an answer however busy the API is."""
PUBLIC = ("/login", "/logout", "/openapi.json")
"""Of the others, what is answered to whoever shows no token."""
MAX_JSON_BYTES = 1024 * 1024
EVENTS = "/v1/events"
MAX_EVENTS_BYTES = 8 * 1024 * 1024
MAX_UNKNOWN_BYTES = 4 * 1024
"""A token and where to go: nothing else is read from whoever is not known."""
CHUNK_SECONDS = 20.0
UNKNOWN_SECONDS = 5.0
_PARTS = 10
"""In which a client is waited for; see `_patiently`."""
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
    """Puts the identity into `scope["state"]["identity"]`, or answers itself: before anything is read of the body."""

    def __init__(
        self,
        application: Application,
        tokens: Tokens,
        bounds: Callable[[], Bounds],
        session: Callable[[str], Identity | None] = lambda _: None,
        answer: Callable[[Scope, Problem], Application] = lambda _, problem: problem_response(problem),
    ) -> None:
        self._application, self._tokens, self._bounds, self._session = application, tokens, bounds, session
        self._answer = answer
        self._buckets, self._slots = Buckets(), WorkSlots()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        if scope["path"] in UNLIMITED:
            is_liveness = scope["path"] == LIVENESS
            scope.setdefault("state", {})["identity"] = None if is_liveness else self._identity(scope)
            await self._application(scope, receive, send)
            return
        bounds = self._bounds()
        with ExitStack() as slot:
            try:
                client = self._admit(scope, bounds)
                slot.enter_context(self._slots.taken(client, bounds.in_flight))
            except Problem as problem:
                await self._answer(scope, problem)(scope, receive, send)
                return
            seconds = CHUNK_SECONDS if client.is_known else UNKNOWN_SECONDS
            body = bounded(receive, _allowed_bytes(scope, bounds, client), seconds)
            await self._application(scope, body, send)

    def _admit(self, scope: Scope, bounds: Bounds) -> Client:
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
        if identity is None and scope["path"] not in PUBLIC:
            raise unauthorized()
        client = Client(None if identity is ANYBODY else who, is_known=identity is not None)
        # Senders of events compress them; what a body becomes is bounded where it is read.
        encodings = ("identity", "gzip") if scope["path"] == EVENTS else ("identity",)
        if headers.get("content-encoding", "identity") not in encodings:
            raise Problem(415, "content_encoding", "send the body without Content-Encoding")
        length, most = headers.get("content-length"), _allowed_bytes(scope, bounds, client)
        if length is not None and (not length.isdigit() or int(length) > most):
            raise Problem(413, "too_large", f"more than {most} bytes")
        return client

    def _identity(self, scope: Scope) -> Identity | None:
        if not self._tokens.required:
            return ANYBODY
        headers = headers_of(scope)
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and token.strip():
            return self._tokens.identity(token.strip())
        cookie = session_cookie(headers)
        return self._session(cookie) if cookie else None


def session_cookie(headers: Mapping[str, str]) -> str:
    """Its value, or nothing."""
    cookies = headers.get("cookie", "").split("; ")
    return next((c for c in cookies if c.startswith(f"{COOKIE}=")), "").partition("=")[2]


def headers_of(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


def check_origin(method: str, headers: dict[str, str], hosts: Iterable[str]) -> None:
    """Only by a name that is ours, and not by another web site in somebody's browser."""
    host = headers.get("host", "")
    if _name(f"//{host}") not in {*hosts, *LOOPBACK_NAMES}:
        raise Problem(421, "unknown_host", "the host name of the request is not in API_HOSTS")
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc.lower() != host.lower():
        raise Problem(403, "foreign_origin", "request from another web site")
    if headers.get("sec-fetch-site", "none") in ("none", "same-origin"):
        return
    # Following a link to a page is fine: nothing is changed by GET.
    if not (method in ("GET", "HEAD") and headers.get("sec-fetch-mode") == "navigate"):
        raise Problem(403, "foreign_origin", "request from another web site")


def _name(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _allowed_bytes(scope: Scope, bounds: Bounds, client: Client) -> int:
    if not client.is_known:
        return MAX_UNKNOWN_BYTES
    larger = {"/v1/reports": bounds.upload_bytes, EVENTS: MAX_EVENTS_BYTES}
    return larger.get(scope["path"], MAX_JSON_BYTES) if scope["method"] == "POST" else MAX_JSON_BYTES


def bounded(receive: Receive, most: int, seconds: float) -> Receive:
    """Counts the body while it comes in. Problem 413 when it is too long, 408 when it comes too slowly: nothing for so
    many seconds, or less than SLOWEST_BYTES_PER_SECOND beyond them. Only waiting for the client counts.
    """
    received, is_whole, waited = 0, False, 0.0

    async def inner() -> MutableMapping[str, Any]:
        nonlocal received, is_whole, waited
        if is_whole:
            return await receive()  # nothing is left but the news that the client has gone
        try:
            message, lasted = await _patiently(receive, seconds)
        except TimeoutError:
            raise Problem(408, "too_slow", "the body was sent too slowly", headers={"Connection": "close"}) from None
        waited += lasted
        received += len(message.get("body", b""))
        is_whole = not message.get("more_body", False)
        if received > most:
            raise Problem(413, "too_large", f"more than {most} bytes", headers={"Connection": "close"})
        if waited > seconds + received / SLOWEST_BYTES_PER_SECOND:
            raise Problem(408, "too_slow", "the body was sent too slowly", headers={"Connection": "close"})
        return message

    return inner


async def _patiently(receive: Receive, seconds: float) -> tuple[MutableMapping[str, Any], float]:
    """The next message, and how long it was waited for. TimeoutError after so many seconds.

    It is waited for in parts. When this process did not run for longer than a part (a busy machine, another thread that
    kept the interpreter), the part counts with its own length: what has come meanwhile is then found by the next one.
    """
    part, waited = seconds / _PARTS, 0.0
    for _ in range(_PARTS):
        began = time.monotonic()
        try:
            message = await asyncio.wait_for(receive(), part)
        except TimeoutError:
            waited += part
            continue
        return message, waited + min(part, time.monotonic() - began)
    raise TimeoutError


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
