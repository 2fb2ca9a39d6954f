"""Checksums of stored frames: a bit that flips on a disk is detected, and not read as a number or a text.

A local frame has its checksum in a file beside it. The two cannot be replaced at once, so that file names the frame
that is coming and those before it: whichever of them a crash leaves, it fits.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path
from threading import Lock
from uuid import uuid4

SUFFIX = ".sha256"
MAX_VERIFIED = 4_096
MAX_KNOWN = 3


def checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _beside(frame: Path) -> Path:
    return frame.with_suffix(SUFFIX)


def announce(coming: Path, target: Path) -> None:
    """Before `coming` is renamed to `target`."""
    names = [checksum(coming), *_known(target)[:MAX_KNOWN]]
    # Not synced: after a power cut an empty one means that nothing is known, as for frames from before there were any.
    temporary = coming.with_name(f"{uuid4()}{SUFFIX}")
    temporary.write_text("\n".join(names) + "\n", encoding="ascii")
    temporary.replace(_beside(target))


def forget(target: Path) -> None:
    _beside(target).unlink(missing_ok=True)


def _known(target: Path) -> list[str]:
    with suppress(FileNotFoundError):
        return _beside(target).read_text(encoding="ascii", errors="replace").split()
    return []


class Verified:
    """Frames that this process has compared already: pages and steps open the same ones again and again."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, int, int, int], bool] = {}
        self._lock = Lock()

    def is_whole(self, frame: Path) -> bool:
        """Whether the file is as it was stored; also where no checksum is known."""
        about = frame.stat()
        name = (str(frame), about.st_ino, about.st_size, about.st_mtime_ns)
        with self._lock:
            if name in self._seen:
                return self._seen[name]
        known = _known(frame)
        found = not known or checksum(frame) in known
        with self._lock:
            while len(self._seen) >= MAX_VERIFIED:
                self._seen.pop(next(iter(self._seen)))
            self._seen[name] = found
        return found
