"""The stream of business events: subject `events.>`, a stream and a durable consumer of its own beside the reports'."""

from __future__ import annotations

from nats.js.api import AckPolicy, ConsumerConfig, DiscardPolicy, RetentionPolicy, StorageType, StreamConfig

from signal_pipeline.settings import Settings

EVENT_SUBJECT = "events.>"
ACK_WAIT_SECONDS = 60.0
MAX_EVENT_STREAM_BYTES = 2 * 1024**3


def event_stream_name(stream: str) -> str:
    """Of the stream of events beside `stream`."""
    return f"{stream}_EVENTS"


def event_stream_config(settings: Settings) -> StreamConfig:
    """As for reports: files on disk, acknowledged messages go, and a full stream refuses instead of dropping."""
    return StreamConfig(
        name=event_stream_name(settings.nats_stream),
        subjects=[EVENT_SUBJECT],
        retention=RetentionPolicy.WORK_QUEUE,
        storage=StorageType.FILE,
        discard=DiscardPolicy.NEW,
        max_bytes=MAX_EVENT_STREAM_BYTES,
        max_msg_size=1024**2,
        duplicate_window=3600.0,
        description="business events to be recorded",
    )


def event_consumer_config(settings: Settings) -> ConsumerConfig:
    return ConsumerConfig(
        durable_name=settings.nats_consumer,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT_SECONDS,
        max_deliver=-1,
        max_ack_pending=10_000,
        filter_subject=EVENT_SUBJECT,
    )
