"""Dagster's webserver behind a guard: `python -m signal_pipeline.local.webserver` takes dagster-webserver's options.

The webserver has no login and runs GraphQL mutations even for GET requests, so without a guard any web page that
somebody opens on this machine could start and cancel runs. The guard lets through what a person or a program on
this machine asks, and refuses what another web site asks in a person's browser, and every question by GET. It cannot
tell one user of this machine from another: `up` and `doctor` say so. What does not belong here: a login.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from signal_pipeline.settings import LOOPBACK_NAMES

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

HOSTS_VARIABLE = "SIGNAL_PIPELINE_UI_HOSTS"
LOCAL_VARIABLE = "SIGNAL_PIPELINE_UI_IS_LOCAL"


class OwnOriginOnly:
    """ASGI middleware. `hosts` are names that this server may be called by, beside the loopback's."""

    def __init__(self, application: Application, hosts: Iterable[str] = ()) -> None:
        self._application = application
        self._hosts = LOOPBACK_NAMES | {host.strip().lower() for host in hosts if host.strip()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._application(scope, receive, send)
        elif not self._may_pass(scope):
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
            else:
                await _refuse(send, 403, f"asked by another site, or by a name that is not in {HOSTS_VARIABLE}")
        elif _asks_by_address(scope):
            await _refuse(send, 405, "GraphQL is asked by POST: an address must not be able to change anything")
        else:
            await self._application(scope, receive, send)

    def _may_pass(self, scope: Scope) -> bool:
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get(b"host", "")
        # A name that an attacker's DNS points at loopback (rebinding) is not ours.
        if _name(f"//{host}") not in self._hosts:
            return False
        origin = headers.get(b"origin")
        if origin is not None and urlsplit(origin).netloc.lower() != host.lower():
            return False
        if headers.get(b"sec-fetch-site", "none") in ("none", "same-origin"):
            return True
        # Following a link to a page is fine, for pages change nothing; GraphQL does, even by GET.
        is_link = scope.get("method") == "GET" and headers.get(b"sec-fetch-mode") == "navigate"
        return is_link and "graphql" not in scope["path"]


def _asks_by_address(scope: Scope) -> bool:
    """A GraphQL document in the address. Queries too: to tell them from mutations, a parser would have to be right."""
    is_http = scope["type"] == "http" and scope.get("method") != "POST"
    return is_http and "graphql" in scope["path"] and bool(scope.get("query_string"))


async def _refuse(send: Send, status: int, why: str) -> None:
    headers = [(b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": f"refused: {why}\n".encode()})


def _name(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def guarded_options(words: Sequence[str], environment: Mapping[str, str]) -> list[str]:
    """The webserver's options; `--read-only` is added where others than this machine can reach it. Whoever publishes a
    container's port on loopback alone says so in SIGNAL_PIPELINE_UI_IS_LOCAL.
    """
    hosts = [
        word.partition("=")[2] if "=" in word else following
        for word, following in zip(words, [*words, ""][1:], strict=True)
        if word in ("--host", "-h") or word.startswith("--host=")
    ]
    is_local = not hosts or hosts[-1] in LOOPBACK_NAMES or environment.get(LOCAL_VARIABLE) == "yes"
    return [*words] if is_local or "--read-only" in words else [*words, "--read-only"]


def main() -> None:
    import runpy

    import uvicorn

    plain_run = uvicorn.run

    def run(application: Any, **options: Any) -> None:
        plain_run(OwnOriginOnly(application, os.environ.get(HOSTS_VARIABLE, "").split(",")), **options)

    sys.argv[1:] = guarded_options(sys.argv[1:], os.environ)
    # The webserver offers no place for a middleware.
    uvicorn.run = run  # type: ignore[assignment]
    runpy.run_module("dagster_webserver", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
