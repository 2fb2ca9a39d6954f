"""Streams and consumers of JetStream, with the settings that lose nothing: reports, business events, dead letters.

No connection here.
"""

from __future__ import annotations

from nats.js.api import AckPolicy, ConsumerConfig, DiscardPolicy, RetentionPolicy, StorageType, StreamConfig

from signal_pipeline.messaging.report_message import DEAD_SUBJECT, SUBJECT
from signal_pipeline.settings import Settings

EVENT_SUBJECT = "events.>"
# A message that the broker saw within this time is recognised by its Nats-Msg-Id; later the table recognises it.
DUPLICATE_WINDOW_SECONDS = 3600.0
ACK_WAIT_SECONDS = 30.0
EVENT_ACK_WAIT_SECONDS = 60.0
DEAD_LETTERS_KEPT_SECONDS = 30 * 86400.0
GIB = 1024**3


def event_stream_name(stream: str) -> str:
    """Of the stream of events beside `stream`."""
    return f"{stream}_EVENTS"


def stream_config(settings: Settings) -> StreamConfig:
    return _work_queue(settings.nats_stream, SUBJECT, GIB, "reports to be processed")


def event_stream_config(settings: Settings) -> StreamConfig:
    name = event_stream_name(settings.nats_stream)
    return _work_queue(name, EVENT_SUBJECT, 2 * GIB, "business events to be recorded")


def _work_queue(name: str, subject: str, max_bytes: int, description: str) -> StreamConfig:
    """Files on disk; acknowledged messages go; when full, producers get an error instead of messages being dropped."""
    return StreamConfig(
        name=name,
        subjects=[subject],
        retention=RetentionPolicy.WORK_QUEUE,
        storage=StorageType.FILE,
        discard=DiscardPolicy.NEW,
        max_bytes=max_bytes,
        max_msg_size=1024**2,
        duplicate_window=DUPLICATE_WINDOW_SECONDS,
        description=description,
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
    return _durable_consumer(settings, SUBJECT, ACK_WAIT_SECONDS)


def event_consumer_config(settings: Settings) -> ConsumerConfig:
    return _durable_consumer(settings, EVENT_SUBJECT, EVENT_ACK_WAIT_SECONDS)


def _durable_consumer(settings: Settings, subject: str, ack_wait_seconds: float) -> ConsumerConfig:
    return ConsumerConfig(
        durable_name=settings.nats_consumer,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=ack_wait_seconds,
        max_deliver=-1,
        max_ack_pending=10_000,
        filter_subject=subject,
    )
