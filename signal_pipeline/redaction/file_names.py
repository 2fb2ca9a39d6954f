"""What of a file's name is shown: all of it, or a masked stem with a mark of its own. Never raises.

The extension says what a file is and is nobody's secret. Two masked names of one report must not look like one file,
so a keyed mark of the whole name follows the stem: `session-<BLOB>~3fa9c1.har`.
"""

from __future__ import annotations

from collections.abc import Callable

from signal_pipeline.redaction.addresses import FILE_EXTENSIONS

_MAX_EXTENSIONS = 3


def redacted_name(name: str, scan: Callable[[str], str], mark: Callable[[str], str], limit: int) -> str:
    """The name of at most `limit` characters; `scan` is the value scan, `mark` a keyed pseudonym."""
    whole = scan(name)
    if whole == name:
        return name if len(name) <= limit else _cut(*_split(name), limit)
    stem, extension = _split(name)
    masked = scan(stem)
    if masked == stem:
        # Only with its extension it was something: all of it goes.
        masked = whole.removesuffix(extension)
    return _cut(masked, f"~{mark(name)}{extension}", limit)


def _cut(stem: str, end: str, limit: int) -> str:
    return stem[: limit - len(end)] + end


def _split(name: str) -> tuple[str, str]:
    """Stem and known extensions: `a.b.log.gz` is `a.b` and `.log.gz`."""
    stem, end = name, ""
    for _ in range(_MAX_EXTENSIONS):
        before, dot, extension = stem.rpartition(".")
        if not dot or not before or extension.lower() not in FILE_EXTENSIONS:
            break
        stem, end = before, f".{extension}{end}"
    return stem, end
