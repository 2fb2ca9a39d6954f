"""Registering a report whose files lie in the object store already: rows and the request in one transaction.

When it is committed the work cannot be lost: the intake row is the truth, and the message on NATS only wakes the
sensor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import psycopg

from signal_pipeline.errors import BrokerUnavailable
from signal_pipeline.messaging.publish import publish_report
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.intake import accept
from signal_pipeline.storage.reports import content_digest, insert_report, insert_signal, signals_of

MAX_NAME_CHARS = 255
MAX_TITLE_CHARS = 500


@dataclass(frozen=True)
class StoredFile:
    """A file in the bucket. `name` is as it was sent; `sha256` is None where a producer's object is referred to."""

    signal_id: UUID
    name: str
    object_key: str
    size_bytes: int
    sha256: str | None

    @property
    def is_ours(self) -> bool:
        """We uploaded it, and so may delete it."""
        return self.sha256 is not None


def register_report(
    connection: psycopg.Connection,
    platform: Platform,
    report_id: UUID,
    files: Sequence[StoredFile],
    *,
    title: str | None,
    source: str,
) -> None:
    """Report, files and request. Names and title are redacted here, before they are stored."""
    redactor = platform.redactor()
    clean = None if title is None else redactor.text(storable(title))[:MAX_TITLE_CHARS]
    insert_report(connection, report_id, clean, source)
    for file in files:
        insert_signal(
            connection,
            signal_id=file.signal_id,
            report_id=report_id,
            name=redactor.file_name(storable(file.name), MAX_NAME_CHARS),
            object_key=file.object_key,
            size_bytes=file.size_bytes,
            sha256=file.sha256,
            is_ours=file.is_ours,
        )
    accept(connection, report_id, content_digest(signals_of(connection, report_id)))


def announce(platform: Platform, report_id: UUID) -> None:
    """Wake the sensor. Nothing is lost when the broker is down: the sensor looks at the table by itself."""
    try:
        publish_report(platform.settings, report_id, message_id=str(report_id))
    except BrokerUnavailable:
        return


def storable(text: str) -> str:
    """Names may hold bytes that are no text, and line ends and escapes that fool a terminal; Postgres takes no NUL."""
    clean = text.encode("utf-8", "replace").decode()
    return "".join(c if c.isprintable() else "\ufffd" for c in clean).strip()
