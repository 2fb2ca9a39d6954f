"""What lies in a drop folder: bundles of files, each a report to be, and whether a bundle has stopped growing.

A sub-folder with all that is below it is one bundle; a file that lies in the folder itself is one of its own.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from signal_pipeline.parsing.pcap.kind import PCAP

TAKEN, REFUSED = "taken", "refused"
# What programs call a file that they are still writing.
UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".download", ".filepart", ".swp", "~")
CAPTURES = (".pcap", ".pcapng", ".cap", ".dmp")
HEAD_BYTES = 12
MAX_LISTED_FILES = 10_000


@dataclass(frozen=True)
class DropFile:
    """One regular file. `name` is its path within the bundle."""

    path: Path
    name: str
    size_bytes: int
    changed_at: float
    inode: int

    def is_capture(self) -> bool:
        """By its first bytes, or by its name while a program has not written any, or has compressed them."""
        if self.name.lower().removesuffix(".gz").removesuffix(".zst").endswith(CAPTURES):
            return True
        try:
            with self.path.open("rb") as stream:
                return PCAP.claims(stream.read(HEAD_BYTES))
        except OSError:
            return False

    def is_as_before(self) -> bool:
        """Whether nobody has written to it since it was looked at."""
        try:
            now = self.path.lstat()
        except OSError:
            return False
        return (now.st_size, now.st_mtime, now.st_ino) == (self.size_bytes, self.changed_at, self.inode)


@dataclass(frozen=True)
class Bundle:
    """A report to be: `path` is the sub-folder or the file."""

    path: Path
    files: tuple[DropFile, ...]
    has_unfinished: bool

    def has_settled(self, now: float, seconds: float, capture_seconds: float) -> bool:
        """Whether nothing in it has changed for that long; a clock that is ahead counts as no time at all."""
        return not self.has_unfinished and all(
            now - file.changed_at >= (capture_seconds if file.is_capture() else seconds) for file in self.files
        )


def bundles(folder: Path) -> list[Bundle]:
    """In the order of their names. Hidden ones, symbolic links and what was taken before are left alone."""
    found = []
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in entries)
    for name in names:
        path = folder / name
        if name.startswith(".") or name in (TAKEN, REFUSED):
            continue
        kind = _kind(path)
        if kind == "file":
            found.append(_bundle(path, [path]))
        elif kind == "folder":
            bundle = _bundle(path, _files_below(path))
            if bundle.files or bundle.has_unfinished:
                found.append(bundle)
    return found


def _bundle(path: Path, files: Iterator[Path] | list[Path]) -> Bundle:
    kept, unfinished = [], False
    for number, file in enumerate(files):
        if number >= MAX_LISTED_FILES:
            break
        if file.name.endswith(UNFINISHED):
            unfinished = True
            continue
        try:
            seen = file.lstat()
        except OSError:
            unfinished = True  # it was moved or removed while we looked: look again later
            continue
        name = file.name if file == path else file.relative_to(path).as_posix()
        kept.append(DropFile(file, name, seen.st_size, seen.st_mtime, seen.st_ino))
    return Bundle(path, tuple(kept), unfinished)


def _files_below(folder: Path) -> Iterator[Path]:
    """Regular files, without following links, in a fixed order."""
    for root, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(root) / name
            if not name.startswith(".") and _kind(path) == "file":
                yield path


def _kind(path: Path) -> str | None:
    try:
        mode = path.lstat().st_mode
    except OSError:
        return None
    return "file" if stat.S_ISREG(mode) else "folder" if stat.S_ISDIR(mode) else None
