"""The parts that a run works with, opened on first use and closed together: database, objects, frames, model."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from signal_pipeline.embedding.protocol import Embedder
from signal_pipeline.errors import TransientError
from signal_pipeline.limits import Limits
from signal_pipeline.platform.embedders import embedder_of
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline.settings import Settings
from signal_pipeline.storage.claims import let_go
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.frames import FrameStore, open_frames
from signal_pipeline.storage.kept_files import KeptFiles
from signal_pipeline.storage.object_store import ObjectStore
from signal_pipeline.storage.work_folder import work_folder

Opened = TypeVar("Opened")


class Platform:
    """Nothing is opened before it is asked for, so a step pays only for what it uses."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.kept = KeptFiles()
        self._claims_of: set[str] = set()
        self._open = ExitStack()
        self._opened: dict[object, Any] = {}

    @cached_property
    def database(self) -> Database:
        return Database(self.settings)

    @cached_property
    def objects(self) -> ObjectStore:
        return ObjectStore(self.settings)

    @cached_property
    def frames(self) -> FrameStore:
        return open_frames(self.settings)

    @cached_property
    def embedder(self) -> Embedder:
        return embedder_of(self.settings)

    @property
    def limits(self) -> Limits:
        return Limits(
            max_file_bytes=self.settings.max_file_bytes,
            max_read_seconds=self.settings.max_read_seconds,
            slow_request_ms=self.settings.slow_error_ms,
            max_read_memory_bytes=self.settings.max_read_memory_mb * 1024 * 1024,
            event_schemas=_text(self.settings.event_schemas),
            event_rules=_text(self.settings.event_rules),
        )

    @cached_property
    def work_folder(self) -> Path:
        """For copies of raw files, private to this process; removed with the platform."""
        return self._open.enter_context(work_folder(self.settings.temp_dir))

    def opened(self, of: Callable[[Platform], AbstractContextManager[Opened]]) -> Opened:
        """What `of` makes, once for this platform and closed with it: what a step needs for more than one report."""
        if of not in self._opened:
            self._opened[of] = self._open.enter_context(of(self))
        found: Opened = self._opened[of]
        return found

    def redactor(self) -> Redactor:
        """A fresh one for each file, so that its counts are the file's."""
        return Redactor(self.redaction_key)

    @property
    def redaction_key(self) -> bytes:
        return self.settings.redaction_key.get_secret_value().encode()

    def remember_claims_of(self, run_id: str) -> None:
        """The run's claims on reports are let go when this is closed."""
        self._claims_of.add(run_id)

    def let_go_of_claims(self) -> None:
        """Failing to is harmless: the claims are no longer extended, so they expire."""
        while self._claims_of:
            run_id = self._claims_of.pop()
            with suppress(TransientError), self.database.transaction() as connection:
                let_go(connection, run_id)

    def close(self) -> None:
        self.let_go_of_claims()
        self._open.close()
        if "database" in self.__dict__:
            self.database.close()
        if "frames" in self.__dict__:
            self.frames.close()
        if "objects" in self.__dict__:
            self.objects.close()

    def __enter__(self) -> Platform:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)
