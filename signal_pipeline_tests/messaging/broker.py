"""What tests ask of the broker itself."""

from __future__ import annotations

import contextlib
from typing import Any

import nats.js.errors
from nats.aio.client import Client

from signal_pipeline.messaging.connection import run
from signal_pipeline.messaging.stream_configs import consumer_config
from signal_pipeline.settings import Settings


def pending(settings: Settings) -> tuple[int, int]:
    """Messages that were not delivered yet, and those that were delivered and not acknowledged."""

    async def work(client: Client) -> tuple[int, int]:
        info = await client.jetstream().consumer_info(settings.nats_stream, settings.nats_consumer)
        return info.num_pending or 0, info.num_ack_pending or 0

    return run(settings, work, "operator")


def shorten_ack_wait(settings: Settings, seconds: float) -> None:
    async def work(client: Client) -> None:
        config = consumer_config(settings)
        config.ack_wait = seconds
        await client.jetstream().add_consumer(settings.nats_stream, config)

    run(settings, work, "operator")


def delete_streams(settings: Settings) -> None:
    async def work(client: Client) -> None:
        for name in (settings.nats_stream, f"{settings.nats_stream}_DEAD", f"{settings.nats_stream}_EVENTS"):
            with contextlib.suppress(nats.js.errors.NotFoundError):
                await client.jetstream().delete_stream(name)

    run(settings, work, "operator")


def dead_announcements(settings: Settings) -> list[bytes]:
    """All that was announced on report.signals.dead so far, and is still there: a store may have lost some."""

    async def work(client: Client) -> list[bytes]:
        jetstream: Any = client.jetstream()
        name = f"{settings.nats_stream}_DEAD"
        state = (await jetstream.stream_info(name)).state
        found = []
        for sequence in range(state.first_seq, state.last_seq + 1):
            with contextlib.suppress(nats.js.errors.NotFoundError):
                found.append(await jetstream.get_msg(name, sequence))
        return [message.data for message in found if message.data is not None]

    return run(settings, work, "operator")
