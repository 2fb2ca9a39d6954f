"""The lock of a state folder: held by the supervisor for its life, and let go by the kernel with its death.

It is also the truth on "does a stack run here?": unlike a pid file it cannot be stale.
"""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

from signal_pipeline.errors import LocalServerFailed

_PATIENCE_SECONDS = 1.0


class StateLock:
    """One holder per file. A second one gets LocalServerFailed after a second of patience."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self) -> None:
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not _try_lock(descriptor, fcntl.LOCK_EX):
            # Somebody who only looks holds it for microseconds (`is_held`).
            if time.monotonic() > deadline:
                os.close(descriptor)
                raise LocalServerFailed(
                    f"another stack already runs in {self._path.parent.parent}; "
                    "stop it with `signal-pipeline down`, or set SIGNAL_PIPELINE_HOME to another folder"
                )
            time.sleep(0.02)
        self._descriptor = descriptor

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def is_held(path: Path) -> bool:
    """Whether a stack runs now. Does not wait and does not create the file."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        return not _try_lock(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
