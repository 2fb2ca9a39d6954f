"""The parts that a run works with, opened on first use and closed together: database, objects, frames, model."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from functools import cached_property
from pathlib import Path

from signal_pipeline.embedding.protocol import Embedder
from signal_pipeline.errors import TransientError
from signal_pipeline.frames import HeldFrame, hold
from signal_pipeline.limits import Limits
from signal_pipeline.parsing.outcome import SignalOutcome
from signal_pipeline.pipeline.isolated_reader import ApartReader
from signal_pipeline.pipeline.manifest import FetchingTools
from signal_pipeline.pipeline.parse import ParsingTools
from signal_pipeline.pipeline.reading import RawFile, read_here
from signal_pipeline.platform.embedders import embedder_of
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline.settings import Settings
from signal_pipeline.storage.claims import let_go
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.frames import FrameStore, open_frames
from signal_pipeline.storage.kept_files import KeptFiles
from signal_pipeline.storage.object_store import ObjectStore
from signal_pipeline.storage.work_folder import work_folder

# Waiting for the object store takes longer than looking.
FETCHES_AT_ONCE = 4


class Platform:
    """Nothing is opened before it is asked for, so a step pays only for what it uses."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.kept = KeptFiles()
        self._claims_of: set[str] = set()
        self._open = ExitStack()

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
        )

    @property
    def fetching_tools(self) -> FetchingTools:
        return FetchingTools(
            self.objects,
            self.kept,
            self._work_folder,
            self._fetching_threads,
            max_object_bytes=self.settings.max_file_bytes,
            reserve_bytes=self.settings.temp_space_reserve_mb * 1024 * 1024,
        )

    def parsing_tools(self, *, apart: bool = False) -> ParsingTools:
        """`apart`: files are read in a process of their own."""
        return ParsingTools(self.objects, self.kept, self._read_apart if apart else self._read_here, self._work_folder)

    @cached_property
    def _work_folder(self) -> Path:
        return self._open.enter_context(work_folder(self.settings.temp_dir))

    @cached_property
    def _fetching_threads(self) -> ThreadPoolExecutor:
        return self._open.enter_context(ThreadPoolExecutor(FETCHES_AT_ONCE, thread_name_prefix="fetching"))

    def redactor(self) -> Redactor:
        """A fresh one for each file, so that its counts are the file's."""
        return Redactor(self._redaction_key)

    def _read_here(self, raw: RawFile, target: Path) -> tuple[SignalOutcome, HeldFrame]:
        return read_here(raw, target, self.redactor(), self.limits, hold)

    def _read_apart(self, raw: RawFile, target: Path) -> tuple[SignalOutcome, HeldFrame | None]:
        return self._apart.read(raw, target)

    @cached_property
    def _apart(self) -> ApartReader:
        return ApartReader(self._redaction_key, self.limits)

    @property
    def _redaction_key(self) -> bytes:
        return self.settings.redaction_key.get_secret_value().encode()

    def remember_claims_of(self, run_id: str) -> None:
        """The run's claims on reports are let go when this is closed."""
        self._claims_of.add(run_id)

    def let_go_of_claims(self) -> None:
        """Failing to is harmless: nobody holds the claims any more, so they run out."""
        while self._claims_of:
            run_id = self._claims_of.pop()
            with suppress(TransientError), self.database.transaction() as connection:
                let_go(connection, run_id)

    def close(self) -> None:
        self.let_go_of_claims()
        if "_apart" in self.__dict__:
            self._apart.close()
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
