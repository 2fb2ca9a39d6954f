"""Text in which nothing went wrong: what a machine has of read-me files, source code, scripts, settings and logs of
package managers.
"""

from __future__ import annotations

import gzip
import os
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.field_records import held_out
from signal_pipeline.errors import SignalRejected
from signal_pipeline.parsing import parse_log

MOST_LINES = 12_000
"""Of each kind, tuned on and held out, so that one does not decide the figure."""
MOST_BYTES = 200_000
MOST_LINES_OF_FILE = 2_500
MOST_OF_FOLDER = 6
KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "documents": (
        ("/usr/share", "/usr/lib"),
        (
            "README",
            "README.Debian",
            "copyright",
            "NEWS.gz",
            "changelog.gz",
            ".rst",
            ".md",
            ".txt",
            "LICENSE",
            "METADATA",
        ),
    ),
    "python": (("/usr/lib", "/usr/share"), (".py",)),
    "javascript": (("/usr/share", "/usr/lib"), (".js", ".ts", ".css", ".mjs")),
    "c": (("/usr/include", "/usr/lib", "/usr/share"), (".c", ".h", ".cpp", ".cc", ".go", ".rs", ".java", ".hpp")),
    "perl and others": (
        ("/usr/share", "/usr/lib", "/etc"),
        (".pl", ".pm", ".sql", ".rb", ".lua", ".vim", ".xml", ".html"),
    ),
    "scripts": (
        ("/usr/bin", "/usr/sbin", "/usr/lib", "/etc", "/usr/share"),
        (".sh", ".bash", ".cmake", ".mk", "Makefile"),
    ),
    "settings": (
        ("/etc", "/usr/share", "/usr/lib"),
        (".yaml", ".yml", ".conf", ".cfg", ".toml", ".ini", ".service", ".properties"),
    ),
    "packages": (("/var/log",), ("dpkg.log", "history.log", "alternatives.log", "fontconfig.log", "bootstrap.log")),
}
"""Folders, and how the names of files end."""


def false_errors() -> Iterator[tuple[str, Path, int, list[tuple[int, str]]]]:
    """Kind, file, its lines, and the errors that were found in it: line and template."""
    for kind, (folders, endings) in KINDS.items():
        lines = Counter({True: 0, False: 0})
        for path in _files(folders, endings):
            apart = held_out(str(path))
            text = _text(path) if lines[apart] < MOST_LINES else None
            if text is None or (count := text.count(b"\n")) > MOST_LINES_OF_FILE:
                continue
            lines[apart] += count
            yield kind, path, count, _errors(text)
            if min(lines.values()) >= MOST_LINES:
                break


def _files(folders: tuple[str, ...], endings: tuple[str, ...]) -> Iterator[Path]:
    """Few of each folder, in an order that no folder leads."""
    found = {
        Path(root) / name
        for folder in folders
        for root, _, names in os.walk(folder)
        for name in names
        if name.endswith(endings)
    }
    per_folder: Counter[Path] = Counter()
    for path in sorted(found, key=lambda path: zlib.crc32(str(path).encode()[::-1])):
        if path.is_file() and not path.is_symlink():
            per_folder[path.parent.parent] += 1
            if per_folder[path.parent.parent] <= MOST_OF_FOLDER:
                yield path


def _text(path: Path) -> bytes | None:
    try:
        data = path.read_bytes()
        data = gzip.decompress(data) if path.suffix == ".gz" else data
    except OSError:
        return None
    return data if data.strip() and len(data) <= MOST_BYTES and b"\0" not in data else None


def _errors(text: bytes) -> list[tuple[int, str]]:
    """The errors of a file; none of one that is refused, as web pages are."""
    with tempfile.NamedTemporaryFile(suffix=".log") as file:
        file.write(text)
        file.flush()
        try:
            errors = parse_log(Path(file.name)).filter("is_error")
        except SignalRejected:
            return []
    return list(errors.select("line_number", "template").iter_rows())
