"""A trace's text as a list of lines that are safe to match: bounded length, valid Unicode, real line breaks."""

from __future__ import annotations

MAX_LINE_CHARS = 2_000
"""Frames are far shorter; minified code in a message may be megabytes on one line."""


MAX_EDGE_LINES = 4_000
"""Of a longer text the first and the last lines count: recursion fills the middle, reasons and causes the ends."""


def edge_lines(lines: list[str]) -> list[str]:
    """The first and last MAX_EDGE_LINES of `lines`; all of them when there are no more."""
    if len(lines) <= 2 * MAX_EDGE_LINES:
        return lines
    return lines[:MAX_EDGE_LINES] + lines[-MAX_EDGE_LINES:]


def trace_lines(text: str) -> list[str]:
    """Lines without their breaks, each at most MAX_LINE_CHARS characters.

    A text without any line break whose breaks were escaped (a JSON log written twice) is unescaped first.
    """
    if "\n" not in text and "\\n" in text:
        text = text.replace("\\r\\n", "\n").replace("\\n", "\n").replace("\\t", "\t")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-8", "replace").decode()
    return [line[:MAX_LINE_CHARS].rstrip("\r") for line in text.split("\n")]
