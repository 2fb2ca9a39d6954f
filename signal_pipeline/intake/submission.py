"""Submitting files as one report: objects, then rows, then the message, so that no message is ahead of its data."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from signal_pipeline.crashpoints import crashpoint
from signal_pipeline.errors import BrokerUnavailable, PermanentError
from signal_pipeline.messaging.publish import publish_report
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.intake import accept
from signal_pipeline.storage.object_keys import signal_key
from signal_pipeline.storage.reports import content_digest, insert_report, insert_signal, signals_of

MAX_FILES = 1000
MAX_NAME_CHARS = 255


class NotAFile(PermanentError):
    """A path given to submit is not a readable file."""


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
    on_progress: Callable[[Path], None] = lambda _: None,
) -> Submitted:
    """Returns when the report cannot be lost any more. File names and title are redacted before they are stored."""
    sizes = _sizes(paths)
    redactor = platform.redactor()
    report_id = uuid4()
    rows = []
    for path in paths:
        signal_id = uuid4()
        key = signal_key(report_id, signal_id)
        sha256 = _sha256(path)
        platform.objects.put_file(key, path)
        crashpoint("after_object_put")
        rows.append((signal_id, redactor.file_name(_storable(path.name), MAX_NAME_CHARS), key, sizes[path], sha256))
        on_progress(path)
    with platform.database.transaction() as connection:
        insert_report(connection, report_id, None if title is None else redactor.text(_storable(title)), source)
        for signal_id, name, key, size, sha256 in rows:
            insert_signal(
                connection,
                signal_id=signal_id,
                report_id=report_id,
                name=name,
                object_key=key,
                size_bytes=size,
                sha256=sha256,
                is_ours=True,
            )
        # The intake table is the record of truth: nothing is lost with the broker's store.
        accept(connection, report_id, content_digest(signals_of(connection, report_id)))
    announced = _announce(platform, report_id)
    return Submitted(report_id, len(rows), sum(row[3] for row in rows), announced)


def _announce(platform: Platform, report_id: UUID) -> bool:
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


def _storable(text: str) -> str:
    """Names on disk may hold bytes that are no text, and Postgres takes neither those nor NUL."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
