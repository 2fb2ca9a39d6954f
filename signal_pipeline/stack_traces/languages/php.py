"""PHP traces: uncaught exceptions of all versions, Laravel and Monolog, Xdebug. Frames are moved into their callee.

PHP writes where a function was called from; the place of frame n is in function n + 1. Here each frame has
its own function and the place reached inside it, as in all other languages.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from signal_pipeline.stack_traces.exception_head import ExceptionHead, class_line
from signal_pipeline.stack_traces.frame_collector import FrameCollector
from signal_pipeline.stack_traces.in_app import is_in_app
from signal_pipeline.stack_traces.linear_pattern import linear, number
from signal_pipeline.stack_traces.model import StackFrame, StackTrace

FRAME = linear(r"^\s*#[0-9]+ (?:(\{main\})|(?:(\[internal function\])|(.+?)\(([0-9]+)\)): (.+))\s*$")
RECOGNISER = linear(
    r"^\s*#[0-9]+ (?:\{main\}|(?:\[internal function\]|[^\s].*\([0-9]+\)): [^\s].*\(.*)\s*$"
    r"|^PHP +[0-9]+\. .*\(.*\) [^\s]+:[0-9]+\s*$"
)
DECISIVE = linear(
    r"^\s*#[0-9]+ \{main\}|^\s*#[0-9]+ [^\s].*\.php\([0-9]+\): |^(?:PHP )?(?:Fatal|Parse|Catchable fatal"
    r"|Recoverable fatal) error: |^\s*thrown in .* on line [0-9]+"
    r"|^\[stacktrace\]"
)
_XDEBUG = linear(r"^PHP +[0-9]+\. (.+?)\(.*\) ([^\s]+):([0-9]+)\s*$")
_OLD_HEAD = linear(r"exception '([^']+)' with message '(.*?)'? in (.+?)(?::([0-9]+))?\s*$")
_NEW_HEAD = linear(
    r"(?:Uncaught |Next |^)([A-Za-z_\\][0-9A-Za-z_\\]*)(?:: (.*?))? in (.+?)(?: on line |:)([0-9]+)(?:\)"
    r"|\s|$)"
)
_MONOLOG = linear(r"\[object\] \(([^\s(]+)\(code: [^)]*\): (.*) at (.+?):([0-9]+)\)?")
_PLAIN_ERROR = linear(
    r"^(?:PHP )?((?:Fatal|Parse|Catchable fatal|Recoverable fatal) error|Warning|Notice"
    r"|Deprecated):  ?(.*?) in (.+?)(?: on line |:)([0-9]+)"
)
_NEXT = linear(r"^Next (?:exception ')?[A-Za-z_\\]")

MAX_CAUSES = 32


@dataclass(frozen=True)
class _Head:
    name: str | None
    message: str
    file: str = ""
    line: int | None = None


def php_head(text: str) -> _Head | None:
    """Class, message and place of an exception, in the order of how sure the form is."""
    for pattern in (_OLD_HEAD, _MONOLOG, _NEW_HEAD):
        found = pattern.search(text)
        if found is not None:
            name = found.group(1).replace("\\\\", "\\")
            return _Head(name, (found.group(2) or "").strip(), found.group(3), number(found.group(4)))
    found = _PLAIN_ERROR.match(text)
    if found is not None:
        return _Head(found.group(1), found.group(2), found.group(3), number(found.group(4)))
    return None


def _split_call(call: str) -> tuple[str, str]:
    """`App\\Cart->add(1)` is class `App\\Cart` and function `add`."""
    name = call.partition("(")[0] if not call.startswith("{closure") else "{closure}"
    for separator in ("->", "::"):
        owner, found, function = name.partition(separator)
        if found:
            return owner, function
    return "", name


class _Stack:
    """Collects the frames of one exception while it moves each place into its callee."""

    def __init__(self, head: _Head | None, limit: int) -> None:
        self.head = head
        self.frames = FrameCollector(limit)
        self._file, self._line = (head.file, head.line) if head is not None else ("", None)

    def add(self, call: str, file: str, line: int | None) -> None:
        module, function = _split_call(call)
        own = is_in_app("php", file=self._file)
        self.frames.add(StackFrame(function, module, self._file, self._line, None, own, "php"))
        self._file, self._line = file, line


def _xdebug(lines: list[str], head: _Head | None, limit: int) -> _Stack | None:
    """`PHP   1. {main}() /srv/a.php:0`: outermost first, each with the place of its call."""
    rows = [found for line in lines if (found := _XDEBUG.match(line)) is not None]
    stack = _Stack(head, limit)
    for found in reversed(rows):
        stack.add(found.group(1), found.group(2), number(found.group(3)))
    return stack if rows else None


def parse_php(lines: list[str], head: str, limit: int) -> StackTrace | None:
    """Parse the final exception; the ones before `Next` are its causes."""
    stacks: list[_Stack] = [_Stack(php_head(head), limit)]
    for line in lines:
        found = FRAME.match(line)
        if found is not None:
            call = found.group(1) or found.group(5)
            stacks[-1].add(call, found.group(2) or found.group(3) or "", number(found.group(4)))
            continue
        stated = php_head(line)
        if stated is None:
            continue
        if not len(stacks[-1].frames):
            if stacks[-1].head is None or stated.name:
                stacks[-1] = _Stack(stated, limit)
        elif _NEXT.match(line) and len(stacks) <= MAX_CAUSES:
            stacks.append(_Stack(stated, limit))
    if not any(len(stack.frames) for stack in stacks):
        stacks[-1] = _xdebug(lines, stacks[-1].head, limit) or stacks[-1]
    final = stacks[-1]
    if not len(final.frames) and final.head is None:
        return None
    traces = [_trace(stack, head) for stack in reversed(stacks)]
    return replace(traces[0], causes=tuple(traces[1:]))


def _trace(stack: _Stack, head: str) -> StackTrace:
    if stack.head is not None:
        name, message = stack.head.name, stack.head.message
    else:
        plain = class_line(head) or ExceptionHead(None, head)
        name, message = plain.name, plain.message
    frames = stack.frames.frames()
    if not frames and stack.head is not None and stack.head.file:
        file = stack.head.file
        own = is_in_app("php", file=file)
        frames = (StackFrame("{main}", "", file, stack.head.line, None, own, "php"),)
    return StackTrace("php", name, message, frames, truncated=stack.frames.truncated)
