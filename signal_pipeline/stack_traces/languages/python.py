"""Python tracebacks: chained, grouped, syntax errors, faulthandler dumps. Frames are turned innermost first."""

from __future__ import annotations

from dataclasses import dataclass, replace

from signal_pipeline.stack_traces.exception_head import ExceptionHead, class_line, find_exception, is_level_word
from signal_pipeline.stack_traces.file_paths import python_module
from signal_pipeline.stack_traces.frame_collector import FrameCollector
from signal_pipeline.stack_traces.in_app import is_in_app
from signal_pipeline.stack_traces.languages.python_reports import PLACE, python_report
from signal_pipeline.stack_traces.linear_pattern import linear, number
from signal_pipeline.stack_traces.model import StackFrame, StackTrace

FRAME = linear(r"^\s*(?:[|+]\s*)*File \"([^\"]*)\", line ([0-9]+)(?:,? in (.*))?\s*$")
RECOGNISER = linear(f"{FRAME.pattern}|{PLACE}")
START = linear(
    r"^(?:.*\s)?(?:\+ Exception Group )?Traceback \(most recent call last\):|^(?:Current thread|Thread"
    r"|Stack) .*\(most recent call first\):"
)
_INNERMOST_FIRST = "most recent call first"
_GUTTER = linear(r"^\s*(?:\|[ ]?|\+ (?:Exception Group )?)")
_MEMBER_RULE = linear(r"^\s*(?:\+-\+|\+)-{4,}")
_LEADING_CLASS = linear(r"^(?:[^\s].*\s)?([A-Za-z_][0-9A-Za-z_.]*): Traceback \(most recent call last\):")
_FATAL = linear(r"^Fatal Python error: ([^:]*)")
_FATAL_SIGNALS = {
    "Segmentation fault": "SIGSEGV",
    "Aborted": "SIGABRT",
    "Bus error": "SIGBUS",
    "Illegal instruction": "SIGILL",
}

MAX_CAUSES = 32


@dataclass
class _Section:
    """One traceback; `member` marks a sub-exception of a group."""

    frames: FrameCollector
    before: str
    member: bool
    innermost_first: bool
    head: ExceptionHead | None = None


def python_frame(line: str) -> StackFrame | None:
    """Read one `File "x", line 1, in f` line; None when it is not one."""
    found = FRAME.match(line)
    if found is None:
        return None
    file = found.group(1)
    return StackFrame(
        function=(found.group(3) or "<module>").strip(),
        module=python_module(file),
        file=file,
        line=number(found.group(2)),
        in_app=is_in_app("python", file=file),
        language="python",
    )


class _Reader:
    """Walks the lines once and cuts them into sections."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.sections: list[_Section] = []
        self.truncated = False
        self._previous = ""
        self._in_group = False

    def read(self, line: str) -> None:
        if START.match(line):
            self._open(line, line)
        elif _MEMBER_RULE.match(line):
            self._in_group = True
        elif line.strip():
            self._read_inside(line)
            self._previous = line

    def _open(self, line: str, start: str) -> None:
        if len(self.sections) > MAX_CAUSES:
            self.truncated = True
            self.sections.pop(1)
        first = _INNERMOST_FIRST in start
        collector = FrameCollector(self.limit, outermost_first=not first)
        leading = _LEADING_CLASS.match(line)
        before = leading.group(1) if leading else self._previous
        self.sections.append(_Section(collector, before, self._in_group, first))

    def _read_inside(self, line: str) -> None:
        frame = python_frame(line)
        section = self.sections[-1] if self.sections else None
        if frame is not None:
            if section is None or section.head is not None:
                self._open(line, "")
                section = self.sections[-1]
            section.frames.add(frame)
            return
        if section is None or section.head is not None or not len(section.frames):
            return
        text = _GUTTER.sub("", line) if "|" in line[:40] or "+" in line[:40] else line
        if not text[:1].isspace():
            section.head = _closing(text)


def _closing(line: str) -> ExceptionHead | None:
    found = class_line(line)
    if found is None or found.name is None or is_level_word(found.name):
        return None
    return found


def _fatal(lines: list[str]) -> ExceptionHead | None:
    """`Fatal Python error: Segmentation fault` of a crash inside the interpreter or an extension."""
    found = next((match for line in lines if (match := _FATAL.match(line)) is not None), None)
    if found is None:
        return None
    return ExceptionHead(_FATAL_SIGNALS.get(found.group(1).strip(), "Fatal Python error"), found.group(1).strip())


def _trace(section: _Section, head: str) -> StackTrace:
    found = section.head
    if found is None:
        before = find_exception(section.before) if section.before else None
        if before is not None and before.name is None and section.before.isidentifier():
            before = ExceptionHead(section.before, "")
        found = before if before is not None and before.name is not None else find_exception(head)
    return StackTrace("python", found.name, found.message, section.frames.frames(), truncated=section.frames.truncated)


def parse_python(lines: list[str], head: str, limit: int) -> StackTrace | None:
    """Parse the final exception, with the ones it came from as causes, or a group with its members."""
    reader = _Reader(limit)
    for line in lines:
        reader.read(line)
    sections = [section for section in reader.sections if len(section.frames)]
    if not sections:
        return python_report(lines, limit)
    dumps = [section for section in sections if section.innermost_first]
    chain = dumps[:1] or [section for section in sections if not section.member] or sections[:1]
    members = [] if dumps else [section for section in sections if section.member and section not in chain]
    main = _trace(chain[-1], head)
    fatal = _fatal(lines) if dumps else None
    if fatal is not None:
        main = replace(main, exception_class=fatal.name, message=fatal.message)
    causes = [_trace(section, "") for section in [*reversed(chain[:-1]), *members]][:MAX_CAUSES]
    return StackTrace(
        "python",
        main.exception_class,
        main.message,
        main.frames,
        tuple(causes),
        main.truncated or reader.truncated,
    )
