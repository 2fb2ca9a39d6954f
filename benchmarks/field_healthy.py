"""Text in which nothing went wrong: what a machine has of read-me files, scripts, settings and logs of
package managers.
"""

from __future__ import annotations

import gzip
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from signal_pipeline.parsing import parse_log

MOST_LINES = 15_000
"""Of each kind, so that one does not decide the figure."""
MOST_BYTES = 200_000
KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "documents": (("/usr/share/doc",), ("README", "README.md", "README.txt", "README.Debian", "copyright", "NEWS.gz")),
    "scripts": (("/usr/bin", "/usr/sbin", "/usr/lib", "/etc", "/usr/share"), (".sh",)),
    "settings": (("/etc", "/usr/share", "/usr/lib"), (".yaml", ".yml", ".conf", ".cfg", ".toml")),
    "packages": (("/var/log",), ("dpkg.log", "history.log", "alternatives.log", "fontconfig.log", "bootstrap.log")),
}
"""Folders, and how the names of files end."""


def false_errors() -> Iterator[tuple[str, Path, int, list[tuple[int, str]]]]:
    """Kind, file, its lines, and the errors that were found in it: line and template."""
    for kind, (folders, endings) in KINDS.items():
        lines = 0
        for path in _files(folders, endings):
            text = _text(path)
            if text is None:
                continue
            lines += text.count(b"\n")
            yield kind, path, text.count(b"\n"), _errors(text)
            if lines >= MOST_LINES:
                break


def _files(folders: tuple[str, ...], endings: tuple[str, ...]) -> Iterator[Path]:
    for folder in folders:
        for root, below, names in os.walk(folder):
            below.sort()
            for name in sorted(names):
                path = Path(root) / name
                if name.endswith(endings) and path.is_file() and not path.is_symlink():
                    yield path


def _text(path: Path) -> bytes | None:
    try:
        data = path.read_bytes()
        data = gzip.decompress(data) if path.suffix == ".gz" else data
    except OSError:
        return None
    return data if data and len(data) <= MOST_BYTES and b"\0" not in data else None


def _errors(text: bytes) -> list[tuple[int, str]]:
    with tempfile.NamedTemporaryFile(suffix=".log") as file:
        file.write(text)
        file.flush()
        errors = parse_log(Path(file.name)).filter("is_error")
    return list(errors.select("line_number", "template").iter_rows())
