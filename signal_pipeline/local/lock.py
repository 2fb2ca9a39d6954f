"""The lock of a state folder: held by the supervisor for its life, and let go by the kernel with its death.

It is also the truth on "does a stack run here?": unlike a pid file it cannot be stale.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from filelock import FileLock, Timeout

from signal_pipeline.errors import LocalServerFailed

# Somebody who only looks holds it for microseconds (`is_held`).
_PATIENCE_SECONDS = 1.0


class StateLock:
    """One holder per file. A second one gets LocalServerFailed after a second of patience."""

    def __init__(self, path: Path) -> None:
        self._path = path
        # Of the process and not of one thread; released by whichever stops the stack.
        self._lock = FileLock(path, timeout=_PATIENCE_SECONDS, mode=0o600, poll_interval=0.02, thread_local=False)

    def acquire(self) -> None:
        try:
            self._lock.acquire()
        except Timeout:
            raise LocalServerFailed(
                f"another stack already runs in {self._path.parent.parent}; "
                "stop it with `signal-pipeline down`, or set SIGNAL_PIPELINE_HOME to another folder"
            ) from None

    def release(self) -> None:
        self._lock.release()


def is_held(path: Path) -> bool:
    """Whether a stack runs now. Does not wait and does not create the file; two who look at once do not take each
    other for a stack, which is why this is a shared lock (`filelock` has exclusive ones).
    """
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
