"""A trace's text as a list of lines that are safe to match: bounded length, valid Unicode, real line breaks."""

from __future__ import annotations

from collections import Counter

from signal_pipeline.stack_traces.linear_pattern import linear

MAX_LINE_CHARS = 2_000
"""Frames are far shorter; minified code in a message may be megabytes on one line."""


MAX_EDGE_LINES = 4_000
"""Of a longer text the first and the last lines count: recursion fills the middle, reasons and causes the ends."""


_CLOCK_OF_KERNEL = linear(r"^\[ *[0-9]+\.[0-9]{6}\] ?")
_MARKED = linear(r"^([^\s#=][^#=]{0,30}?[:|>\]] ?)\s*(?:#[0-9]+ +(?:0x|\[<)|==[0-9]+==)")
_MANY = 3
"""Lines of one mark: a program that passes on the report of another marks each line of it."""


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
    lines = [line[:MAX_LINE_CHARS].rstrip("\r") for line in text.split("\n")]
    return _without_marks(lines) if "#" in text or "[ " in text else lines


def _without_marks(lines: list[str]) -> list[str]:
    """Lines without the clock of the kernel, and without what a program put before each line of a native report."""
    if any(map(_CLOCK_OF_KERNEL.match, lines)):
        lines = [_CLOCK_OF_KERNEL.sub("", line) for line in lines]
    marks = Counter(found.group(1) for line in lines if (found := _MARKED.match(line)) is not None)
    mark, count = marks.most_common(1)[0] if marks else ("", 0)
    return [line.removeprefix(mark) for line in lines] if count >= _MANY else lines
