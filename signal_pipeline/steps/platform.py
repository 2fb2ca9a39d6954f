"""The parts that a run works with, opened on first use and closed together: database, objects, frames, model."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property

from signal_pipeline.embedding.locate import load_embedder
from signal_pipeline.embedding.protocol import Embedder
from signal_pipeline.errors import SignalPipelineError
from signal_pipeline.limits import Limits
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline.settings import Settings
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.frames import FrameStore, open_frames
from signal_pipeline.storage.measures import count_event
from signal_pipeline.storage.object_store import ObjectStore


class Platform:
    """Nothing is opened before it is asked for, so a step pays only for what it uses."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

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
        loaded = load_embedder(
            self.settings.model_dir, model=self.settings.embedding_model, runtime=self.settings.embedding_runtime
        )
        with suppress(SignalPipelineError), self.database.transaction() as connection:
            count_event(connection, "model_loads")
        return loaded

    @property
    def limits(self) -> Limits:
        return Limits(max_file_bytes=self.settings.max_file_bytes)

    def redactor(self) -> Redactor:
        """A fresh one for each file, so that its counts are the file's."""
        return Redactor(self.settings.redaction_key.get_secret_value().encode())

    def close(self) -> None:
        if "database" in self.__dict__:
            self.database.close()
        if "frames" in self.__dict__:
            self.frames.close()

    def __enter__(self) -> Platform:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()
