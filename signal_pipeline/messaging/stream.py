"""The JetStream stream and consumer, with the settings that lose nothing, and a check that they are in force."""

from __future__ import annotations

from contextlib import suppress

from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import BadRequestError, NotFoundError

from signal_pipeline.messaging.connection import run
from signal_pipeline.messaging.event_stream import event_consumer_config, event_stream_config, event_stream_name
from signal_pipeline.messaging.report_message import DEAD_SUBJECT, SUBJECT
from signal_pipeline.settings import Settings

# A message that the broker saw within this time is recognised by its Nats-Msg-Id; later the table recognises it.
DUPLICATE_WINDOW_SECONDS = 3600.0
ACK_WAIT_SECONDS = 30.0
DEAD_LETTERS_KEPT_SECONDS = 30 * 86400.0


def stream_config(settings: Settings) -> StreamConfig:
    """Files on disk; acknowledged messages go; when full, producers get an error instead of messages being dropped."""
    return StreamConfig(
        name=settings.nats_stream,
        subjects=[SUBJECT],
        retention=RetentionPolicy.WORK_QUEUE,
        storage=StorageType.FILE,
        discard=DiscardPolicy.NEW,
        max_bytes=1024**3,
        max_msg_size=1024**2,
        duplicate_window=DUPLICATE_WINDOW_SECONDS,
        description="reports to be processed",
    )


def dead_stream_config(settings: Settings) -> StreamConfig:
    return StreamConfig(
        name=f"{settings.nats_stream}_DEAD",
        subjects=[DEAD_SUBJECT],
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        discard=DiscardPolicy.OLD,
        max_bytes=64 * 1024**2,
        max_age=DEAD_LETTERS_KEPT_SECONDS,
        description="announcements of dead letters; the record is in Postgres",
    )


def consumer_config(settings: Settings) -> ConsumerConfig:
    return ConsumerConfig(
        durable_name=settings.nats_consumer,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT_SECONDS,
        max_deliver=-1,
        max_ack_pending=10_000,
        filter_subject=SUBJECT,
    )


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
