"""Reads traces of the languages that dialects.py describes: one frame a line, the class and the message above."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from signal_pipeline.stack_traces.frame_collector import FrameCollector
from signal_pipeline.stack_traces.in_app import is_in_app
from signal_pipeline.stack_traces.languages.dialects import Dialect
from signal_pipeline.stack_traces.linear_pattern import LinearPattern, linear, number
from signal_pipeline.stack_traces.model import StackFrame, StackTrace

Parse = Callable[[list[str], str, int], StackTrace | None]


def parser_of(dialect: Dialect) -> Parse:
    """The parser of one language; it gives None for a text without a frame."""
    frame, heads = linear(dialect.frame), tuple(linear(head) for head in dialect.heads)
    place = linear(dialect.place) if dialect.place else None

    def parse(lines: list[str], head: str, limit: int) -> StackTrace | None:
        frames = _frames(dialect, frame, place, lines)
        if not frames:
            return None
        collector = FrameCollector(limit, outermost_first=dialect.outermost_first)
        for found in frames:
            if found.function or found.module or found.file:
                collector.add(found)
        texts = [head, *lines]
        name = _stated(heads, texts, "name")
        message = _stated(heads, [text for text in texts if not frame.match(text)], "message")
        kept = collector.frames()
        return StackTrace(dialect.name, name, (message or "").strip() or head, kept, truncated=collector.truncated)

    return parse


def _frames(dialect: Dialect, frame: LinearPattern, place: LinearPattern | None, lines: list[str]) -> list[StackFrame]:
    frames: list[StackFrame] = []
    for line in lines:
        found = frame.match(line)
        if found is not None:
            frames.append(_frame(dialect.name, found))
        elif place is not None and frames and not frames[-1].file and (below := place.match(line)) is not None:
            frames[-1] = _placed(frames[-1], below)
    if dialect.named_by_caller:
        callers = [frame.function for frame in frames[1:]]
        frames = [replace(frame, function=caller) for frame, caller in zip(frames, [*callers, ""], strict=True)]
    return [
        replace(frame, in_app=is_in_app(dialect.name, module=frame.module, function=frame.function, file=frame.file))
        for frame in frames
    ]


def _frame(language: str, found: re.Match[str]) -> StackFrame:
    said = {name: value or "" for name, value in found.groupdict().items()}
    return StackFrame(
        function=said.get("function", ""),
        module=said.get("module", ""),
        file=said.get("file", ""),
        line=number(said.get("line")),
        language=language,
    )


def _placed(frame: StackFrame, below: re.Match[str]) -> StackFrame:
    return replace(frame, file=below.group("file"), line=number(below.group("line")))


def _stated(heads: tuple[LinearPattern, ...], texts: list[str], group: str) -> str | None:
    """What the first head that has the group says, in the first line that it matches."""
    for head in heads:
        for text in texts:
            found = head.search(text)
            if found is not None and found.groupdict().get(group):
                return found.group(group)
    return None
