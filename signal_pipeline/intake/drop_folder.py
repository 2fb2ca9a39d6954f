"""Taking bundles out of a drop folder: submitted as reports once they have stopped growing, and moved aside.

A crash anywhere takes nothing twice: the content is remembered in the transaction that registers the report, and a
bundle whose content is known is only moved.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from uuid import UUID, uuid4

from signal_pipeline.errors import DatabaseUnavailable, PermanentError, SignalPipelineError, TransientError
from signal_pipeline.intake.drop_bundles import REFUSED, TAKEN, Bundle, DropFile, bundles
from signal_pipeline.intake.submission import MAX_FILES, StoredFile, announce, register_report, storable
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.idempotency import remember_taken, taken_as
from signal_pipeline.storage.object_keys import signal_key

logger = logging.getLogger(__name__)
What = Literal["taken", "known", "refused", "later"]
NOTE = "report.txt"


@dataclass(frozen=True)
class Taken:
    """What became of one bundle. `report_id` is None when there is no report of it."""

    bundle: Path
    what: What
    report_id: UUID | None = None
    reason: str | None = None


class StillChanging(TransientError):
    """A file was written to while it was taken."""


def take_settled(platform: Platform, folder: Path) -> list[Taken]:
    """Take every bundle that has settled; one that cannot be taken now stays for the next time."""
    settings = platform.settings
    times = settings.drop_folder_settle_seconds, settings.capture_min_age_seconds
    ready = [bundle for bundle in bundles(folder) if bundle.has_settled(time.time(), *times)]
    return [_take(platform, folder, bundle) for bundle in ready]


def _take(platform: Platform, folder: Path, bundle: Bundle) -> Taken:
    try:
        taken = _submit(platform, bundle)
    except (TransientError, OSError) as error:
        reason = str(error) if isinstance(error, SignalPipelineError) else type(error).__name__
        return Taken(bundle.path, "later", reason=reason)
    except PermanentError as error:
        taken = Taken(bundle.path, "refused", reason=str(error))
    _move_aside(folder, taken)
    return taken


def _submit(platform: Platform, bundle: Bundle) -> Taken:
    if len(bundle.files) > MAX_FILES:
        raise PermanentError(f"{len(bundle.files)} files are more than a report may have ({MAX_FILES})")
    hashes = [_sha256(file) for file in bundle.files]
    digest = _digest(hashes)
    with platform.database.transaction() as connection:
        known = taken_as(connection, digest)
    if known is not None:
        return Taken(bundle.path, "known", known)
    report_id = uuid4()
    files = _upload(platform, report_id, bundle.files, hashes)
    try:
        won = _register(platform, report_id, files, digest, bundle.path.name)
    except DatabaseUnavailable:
        raise  # it may have been committed although the answer was lost: the files must stay
    except SignalPipelineError:
        _remove(platform, files)
        raise
    if not won:
        _remove(platform, files)
        with platform.database.transaction() as connection:
            return Taken(bundle.path, "known", taken_as(connection, digest))
    announce(platform, report_id)
    return Taken(bundle.path, "taken", report_id)


def _upload(platform: Platform, report_id: UUID, files: Sequence[DropFile], hashes: Sequence[str]) -> list[StoredFile]:
    stored: list[StoredFile] = []
    try:
        for file, sha256 in zip(files, hashes, strict=True):
            signal_id = uuid4()
            key = signal_key(report_id, signal_id)
            stored.append(StoredFile(signal_id, file.name, key, file.size_bytes, sha256))
            platform.objects.put_file(key, file.path)
        if not all(file.is_as_before() for file in files):
            raise StillChanging("a file was written to while it was being moved")
    except BaseException:
        _remove(platform, stored)
        raise
    return stored


def _register(platform: Platform, report_id: UUID, files: Sequence[StoredFile], digest: str, name: str) -> bool:
    with platform.database.transaction() as connection:
        register_report(connection, platform, report_id, files, title=storable(name), source="drop folder")
        won = remember_taken(connection, digest, report_id)
        if not won:
            connection.rollback()
    return won


def _remove(platform: Platform, files: Sequence[StoredFile]) -> None:
    """Best effort: objects that nothing refers to do no harm."""
    for file in files:
        with suppress(SignalPipelineError):
            platform.objects.delete(file.object_key)


def _sha256(file: DropFile) -> str:
    with file.path.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    if not file.is_as_before():
        raise StillChanging("a file was written to while it was being read")
    return digest


def _digest(hashes: Sequence[str]) -> str:
    """Of the contents alone: names and order do not make another bundle of it."""
    return hashlib.sha256("\n".join(sorted(hashes)).encode()).hexdigest()


def _move_aside(folder: Path, taken: Taken) -> None:
    """Into taken/ or refused/, with a note beside it. What cannot be moved is known by its content the next time."""
    target = folder / (REFUSED if taken.what == "refused" else TAKEN)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    place = target / f"{stamp}-{uuid4().hex[:6]}-{taken.bundle.name}"
    note = {
        "taken": f"taken as report {taken.report_id}",
        "known": f"same content as report {taken.report_id}, which was taken before",
        "refused": f"refused: {taken.reason}",
        "later": "",
    }[taken.what]
    try:
        place.mkdir(parents=True)
        if taken.bundle.is_dir():
            for inner in taken.bundle.iterdir():
                inner.rename(place / inner.name)
            taken.bundle.rmdir()
        else:
            taken.bundle.rename(place / taken.bundle.name)
        (place / NOTE).write_text(note + "\n", encoding="utf-8")
    except OSError as error:
        logger.warning("a bundle cannot be moved to %s/ (%s): it is left in place", target.name, type(error).__name__)
