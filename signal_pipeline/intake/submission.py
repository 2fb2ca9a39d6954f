"""Submitting files as one report: objects, then rows, then the message, so that no message is ahead of its data.

Rows and request are one transaction. When it is committed the report cannot be lost: the intake row is the truth, and
the message on NATS only wakes the sensor.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import psycopg

from signal_pipeline.crashpoints import crashpoint
from signal_pipeline.errors import BrokerUnavailable, PermanentError, WorkOrderInvalid
from signal_pipeline.messaging.publish import publish_report
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.dependencies import unknown_reports
from signal_pipeline.storage.intake import accept
from signal_pipeline.storage.object_keys import signal_key
from signal_pipeline.storage.reports import content_digest, insert_report, insert_signal, signals_of
from signal_pipeline.work_order import WorkOrder

MAX_FILES = 1000
MAX_NAME_CHARS = 255
MAX_TITLE_CHARS = 500


class NotAFile(PermanentError):
    """A path given to submit is not a readable file."""


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


@dataclass(frozen=True)
class Submitted:
    """`announced` is False when the broker was down: the request is in the intake table all the same."""

    report_id: UUID
    files: int
    bytes: int
    announced: bool


def submit_report(
    platform: Platform,
    paths: Sequence[Path],
    *,
    title: str | None,
    source: str = "command line",
    order: WorkOrder | None = None,
    on_progress: Callable[[Path], None] = lambda _: None,
) -> Submitted:
    """Returns when the report is stored and cannot be lost. File names and title are redacted before they are stored.

    WorkOrderInvalid, and nothing stored, when `order` depends on a report that is not in the database.
    """
    if order:
        with platform.database.transaction() as connection:
            check_dependencies(connection, order)
    sizes = _sizes(paths)
    report_id = uuid4()
    files = []
    for path in paths:
        signal_id = uuid4()
        key = signal_key(report_id, signal_id)
        sha256 = _sha256(path)
        platform.objects.put_file(key, path)
        crashpoint("after_object_put")
        files.append(StoredFile(signal_id, path.name, key, sizes[path], sha256))
        on_progress(path)
    with platform.database.transaction() as connection:
        register_report(connection, platform, report_id, files, title=title, source=source, order=order)
    announced = announce(platform, report_id)
    return Submitted(report_id, len(files), sum(file.size_bytes for file in files), announced)


def register_report(
    connection: psycopg.Connection,
    platform: Platform,
    report_id: UUID,
    files: Sequence[StoredFile],
    *,
    title: str | None,
    source: str,
    order: WorkOrder | None = None,
) -> None:
    """Report, files and request. Names and title are redacted here, before they are stored."""
    if order:
        check_dependencies(connection, order)
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
    accept(connection, report_id, content_digest(signals_of(connection, report_id)), order)


def check_dependencies(connection: psycopg.Connection, order: WorkOrder) -> None:
    """A report that is new cannot wait for itself, so that only unknown ones are wrong."""
    if unknown := unknown_reports(connection, order.depends_on):
        raise WorkOrderInvalid(f"depends_on: report {unknown[0]} is not in the database")


def announce(platform: Platform, report_id: UUID) -> bool:
    """Wake the sensor. Nothing is lost when the broker is down: the sensor reads the table by itself."""
    try:
        publish_report(platform.settings, report_id, message_id=str(report_id))
    except BrokerUnavailable:
        return False
    return True


def _sizes(paths: Sequence[Path]) -> dict[Path, int]:
    if len(paths) > MAX_FILES:
        raise NotAFile(f"{len(paths)} files are more than a report may have ({MAX_FILES})")
    sizes = {}
    for path in paths:
        if not path.is_file():
            raise NotAFile(f"{path} is not a file")
        sizes[path] = path.stat().st_size
    return sizes


def storable(text: str) -> str:
    """Names may hold bytes that are no text, and line ends and escapes that fool a terminal; Postgres takes no NUL."""
    clean = text.encode("utf-8", "replace").decode()
    return "".join(c if c.isprintable() else "\ufffd" for c in clean).strip()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
