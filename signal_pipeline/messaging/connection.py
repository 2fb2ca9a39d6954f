"""A short-lived connection to NATS for one piece of work, with its errors translated into ours.

nats-py is asynchronous; callers here are not, so each call runs its own event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import TypeVar

import nats.errors
import nats.js.errors
from nats.aio.client import Client

from signal_pipeline.errors import BrokerUnavailable
from signal_pipeline.messaging.users import INBOXES, User
from signal_pipeline.settings import Settings

T = TypeVar("T")


@asynccontextmanager
async def connected(settings: Settings, user: User = "sensor") -> AsyncIterator[Client]:
    """A connection that does not reconnect: whoever uses it is run again later anyway."""

    async def ignore(_: Exception) -> None:
        """The client also raises; its default would print the server's address with the password."""

    client = Client()
    try:
        await client.connect(
            url_of(settings, user),
            inbox_prefix=INBOXES[user],
            connect_timeout=3,
            allow_reconnect=False,
            # These count for the first connection as well; by default it is tried for two minutes.
            max_reconnect_attempts=1,
            reconnect_time_wait=0.2,  # type: ignore[arg-type]  # it sleeps for that long, whole or not
            error_cb=ignore,
            name="signal_pipeline",
        )
    except (OSError, nats.errors.Error, TimeoutError) as error:
        # A server that takes the call and says nothing leaves the client a socket, which it keeps.
        with suppress(OSError, nats.errors.Error, TimeoutError):
            await client.close()
        raise BrokerUnavailable(f"NATS did not respond ({type(error).__name__}); is it up? see `doctor`") from None
    try:
        yield client
    except nats.js.errors.APIError as error:
        raise BrokerUnavailable(f"JetStream responded {error.code} {error.err_code}; see `doctor`") from None
    except (OSError, nats.errors.Error, TimeoutError) as error:
        raise BrokerUnavailable(f"NATS stopped answering ({type(error).__name__}); see `doctor`") from None
    finally:
        # The work is done or its error is on its way; a connection that cannot be closed is closed.
        with suppress(OSError, nats.errors.Error, TimeoutError):
            await client.close()


def url_of(settings: Settings, user: User) -> str:
    """Where and as whom to connect: a server that knows one user for all is named by NATS_URL alone."""
    own = {"producer": settings.nats_producer_url, "operator": settings.nats_operator_url}.get(user)
    return own or settings.nats_url


def run(settings: Settings, work: Callable[[Client], Awaitable[T]], user: User = "sensor") -> T:
    """Run `work` with a connection and wait for it. What `user` may not do is not answered by the server."""

    async def main() -> T:
        async with connected(settings, user) as client:
            return await work(client)

    return asyncio.run(main())
