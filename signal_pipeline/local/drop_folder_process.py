"""The watcher of the drop folder as a part of the local stack."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from signal_pipeline.local.dagster_home import process_environment
from signal_pipeline.processes.spawn import Command

NAME = "drop_folder"


@dataclass(frozen=True)
class DropFolderProcess:
    """A part (see `part.py`). It has no port; after each look it touches a file, whose absence means not ready."""

    folder: Path
    watched: Path
    variables: Mapping[str, str] = field(repr=False)
    name: str = NAME
    stop_signal: signal.Signals = signal.SIGTERM
    grace_seconds: float = 10.0
    start_seconds: float = 60.0

    def prepare(self) -> Command:
        self._ready.unlink(missing_ok=True)
        self.watched.mkdir(parents=True, exist_ok=True)
        words = ["signal_pipeline", "watch", str(self.watched), "--ready-file", str(self._ready)]
        return Command([sys.executable, "-m", *words], self.folder, process_environment(os.environ, self.variables))

    def is_ready(self) -> bool:
        return self._ready.exists()

    def is_sick(self) -> bool:
        return False

    def finish_start(self) -> None:
        return

    def clean_up(self) -> None:
        self._ready.unlink(missing_ok=True)

    @property
    def _ready(self) -> Path:
        return self.folder / f"{NAME}.ready"
