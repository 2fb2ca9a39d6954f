"""Step 1, raw_signals: look at each file of a report where it lies and write down what is there.

Nothing of a file's content is kept here but its kind, size and hash.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import polars as pl

from signal_pipeline.errors import RejectionCode, ReportUnknown, SignalRejected
from signal_pipeline.fault_isolation import UNEXPECTED, is_expected, tell_fault
from signal_pipeline.parsing.file_kind import container_and_kind
from signal_pipeline.pipeline.accepted_object import asked_twice, check_content, check_size
from signal_pipeline.platform.platform import Platform
from signal_pipeline.schemas import MANIFEST
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.kept_files import KeptFiles
from signal_pipeline.storage.object_store import ObjectStore, StoredObject
from signal_pipeline.storage.reports import Signal, report_exists, signals_of
from signal_pipeline.storage.work_folder import need_space

# Waiting for the object store takes longer than looking.
FETCHES_AT_ONCE = 4


def report_signals(database: Database, report_id: UUID) -> list[Signal]:
    """The report's files; ReportUnknown when there is no such report."""
    with database.transaction() as connection:
        signals = signals_of(connection, report_id)
        if not signals and not report_exists(connection, report_id):
            raise ReportUnknown(f"report {report_id} is not in the database; submit it first")
        return signals


@dataclass(frozen=True)
class FetchingTools:
    """What looking at a report's files needs besides the report."""

    store: ObjectStore
    kept: KeptFiles
    folder: Path
    """For copies of raw files, private to this process."""
    threads: Executor
    max_object_bytes: int
    reserve_bytes: int

    @staticmethod
    def of(platform: Platform) -> FetchingTools:
        settings = platform.settings
        return FetchingTools(
            platform.objects,
            platform.kept,
            platform.work_folder,
            platform.opened(_fetching_threads),
            max_object_bytes=settings.max_file_bytes,
            reserve_bytes=settings.temp_space_reserve_mb * 1024 * 1024,
        )


def _fetching_threads(_: Platform) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(FETCHES_AT_ONCE, thread_name_prefix="fetching")


def collect_manifest(report_id: UUID, signals: Sequence[Signal], tools: FetchingTools) -> pl.DataFrame:
    """One row per file, in the columns of MANIFEST; a file that cannot be fetched is a row that says why."""
    rows: list[dict[str, Any]] = []
    first_with: dict[str, str] = {}
    coming = [tools.threads.submit(_manifest_row, signal, tools) for signal in signals]
    try:
        for signal, future in zip(signals, coming, strict=True):
            row = future.result()
            sha256 = row.get("sha256")
            if sha256:
                row["duplicate_of"] = first_with.get(sha256)
                first_with.setdefault(sha256, str(signal.id))
            rows.append({"report_id": str(report_id), **row})
    finally:
        for future in coming:
            future.cancel()
        wait(coming)
    return MANIFEST.conform(pl.DataFrame(rows, schema_overrides=MANIFEST.polars)) if rows else MANIFEST.empty()


def _manifest_row(signal: Signal, tools: FetchingTools) -> dict[str, Any]:
    row: dict[str, Any] = {"signal_id": str(signal.id), "name": signal.name, "kind": "unknown"}
    copy = tools.folder / str(signal.id)

    def may_fetch(stored: StoredObject) -> None:
        row.update(size_bytes=stored.size_bytes, etag=stored.etag)
        check_size(signal, stored)
        if stored.size_bytes > tools.max_object_bytes:
            raise SignalRejected(RejectionCode.TOO_LARGE)
        need_space(tools.folder, stored.size_bytes + tools.reserve_bytes)

    def fetched() -> str:
        _, sha256 = tools.store.fetch_if(signal.object_key, copy, may_fetch)
        check_content(signal, sha256, copy)
        return sha256

    try:
        sha256 = row["sha256"] = asked_twice(fetched)
        container, kind = container_and_kind(copy, signal.name)
        row |= {"container": container, "kind": kind, "outcome": "ok"}
        tools.kept.keep(signal.object_key, sha256, copy)
    except SignalRejected as rejected:
        row |= {"outcome": "failed", "reason": rejected.code.value}
    except UNEXPECTED as error:
        if is_expected(error) or isinstance(error, OSError):
            raise
        tell_fault("looking at a file", error)
        row |= {"outcome": "failed", "reason": RejectionCode.INTERNAL_ERROR.value}
    finally:
        copy.unlink(missing_ok=True)
    return row
