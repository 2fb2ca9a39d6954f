"""Pulling messages from the durable consumer: a bounded number, settled only after the handler has returned.

The handler makes its effects durable before it returns, so a crash anywhere means that the broker delivers again and
the handler recognises the repetition. What does not belong here: what a message means.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from signal_pipeline.crashpoints import crashpoint
from signal_pipeline.messaging.connection import run
from signal_pipeline.messaging.stream import restore
from signal_pipeline.settings import Settings

DRAIN_SECONDS = 0.05
ROUND_TRIPS = 3.0
"""Time on top for a slow network: what is on its way when a fetch ends is delivered again only after a long while."""
GIVE_BACK_SECONDS = 2.0


@dataclass(frozen=True)
class Received:
    """One delivery. The sequence is not an identity: a damaged store reuses it."""

    data: bytes
    stream_sequence: int
    published_at: datetime
    headers: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Settle:
    """What to tell the broker: done, or deliver again after `retry_seconds`."""

    retry_seconds: float | None = None


DONE = Settle()
Handler = Callable[[Sequence[Received]], Sequence[Settle]]


def receive(settings: Settings, *, limit: int, wait_seconds: float, handle: Handler, stream: str | None = None) -> int:
    """Wait up to `wait_seconds` for a message, take up to `limit`, handle and settle them; how many there were.

    From the stream of reports, if no other is named.
    """

    async def work(client: Client) -> int:
        messages = await _pull(client.jetstream(), settings, stream or settings.nats_stream, limit, wait_seconds)
        if not messages:
            return 0
        received = [
            Received(m.data, m.metadata.sequence.stream, m.metadata.timestamp, tuple((m.headers or {}).items()))
            for m in messages
        ]
        try:
            decisions = await asyncio.to_thread(handle, received)
        except BaseException:
            await _give_back(messages)
            raise
        crashpoint("before_ack")
        for message, decision in zip(messages, decisions, strict=True):
            await _settle(message, decision)
            crashpoint("after_ack")
        await client.flush(timeout=5)
        return len(messages)

    return run(settings, work)


async def _give_back(messages: Sequence[Msg]) -> None:
    """Ask for another delivery soon instead of after the acknowledgement's time; best effort."""
    for message in messages:
        with suppress(OSError, nats.errors.Error, TimeoutError):
            await message.nak(delay=GIVE_BACK_SECONDS)


async def _settle(message: Msg, decision: Settle) -> None:
    if decision.retry_seconds is not None:
        await message.nak(delay=decision.retry_seconds)
        return
    # The effects are durable: an acknowledgement that does not get through means one more, recognised, delivery.
    with suppress(TimeoutError):
        await message.ack_sync(timeout=5)


async def _pull(
    jetstream: JetStreamContext, settings: Settings, stream: str, limit: int, wait_seconds: float
) -> list[Msg]:
    began, is_there = time.monotonic(), True
    try:
        await jetstream.consumer_info(stream, settings.nats_consumer)
    except NotFoundError:
        is_there = False
    drain_seconds = DRAIN_SECONDS + ROUND_TRIPS * (time.monotonic() - began)
    if not is_there:
        # The broker lost its store. What was accepted is in our table; what comes next needs a stream.
        await restore(jetstream, settings)
    subscription = await jetstream.pull_subscribe_bind(consumer=settings.nats_consumer, stream=stream)
    messages: list[Msg] = []
    timeout = max(wait_seconds, drain_seconds)
    while len(messages) < limit:
        try:
            # The first fetch waits for one message; the rest takes what is there already.
            fetched = await subscription.fetch(limit - len(messages) if messages else 1, timeout=timeout)
        except TimeoutError:
            # Python's own, for nats-py raises that as well as its subclass; what was fetched before must not be lost.
            break
        if not fetched:
            break
        messages += fetched
        timeout = drain_seconds
    return messages
