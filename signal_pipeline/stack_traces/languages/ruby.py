"""Ruby backtraces: uncaught errors, `from` lines, both quote styles, Rails logs, reversed tracebacks, causes."""

from __future__ import annotations

from dataclasses import replace

from signal_pipeline.stack_traces.exception_head import ExceptionHead, class_line, find_exception, is_level_word
from signal_pipeline.stack_traces.file_paths import stable_path
from signal_pipeline.stack_traces.frame_collector import FrameCollector
from signal_pipeline.stack_traces.in_app import is_in_app
from signal_pipeline.stack_traces.linear_pattern import linear, number
from signal_pipeline.stack_traces.model import StackFrame, StackTrace

FRAME = linear(
    r"^\s*(?:[0-9]+: )?(?:from )?(?:([0-9A-Za-z_\-]+) \([0-9][^\s)]*\) )?([^\s:]*(?::[/\\][^\s:]*)?[^\s:]"
    r"|\(eval[^)]*\)|<internal:[^>]*>):([0-9]+)"
    r"(?::in [`']([^']*)')?(?:: (.*))?\s*$"
)
RECOGNISER = linear(
    r"^\s*(?:[0-9]+: )?(?:from )?(?:[0-9A-Za-z_\-]+ \([0-9][^\s)]*\) "
    r")?[^\s:]*(?::[/\\][^\s:]*)?[^\s]:[0-9]+:in [`']"
    r"|^\s*(?:from )?[^\s:]+\.(?:rb|erb|rake|haml|slim|ru|jbuilder):[0-9]+\s*$"
)
DECISIVE = linear(r"^\s*(?:from )?[^\s:]+\.rb:[0-9]+:in [`']")
_REVERSED = linear(r"^\s*[0-9]+: from ")
_MESSAGE_THEN_CLASS = linear(r"^(.*?) ?\(([A-Z][0-9A-Za-z_]*(?:::[A-Z][0-9A-Za-z_]*)*)\)\s*$")
_CLASS_THEN_MESSAGE = linear(r"^\s*(?:.*\s)?([A-Z][0-9A-Za-z_]*(?:::[A-Z][0-9A-Za-z_]*)*) \((.*)\):?\s*$")

MAX_CAUSES = 32


def ruby_frame(line: str) -> tuple[StackFrame, str] | None:
    """Read one frame line with the message that an uncaught error writes after it; None when it is not one."""
    if RECOGNISER.match(line) is None:
        return None
    found = FRAME.match(line)
    if found is None:
        return None
    file = found.group(2)
    own = not found.group(1) and is_in_app("ruby", file=file)
    frame = StackFrame(found.group(4) or "", stable_path(file), file, number(found.group(3)), None, own, "ruby")
    return frame, found.group(5) or ""


def ruby_head(text: str) -> ExceptionHead | None:
    """`message (Class)` of the interpreter, `Class (message):` of Rails, `Class: message` of loggers."""
    text = text.strip()
    found = _MESSAGE_THEN_CLASS.match(text)
    if found is not None:
        return ExceptionHead(found.group(2), found.group(1).strip())
    found = _CLASS_THEN_MESSAGE.match(text)
    if found is not None:
        return ExceptionHead(found.group(1), found.group(2))
    plain = class_line(text)
    if plain is not None and plain.name is not None and is_level_word(plain.name):
        plain = class_line(plain.message)
    return plain if plain is not None and plain.name is not None and plain.name[:1].isupper() else None


def _reversed_text(lines: list[str]) -> list[str]:
    """Ruby 2.5 to 2.7 on a terminal wrote the outermost frame first and the message last."""
    return list(reversed(lines)) if any(map(_REVERSED.match, lines[:100])) else lines


def parse_ruby(lines: list[str], head: str, limit: int) -> StackTrace | None:
    """Parse the first error with its causes; None without any frame."""
    before: list[str] = []
    stacks: list[tuple[ExceptionHead | None, FrameCollector]] = []
    for line in _reversed_text(lines):
        found = ruby_frame(line)
        if found is None:
            if not stacks and line.strip():
                before.append(line)
            elif stacks and line.strip() and not line[:1].isspace():
                break
            continue
        frame, message = found
        if not stacks or (message and ruby_head(message) is not None):
            if len(stacks) > MAX_CAUSES:
                break
            stacks.append((ruby_head(message) if message else None, FrameCollector(limit)))
        stacks[-1][1].add(frame)
    if not stacks:
        return None
    first = stacks[0][0] or _head_before(before) or ruby_head(head) or find_exception(head)
    traces = []
    for index, (stated, frames) in enumerate(stacks):
        named = first if index == 0 else stated or ExceptionHead(None, "")
        traces.append(StackTrace("ruby", named.name, named.message, frames.frames(), truncated=frames.truncated))
    return replace(traces[0], causes=tuple(traces[1:]))


def _head_before(lines: list[str]) -> ExceptionHead | None:
    for line in reversed(lines[-10:]):
        found = ruby_head(line)
        if found is not None:
            return found
    return None
