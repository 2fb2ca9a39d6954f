"""Creates the streams and consumers of `stream_configs.py`, or what is missing of them."""

from __future__ import annotations

from contextlib import suppress

from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.errors import BadRequestError, NotFoundError

from signal_pipeline.messaging.connection import run
from signal_pipeline.messaging.stream_configs import (
    consumer_config,
    dead_stream_config,
    event_consumer_config,
    event_stream_config,
    event_stream_name,
    stream_config,
)
from signal_pipeline.settings import Settings


def ensure_stream(settings: Settings) -> None:
    """Create the streams and the consumer, or bring those that exist to these settings."""

    async def work(client: Client) -> None:
        await ensure(client.jetstream(), settings)

    run(settings, work, "operator")


async def ensure(jetstream: JetStreamContext, settings: Settings) -> None:
    for config in (stream_config(settings), dead_stream_config(settings), event_stream_config(settings)):
        try:
            await jetstream.update_stream(config)
        except NotFoundError:
            await jetstream.add_stream(config)
    await jetstream.add_consumer(settings.nats_stream, consumer_config(settings))
    await jetstream.add_consumer(event_stream_name(settings.nats_stream), event_consumer_config(settings))


async def restore(jetstream: JetStreamContext, settings: Settings) -> None:
    """Create what is missing, and change nothing that is there: the sensor may do no more."""
    for config in (stream_config(settings), dead_stream_config(settings), event_stream_config(settings)):
        with suppress(BadRequestError):  # it is there, with other settings
            await jetstream.add_stream(config)
    await jetstream.add_consumer(settings.nats_stream, consumer_config(settings))
    await jetstream.add_consumer(event_stream_name(settings.nats_stream), event_consumer_config(settings))
