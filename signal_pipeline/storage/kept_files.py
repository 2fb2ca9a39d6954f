"""Small files that were fetched just now, in memory, for the step of the same run that reads them next.

What belongs here: the bound. A file that is not here is fetched from the object store again.
"""

from __future__ import annotations

from pathlib import Path
from threading import Lock

MAX_FILE_BYTES = 1024 * 1024
MAX_BYTES = 64 * 1024 * 1024


class KeptFiles:
    """By their hash, so that what is taken is what was kept. The oldest go first."""

    def __init__(self, max_file_bytes: int = MAX_FILE_BYTES, max_bytes: int = MAX_BYTES) -> None:
        self._max_file_bytes = max_file_bytes
        self._max_bytes = max_bytes
        self._contents: dict[tuple[str, str], bytes] = {}
        self._bytes = 0
        self._lock = Lock()

    def keep(self, key: str, sha256: str, file: Path) -> None:
        if file.stat().st_size > self._max_file_bytes:
            return
        content = file.read_bytes()
        with self._lock:
            self._remove((key, sha256))
            self._contents[key, sha256] = content
            self._bytes += len(content)
            while self._bytes > self._max_bytes:
                self._remove(next(iter(self._contents)))

    def take(self, key: str, sha256: str, target: Path) -> bool:
        """Writes the content to `target`, once; False when it is not here."""
        with self._lock:
            content = self._remove((key, sha256))
        if content is None:
            return False
        target.write_bytes(content)
        return True

    def _remove(self, name: tuple[str, str]) -> bytes | None:
        content = self._contents.pop(name, None)
        self._bytes -= len(content or b"")
        return content
