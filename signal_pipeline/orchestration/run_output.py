"""What a run prints: kept in a file that Dagster's UI shows, and repeated on the output of the process it came from.

Dagster's own class repeats it by four processes for each run, two of them a Python that watches `tail`; for a small
report they take as much time as a step. A thread does the same. Files, names and readers are those of Dagster's class.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO

import dagster as dg
from dagster._core.execution.compute_logs import redirect_to_file
from dagster._core.storage.compute_log_manager import CapturedLogContext, ComputeIOType
from dagster._core.storage.local_compute_log_manager import IO_TYPE_EXTENSION, LocalComputeLogManager
from dagster._serdes import ConfigurableClassData

FOLDER = "storage"
POLL_SECONDS = 0.2
# Whoever reads the process's output may have stopped doing so: a run does not wait for that.
LONGEST_GOODBYE_SECONDS = 1.0
CHUNK_BYTES = 64 * 1024


class RunOutput(LocalComputeLogManager):
    """Dagster's LocalComputeLogManager in all but the way in which output is repeated. `home` is DAGSTER_HOME."""

    def __init__(self, home: str, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(base_dir=str(Path(home) / FOLDER), inst_data=inst_data)

    @classmethod
    def config_type(cls) -> Any:
        return {"home": dg.StringSource}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]) -> RunOutput:
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def capture_logs(self, log_key: Sequence[str]) -> Iterator[CapturedLogContext]:
        out, err = (
            Path(self.get_captured_local_path(log_key, IO_TYPE_EXTENSION[kind]))
            for kind in (ComputeIOType.STDOUT, ComputeIOType.STDERR)
        )
        with captured(sys.stdout, out), captured(sys.stderr, err):
            yield CapturedLogContext(log_key)
        Path(self.get_captured_local_path(log_key, "complete")).touch()


@contextmanager
def captured(stream: TextIO, path: Path) -> Iterator[None]:
    """What this process and its children write to the stream goes to `path`, and from there to where it went before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    descriptor = _descriptor(stream)
    if descriptor is None:  # a notebook's or a test's, which has no file behind it
        yield
        return
    following = Following(path, descriptor)
    try:
        with redirect_to_file(stream, str(path)):
            yield
    finally:
        following.finish()


class Following:
    """Copies what comes to a file from now on to `target`."""

    def __init__(self, path: Path, target: int) -> None:
        self._path, self._start = path, path.stat().st_size
        # Its own, since it may still be writing when everybody else is done: a number that is free is soon another's.
        self._target = os.dup(target)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="run-output", daemon=True)
        self._thread.start()

    def finish(self) -> None:
        """Copy the rest, unless nobody takes it."""
        self._over.set()
        self._thread.join(LONGEST_GOODBYE_SECONDS)

    def _follow(self) -> None:
        # The file keeps everything; when the other end is gone, that is where it is read.
        with suppress(OSError), os.fdopen(self._target, "wb", buffering=0) as target, self._path.open("rb") as file:
            file.seek(self._start)
            is_over = False
            while not is_over:
                is_over = self._over.wait(POLL_SECONDS)
                while chunk := file.read(CHUNK_BYTES):
                    _write_all(target.fileno(), chunk)


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _descriptor(stream: TextIO) -> int | None:
    try:
        return stream.fileno()
    except (OSError, ValueError, AttributeError):
        return None
