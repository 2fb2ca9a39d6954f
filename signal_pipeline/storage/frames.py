"""Where the Parquet files between assets lie: one object per report and asset, in a folder or in S3.

An object is written whole under a temporary name and then put in its place, so a reader sees the old one or the
new one and never half of one. What does not belong here: columns (schemas.py) and Dagster's IO manager.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Protocol
from uuid import UUID, uuid4

import polars as pl

from signal_pipeline.crashpoints import crashpoint
from signal_pipeline.errors import PermanentError, RejectionCode, SignalRejected
from signal_pipeline.frames import SpooledFrame
from signal_pipeline.schemas import STORED
from signal_pipeline.settings import Settings
from signal_pipeline.storage.frame_checksums import Verified, announce, checksum, forget
from signal_pipeline.storage.object_store import ObjectStore
from signal_pipeline.storage.work_folder import work_folder

CHECKSUM = "sha256"


class FrameMissing(PermanentError):
    """The asset has not been materialized for this report; the message says which one to run."""


class FrameBroken(PermanentError):
    """The stored file is not what was written; the message says which one, and that a re-run makes it again."""


class FrameStore(Protocol):
    """Both stores behave alike; a contract test runs against each."""

    def spool_path(self) -> Path:
        """A fresh path for a file that is being written."""
        ...

    def put(self, asset: str, report_id: UUID, frame: SpooledFrame) -> str:
        """Put the file in its place and return where that is; the spooled file is gone afterwards."""
        ...

    def scan(self, asset: str, report_id: UUID) -> pl.LazyFrame:
        """The stored frame; FrameMissing when there is none, FrameBroken when its bytes have changed."""
        ...

    def delete(self, asset: str, report_id: UUID) -> bool:
        """Whether there was one."""
        ...

    def has(self, asset: str, report_id: UUID) -> bool: ...

    def close(self) -> None: ...


class LocalFrames:
    """Parquet files in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open = ExitStack()
        self._verified = Verified()

    @cached_property
    def _spool(self) -> Path:
        # Below the same folder, so that a finished file can be renamed into its place.
        return self._open.enter_context(work_folder(self._folder / ".spool"))

    def spool_path(self) -> Path:
        return self._spool / f"{uuid4()}.parquet"

    def put(self, asset: str, report_id: UUID, frame: SpooledFrame) -> str:
        target = self._path(asset, report_id)
        target.parent.mkdir(parents=True, exist_ok=True)
        with frame.path.open("rb") as file:
            os.fsync(file.fileno())
        announce(frame.path, target)
        frame.path.replace(target)
        crashpoint("after_frame_rename")
        return str(target)

    def scan(self, asset: str, report_id: UUID) -> pl.LazyFrame:
        path = self._path(asset, report_id)
        if not path.is_file():
            raise _missing(asset, report_id)
        if not self._verified.is_whole(path):
            raise _broken(asset, report_id)
        return _upgraded(asset, _opened(path, asset, report_id))

    def delete(self, asset: str, report_id: UUID) -> bool:
        there = self.has(asset, report_id)
        path = self._path(asset, report_id)
        path.unlink(missing_ok=True)
        forget(path)
        return there

    def has(self, asset: str, report_id: UUID) -> bool:
        return self._path(asset, report_id).is_file()

    def close(self) -> None:
        self._open.close()

    def _path(self, asset: str, report_id: UUID) -> Path:
        return self._folder / asset / f"{report_id}.parquet"


def _upgraded(asset: str, stored: pl.LazyFrame) -> pl.LazyFrame:
    """What an earlier version stored, as this one reads it."""
    return STORED[asset].upgraded(stored) if asset in STORED else stored


class S3Frames:
    """Parquet objects in the bucket, below frames/. Read through a temporary copy, which ends with the process."""

    def __init__(self, store: ObjectStore, temp_dir: Path) -> None:
        self._store = store
        self._temp_dir = temp_dir
        self._open = ExitStack()

    @cached_property
    def _copies(self) -> Path:
        return self._open.enter_context(work_folder(self._temp_dir))

    def spool_path(self) -> Path:
        return self._copies / f"{uuid4()}.parquet"

    def put(self, asset: str, report_id: UUID, frame: SpooledFrame) -> str:
        key = self._key(asset, report_id)
        self._store.put_file(key, frame.path, {CHECKSUM: checksum(frame.path)})
        frame.path.unlink()
        return f"s3://{self._store.bucket}/{key}"

    def scan(self, asset: str, report_id: UUID) -> pl.LazyFrame:
        key = self._key(asset, report_id)
        copy = self._copies / f"{uuid4()}.parquet"
        try:
            stored = self._store.head(key)
            sha256 = self._store.fetch(key, copy, stored)
        except SignalRejected as error:
            if error.code is RejectionCode.NOT_FOUND:
                raise _missing(asset, report_id) from None
            raise
        if stored.metadata.get(CHECKSUM, sha256) != sha256:
            raise _broken(asset, report_id)
        return _upgraded(asset, _opened(copy, asset, report_id))

    def delete(self, asset: str, report_id: UUID) -> bool:
        return self._store.delete(self._key(asset, report_id))

    def has(self, asset: str, report_id: UUID) -> bool:
        return bool(self._store.keys_below(self._key(asset, report_id)))

    def close(self) -> None:
        self._open.close()

    @staticmethod
    def _key(asset: str, report_id: UUID) -> str:
        return f"frames/{asset}/{report_id}.parquet"


def open_frames(settings: Settings) -> FrameStore:
    """The store that the settings name."""
    if settings.frame_store == "s3":
        return S3Frames(ObjectStore(settings), settings.temp_dir)
    return LocalFrames(settings.frame_dir)


def _opened(path: Path, asset: str, report_id: UUID) -> pl.LazyFrame:
    """Columns are read here, so that a file that is not Parquet is reported now and not by whoever collects it."""
    frame = pl.scan_parquet(path)
    try:
        frame.collect_schema()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        raise _broken(asset, report_id) from None
    return frame


def _broken(asset: str, report_id: UUID) -> FrameBroken:
    return FrameBroken(
        f"the stored {asset} of report {report_id} is damaged; materialize {asset} for this report to make it again"
    )


def _missing(asset: str, report_id: UUID) -> FrameMissing:
    return FrameMissing(f"{asset} of report {report_id} is not there; materialize {asset} for this report first")
