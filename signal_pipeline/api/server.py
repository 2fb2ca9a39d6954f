"""Running the API: `python -m signal_pipeline.api`. Where it may listen, and how patient it is with slow clients."""

from __future__ import annotations

import sys
from asyncio import TimerHandle, Transport
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from signal_pipeline.api.app import create_app
from signal_pipeline.api.tokens import Tokens
from signal_pipeline.errors import SettingsInvalid
from signal_pipeline.logs import configure
from signal_pipeline.settings import Settings, load_settings

HEADER_SECONDS = 15.0
MAX_HEADER_BYTES = 32 * 1024
KEEP_ALIVE_SECONDS = 15
MAX_CONNECTIONS = 2_000
STOP_SECONDS = 10
SWITCH_SECONDS = 0.0005
"""How long a thread that reckons keeps the interpreter while others wait. The loop asks for it at each send and
receive: with Python's 5 ms a turn that serves 200 connections waits for a second behind a few large results."""


class ImpatientProtocol(H11Protocol):
    """A connection on which no request comes to its headers' end in time is closed."""

    _patience: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        before = self.cycle
        super().data_received(data)
        if self.cycle is not before:
            self._stop_waiting()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self.transport.is_closing():
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._stop_waiting()
        self._patience = self.loop.call_later(HEADER_SECONDS, self._give_up)

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()


def check_address(settings: Settings) -> None:
    """SettingsInvalid for an address that others can reach and a way in that nobody has."""
    tokens = Tokens(settings)
    if tokens.required and not tokens.are_set:
        raise SettingsInvalid(
            f"API_HOST is {settings.api_host}, which others can reach, and no token is set: set API_ADMIN_TOKEN, or"
            " make a file with `signal-pipeline tokens add` and name it in API_TOKENS_FILE"
        )


def options(settings: Settings) -> dict[str, Any]:
    """For uvicorn."""
    return {
        "host": settings.api_host,
        "port": settings.api_port,
        "http": ImpatientProtocol,
        # uvloop takes one new connection per turn of its loop: behind 200 that come at once health waited for 4 s.
        "loop": "asyncio",
        "h11_max_incomplete_event_size": MAX_HEADER_BYTES,
        "timeout_keep_alive": KEEP_ALIVE_SECONDS,
        "limit_concurrency": MAX_CONNECTIONS,
        "timeout_graceful_shutdown": STOP_SECONDS,
        "backlog": 2048,
        "access_log": False,
        "server_header": False,
        "log_config": None,
        "proxy_headers": False,
    }


def run() -> None:
    settings = load_settings()
    check_address(settings)
    configure(settings.log_level, key=settings.redaction_key.get_secret_value().encode(), whole_process=True)
    sys.setswitchinterval(SWITCH_SECONDS)
    uvicorn.run(create_app(settings), **options(settings))
