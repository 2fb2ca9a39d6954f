"""Step 2, parsed_entries: read each file of the manifest into redacted entries, and record each file's outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import polars as pl

from signal_pipeline.crashpoints import crashpoint
from signal_pipeline.errors import RejectionCode, SignalRejected
from signal_pipeline.fault_isolation import UNEXPECTED, is_expected, tell_fault
from signal_pipeline.frames import SMALL_ROWS, HeldFrame, SpooledFrame, hold, spool
from signal_pipeline.parsing.outcome import SignalOutcome
from signal_pipeline.pipeline.accepted_object import asked_twice
from signal_pipeline.pipeline.earlier_reading import EarlierReading
from signal_pipeline.pipeline.isolated_reader import IsolatedReader
from signal_pipeline.pipeline.reading import RawFile, read_here
from signal_pipeline.platform.platform import Platform
from signal_pipeline.schemas import PARSED
from signal_pipeline.storage.kept_files import KeptFiles
from signal_pipeline.storage.object_store import ObjectStore, StoredObject


@dataclass(frozen=True)
class ParsedReport:
    """The entries of all files of a report and the outcome of each file."""

    entries: SpooledFrame
    outcomes: dict[UUID, SignalOutcome]
    duplicates: dict[UUID, UUID]


@dataclass(frozen=True)
class ParsingTools:
    """What reading needs besides the report."""

    store: ObjectStore
    kept: KeptFiles
    read: Callable[[RawFile, Path], tuple[SignalOutcome, HeldFrame | None]]
    folder: Path
    """For copies of raw files, private to this process."""

    @staticmethod
    def of(platform: Platform, *, isolated: bool = False) -> ParsingTools:
        """`isolated`: files are read in a process of their own."""
        if isolated:
            read = platform.opened(_isolated_reader).read
            return ParsingTools(platform.objects, platform.kept, read, platform.work_folder)

        def read_in_process(raw: RawFile, target: Path) -> tuple[SignalOutcome, HeldFrame]:
            return read_here(raw, target, platform.redactor(), platform.limits, hold)

        return ParsingTools(platform.objects, platform.kept, read_in_process, platform.work_folder)


def _isolated_reader(platform: Platform) -> closing[IsolatedReader]:
    return closing(IsolatedReader(platform.redaction_key, platform.limits))


def parse_report(
    manifest: pl.DataFrame,
    object_keys: Mapping[UUID, str],
    tools: ParsingTools,
    target: Path,
    earlier: EarlierReading | None = None,
) -> ParsedReport:
    """Read all files of `manifest` into one Parquet file at `target`.

    A file that is refused half-way leaves nothing behind. A byte-equal copy of an earlier file is not read twice. Of a
    file that cannot be fetched, what an earlier run read is kept.
    """
    outcomes: dict[UUID, SignalOutcome] = {}
    duplicates: dict[UUID, UUID] = {}
    parts: list[HeldFrame] = []
    listed = {UUID(signal_id) for signal_id in manifest["signal_id"]}
    present = set(manifest.filter(pl.col("outcome") == "ok")["sha256"])
    with TemporaryDirectory(dir=tools.folder) as name:
        folder = Path(name)
        for row in manifest.iter_rows(named=True):
            signal_id = UUID(row["signal_id"])
            if row["duplicate_of"] is not None:
                duplicates[signal_id] = UUID(row["duplicate_of"])
                continue
            outcome, part = _parse_one(row, object_keys.get(signal_id), tools, folder)
            if earlier is not None and part is None:
                original = earlier.original_of(signal_id, outcome)
                if original in listed:
                    duplicates[signal_id] = original
                    continue
                before = earlier.kept(signal_id, outcome, folder / f"{signal_id}.parquet", present)
                outcome, part = before or (outcome, None)
            outcomes[signal_id] = outcome
            if part is not None:
                parts.append(_beside(sum(other.rows for other in parts), part, folder / f"{signal_id}.parquet"))
        entries = spool(_rows_of(parts), PARSED, target)
    crashpoint("after_parse")
    for copy, first in list(duplicates.items()):
        while first in duplicates:  # a copy of what turned out to be a copy
            first = duplicates[first]  # noqa: PLW2901
        duplicates[copy] = first
        outcomes[copy] = SignalOutcome(status=outcomes[first].status, kind=outcomes[first].kind)
    return ParsedReport(entries, outcomes, duplicates)


def _parse_one(
    row: dict[str, Any], object_key: str | None, tools: ParsingTools, folder: Path
) -> tuple[SignalOutcome, HeldFrame | None]:
    kind = row["kind"] or "unknown"
    if row["outcome"] != "ok":
        return SignalOutcome.failed(kind, RejectionCode(row["reason"])), None
    if object_key is None:
        return SignalOutcome.failed(kind, RejectionCode.NOT_FOUND), None
    raw = RawFile(folder / "raw", row["name"], kind, row["report_id"], row["signal_id"])
    target = folder / f"{row['signal_id']}.parquet"
    try:
        if not tools.kept.take(object_key, row["sha256"], raw.path):
            asked_twice(lambda: _fetch(tools.store, object_key, row, raw.path))
        crashpoint("after_fetch")
        outcome, part = tools.read(raw, target)
    except SignalRejected as rejected:
        return SignalOutcome.failed(kind, rejected.code), None
    except UNEXPECTED as error:
        if is_expected(error) or isinstance(error, OSError):
            raise
        tell_fault("reading a file", error)
        return SignalOutcome.failed(kind, RejectionCode.INTERNAL_ERROR), None
    finally:
        raw.path.unlink(missing_ok=True)
    return outcome, part if outcome.status != "failed" else None


def _fetch(store: ObjectStore, object_key: str, row: dict[str, Any], target: Path) -> None:
    """The exact bytes that the manifest saw: the store is asked for that version, and the content is compared."""
    sha256 = store.fetch(object_key, target, StoredObject(row["size_bytes"], row["etag"]))
    if sha256 != row["sha256"]:
        raise SignalRejected(RejectionCode.CHANGED)


def _beside(held_rows: int, part: HeldFrame, path: Path) -> HeldFrame:
    """A report of many small files must not fill the memory with them."""
    return part if held_rows + part.rows <= SMALL_ROWS else part.set_aside(path)


def _rows_of(parts: list[HeldFrame]) -> Iterator[pl.DataFrame]:
    if sum(part.rows for part in parts) <= SMALL_ROWS:
        yield from [pl.concat([part.scan().collect() for part in parts])] if parts else []
        return
    for part in parts:
        yield from part.scan().collect_batches(maintain_order=True)
