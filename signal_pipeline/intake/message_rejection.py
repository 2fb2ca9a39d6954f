"""A delivered message that means nothing becomes a dead letter: its reason, and its content without secrets."""

from __future__ import annotations

from collections.abc import Callable

import psycopg

from signal_pipeline.errors import MessageRejected
from signal_pipeline.messaging.receive import Received
from signal_pipeline.storage.dead_letters import bury_message


def record_rejection(
    connection: psycopg.Connection, message: Received, rejected: MessageRejected, redact: Callable[[str], str]
) -> None:
    """What redaction leaves as it is can be sent again as it was."""
    text = message.data.decode("utf-8", "replace")
    clean = redact(text)
    bury_message(
        connection,
        payload=message.data,
        redacted=message.data if clean == text else clean.encode(),
        reason=rejected.code,
        detail=rejected.detail,
        report_id=None,
        stream_sequence=message.stream_sequence,
        published_at=message.published_at,
    )
