"""Step 1, raw_signals: look at each file of a report where it lies and write down what is there.

Nothing of a file's content is kept here but its kind, size and hash.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import polars as pl

from signal_pipeline.errors import ReportUnknown, SignalRejected
from signal_pipeline.parsing.look import look_inside
from signal_pipeline.schemas import MANIFEST
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.object_store import ObjectStore
from signal_pipeline.storage.reports import Signal, report_exists, signals_of
from signal_pipeline.storage.work_folder import work_folder


def report_signals(database: Database, report_id: UUID) -> list[Signal]:
    """The report's files; ReportUnknown when there is no such report."""
    with database.transaction() as connection:
        if not report_exists(connection, report_id):
            raise ReportUnknown(f"report {report_id} is not in the database; submit it first")
        return signals_of(connection, report_id)


def collect_manifest(report_id: UUID, signals: list[Signal], store: ObjectStore, temp_dir: Path) -> pl.DataFrame:
    """One row per file, in the columns of MANIFEST; a file that cannot be fetched is a row that says why."""
    rows: list[dict[str, Any]] = []
    first_with: dict[str, str] = {}
    with work_folder(temp_dir) as folder:
        for signal in signals:
            row = _look_at(signal, store, folder)
            sha256 = row.get("sha256")
            if sha256:
                row["duplicate_of"] = first_with.get(sha256)
                first_with.setdefault(sha256, str(signal.id))
            rows.append({"report_id": str(report_id), **row})
    return MANIFEST.conform(pl.DataFrame(rows, schema_overrides=MANIFEST.polars)) if rows else MANIFEST.empty()


def _look_at(signal: Signal, store: ObjectStore, folder: Path) -> dict[str, Any]:
    row: dict[str, Any] = {"signal_id": str(signal.id), "name": signal.name, "kind": "unknown"}
    copy = folder / str(signal.id)
    try:
        stored = store.look(signal.object_key)
        row |= {"size_bytes": stored.size_bytes, "etag": stored.etag}
        row["sha256"] = store.fetch(signal.object_key, copy, stored)
        container, kind = look_inside(copy, signal.name)
        row |= {"container": container, "kind": kind, "outcome": "ok"}
    except SignalRejected as rejected:
        row |= {"outcome": "failed", "reason": rejected.code.value}
    finally:
        copy.unlink(missing_ok=True)
    return row
