"""A private folder for files while they are processed, which does not outlive its process for long.

Copies of raw files in it are not redacted yet, and a killed process cannot tidy up: so whoever makes such a folder
first removes those whose owners are gone. What does not belong here: what is written into it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from signal_pipeline.errors import TransientError

PREFIX = "signal_pipeline-work-"


class TempSpaceShort(TransientError):
    """The temporary folder's disk is nearly full."""


@contextmanager
def work_folder(parent: Path) -> Iterator[Path]:
    """A new folder in `parent` (made where it is missing), readable by its owner alone; gone when the block ends."""
    parent.mkdir(parents=True, exist_ok=True)
    remove_abandoned(parent)
    # Under another name until it is locked, so that nobody takes it for an abandoned one.
    unlocked = Path(tempfile.mkdtemp(prefix=f".{PREFIX}", dir=parent))
    folder = parent / unlocked.name.removeprefix(".")
    lock = os.open(unlocked, os.O_RDONLY | os.O_DIRECTORY)
    try:
        # The kernel lets go of it when the process ends, in whatever way.
        fcntl.flock(lock, fcntl.LOCK_EX)
        unlocked.rename(folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def need_space(folder: Path, wanted_bytes: int) -> None:
    """TempSpaceShort when the disk has less: it may have more at the next attempt, and a full disk stops everybody."""
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < wanted_bytes:
        raise TempSpaceShort(f"TEMP_DIR has {free // 1024**2} MiB free, and {wanted_bytes // 1024**2} MiB are needed")


def remove_abandoned(parent: Path) -> list[Path]:
    """Remove the work folders below `parent` whose processes have ended, and return them."""
    removed = []
    for folder in parent.glob(f"{PREFIX}*"):
        try:
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:
            continue  # its owner or somebody else was quicker, or it is another user's
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
            removed.append(folder)
        except BlockingIOError:
            continue  # in use
        finally:
            os.close(lock)
    return removed
