"""JavaScript and TypeScript errors in browsers and Node: head, frames, `[cause]`, error codes."""

from __future__ import annotations

from dataclasses import replace

from signal_pipeline.stack_traces.exception_head import ExceptionHead, find_exception
from signal_pipeline.stack_traces.frame_collector import FrameCollector
from signal_pipeline.stack_traces.languages.java import nearest_head
from signal_pipeline.stack_traces.languages.javascript_frames import (
    AT_SIGN_PATTERN,
    FIREFOX_CONSOLE_PATTERN,
    at_sign_frame,
    bare_frame,
    firefox_console_frame,
    is_node_place,
    opera_frame,
    v8_frame,
)
from signal_pipeline.stack_traces.linear_pattern import linear
from signal_pipeline.stack_traces.model import StackFrame, StackTrace

FRAME = linear(
    r"^\s*at\s+(?:.*[\s(])?[^()]*(?::[0-9]+:[0-9]+\)*|\((?:native|<anonymous>|unknown location"
    r"|index [0-9]+)\)|\.[cm]?[jt]sx?:[0-9]+\)?)(?: \{)?\s*$"
    r"|^\s*at (?:<anonymous>|eval code|Global code|Anonymous function)"
    rf"|{AT_SIGN_PATTERN}|{FIREFOX_CONSOLE_PATTERN}"
    r"|^\s*(?:\.\.\.\s+)?Line [0-9]+ of (?:linked|inline#|function|eval)|^called from line [0-9]+"
    r"|^\[native code\]\s*$|^[0-9A-Za-z_.\-]+\.bundle:[0-9]+:[0-9]+\s*$|^https?://[^\s]*:[0-9]+:[0-9]+\s*$"
)
DECISIVE = linear(
    r"^\s*at (?:.* \()?(?:[^()]*/)?[^()/]+\.[cm]?[jt]sx?:[0-9]+:[0-9]+\)?(?: \{)?\s*$|^Uncaught [A-Z]"
    r"|^\s*at .* \(node:[a-z_/]+:[0-9]+:[0-9]+\)"
)
_CAUSE = linear(r"^\s*(?:\[cause\]|Caused by|\[errors\]): (.*)$")
_CODE_PROPERTY = linear(r"^\s*(?:\{ )?(?:.*, )?\[?code\]?: '([0-9A-Z_]+)'")
_SYSTEM_CODE = linear(
    r"\b(E(?:CONN|HOST|NET|ADDR|PIPE|TIMEDOUT|ACCES|PERM|NOENT|EXIST|MFILE|NFILE|NOTFOUND|AI_AGAIN|ISDIR"
    r"|NOTDIR|NOSPC|PROTO|BUSY|ROFS|INVAL)[A-Z_]*)\b"
)
_PLAIN_ERRORS = ("Error", "SystemError", "FetchError", "AxiosError", "RequestError", None)

MAX_CAUSES = 32


class _Reader:
    """Walks the lines once: frames of the first stack, then of its causes."""

    def __init__(self, lines: list[str], limit: int) -> None:
        self.limit = limit
        self.names = any(at_sign_frame(line) for line in lines[:50])
        self.stacks: list[tuple[list[str], FrameCollector]] = [([], FrameCollector(limit))]
        self.code = ""
        self.truncated = False
        self._ended = False
        self._opera = any(opera_frame(line) for line in lines[:50])

    def read(self, line: str) -> None:
        cause = _CAUSE.match(line)
        if cause is not None:
            self._add_cause(cause.group(1))
            return
        code = _CODE_PROPERTY.match(line)
        if code is not None and not self.code:
            self.code = code.group(1)
        heads, frames = self.stacks[-1]
        frame = self._frame(line, heads)
        if frame is not None and not self._ended:
            frames.add(frame)
        elif frame is None and line.strip():
            if len(frames) and not self._opera and not line[:1].isspace():
                self._ended = True
            if not len(frames):
                heads.append(line)

    def _frame(self, line: str, heads: list[str]) -> StackFrame | None:
        if self._opera:
            return opera_frame(line)
        frame = v8_frame(line) or firefox_console_frame(line)
        if frame is not None or is_node_place(line):
            return frame
        names = self.names and "Error" not in line
        return at_sign_frame(line) or (bare_frame(line, names=names) if self.names or not heads else None)

    def _add_cause(self, head: str) -> None:
        if len(self.stacks) > MAX_CAUSES:
            self.truncated = True
            self.stacks[-1] = ([head], FrameCollector(self.limit))
        else:
            self.stacks.append(([head], FrameCollector(self.limit)))
        self._ended = False


def _with_code(found: ExceptionHead, code: str) -> ExceptionHead:
    """A plain Error of the system says more by its code: `ECONNREFUSED`."""
    if found.name not in _PLAIN_ERRORS:
        return found
    if not code:
        stated = _SYSTEM_CODE.search(found.message)
        code = stated.group(1) if stated else ""
    return ExceptionHead(code or found.name, found.message)


def parse_javascript(lines: list[str], head: str, limit: int) -> StackTrace | None:
    """Parse the first stack with its causes; None without any frame."""
    reader = _Reader(lines, limit)
    for line in lines:
        reader.read(line)
    heads, frames = reader.stacks[0]
    if not len(frames):
        return None
    found = _with_code(nearest_head(heads[-30:], head), reader.code)
    causes = []
    for cause_heads, cause_frames in reader.stacks[1:]:
        cause = _with_code(find_exception(cause_heads[0]), "")
        causes.append(
            StackTrace("javascript", cause.name, cause.message, cause_frames.frames(), truncated=cause_frames.truncated)
        )
    trace = StackTrace("javascript", found.name, found.message, frames.frames(), truncated=frames.truncated)
    return replace(trace, causes=tuple(causes), truncated=trace.truncated or reader.truncated)
