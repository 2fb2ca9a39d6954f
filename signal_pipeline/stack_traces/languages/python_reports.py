"""Python errors as pytest and IPython show them: the source in between, no `Traceback` line. Tracebacks: python.py."""

from __future__ import annotations

from collections.abc import Callable

from signal_pipeline.stack_traces.exception_head import ExceptionHead, class_line
from signal_pipeline.stack_traces.file_paths import python_module
from signal_pipeline.stack_traces.frame_collector import FrameCollector
from signal_pipeline.stack_traces.in_app import is_in_app
from signal_pipeline.stack_traces.linear_pattern import linear, number
from signal_pipeline.stack_traces.model import StackFrame, StackTrace

_CLASS = r"[A-Za-z_][0-9A-Za-z_.]*(?:Error|Exception|Exit|Failed|Interrupt|Warning|Timeout|Iteration)|Exception"
PLACE = (
    rf"^([^\s:][^:]*\.py):([0-9]+): (?:in (.+)|(?:{_CLASS}))?\s*$"
    r"|^(?:File )?([^\s:][^:]*\.py)(?::([0-9]+))?(?:,)? in ([A-Za-z_<][0-9A-Za-z_.<>]*)(?:\(.*\))?\s*$"
    r"|^(?:<ipython-input-[^>]*>|Cell In *\[[0-9]+\])(?:,? line ([0-9]+)| in (?:<module>|[A-Za-z_][^\s]*))\s*$"
)
"""pytest: `a.py:12: in f`, `a.py:12: KeyError`. IPython: `File a.py:12, in f(x)`, `a.py in f(x)`, `Cell In[1], ...`."""
_PYTEST_PLACE = linear(rf"^([^\s:][^:]*\.py):([0-9]+): (?:in (.+?)|({_CLASS}))?\s*$")
_IPYTHON_FILE = linear(
    r"^(?:File )?([^\s:][^:]*\.py)(?::([0-9]+))?(?:,)? in ([A-Za-z_<][0-9A-Za-z_.<>]*)(?:\(.*\))?\s*$"
)
_IPYTHON_CELL = linear(
    r"^(?:<ipython-input-[^>]*>|Cell In *\[[0-9]+\])(?:,? line ([0-9]+)| in (<module>|[A-Za-z_][^\s(]*)(?:\(.*\))?)\s*$"
)
_ARROW = linear(r"^-+> *([0-9]+) ")
_DEFINED = linear(r"^(?:>)?\s+(?:async )?def ([A-Za-z_][0-9A-Za-z_]*)\(")
_SAID = linear(rf"^E\s+({_CLASS})(?:: (.*))?$")
_ASSERTED = linear(r"^E\s+(assert .*)$")


def python_report(lines: list[str], limit: int) -> StackTrace | None:
    """The first failure of a pytest report, or what IPython shows of an exception; None when it is neither."""
    for read in (_pytest, _ipython):
        trace = read(lines, limit)
        if trace is not None:
            return trace
    return None


def _pytest(lines: list[str], limit: int) -> StackTrace | None:
    frames = FrameCollector(limit, outermost_first=True)
    said: ExceptionHead | None = None
    function = ""
    for line in lines:
        defined = _DEFINED.match(line)
        if defined is not None:
            function = defined.group(1)
            continue
        place = _PYTEST_PLACE.match(line)
        if place is not None:
            frames.add(_frame(place.group(1), place.group(2), place.group(3) or function))
            if place.group(4):
                return _trace(said if said and said.name else ExceptionHead(place.group(4), _text(said)), frames)
            continue
        said = said or _stated(line)
        if said is not None and said.name and line.startswith("E ") and len(frames) and not function:
            return _trace(said, frames)  # short style: the exception is the last line
    return _trace(said, frames) if said is not None else None


def _text(said: ExceptionHead | None) -> str:
    return said.message if said is not None else ""


def _stated(line: str) -> ExceptionHead | None:
    found = _SAID.match(line)
    if found is not None:
        return ExceptionHead(found.group(1), (found.group(2) or "").strip())
    asserted = _ASSERTED.match(line)
    return ExceptionHead(None, asserted.group(1).strip()) if asserted is not None else None


def _ipython(lines: list[str], limit: int) -> StackTrace | None:
    frames = FrameCollector(limit, outermost_first=True)
    waiting: Callable[[str | None], StackFrame] | None = None
    for line in lines:
        file, cell = _IPYTHON_FILE.match(line), _IPYTHON_CELL.match(line)
        arrow = _ARROW.match(line) if waiting is not None else None
        if arrow is not None and waiting is not None:
            frames.add(waiting(arrow.group(1)))
            waiting = None
        elif file is not None:
            name, place, function = file.group(1), file.group(2), file.group(3)
            if place:
                frames.add(_frame(name, place, function))
            else:
                waiting = _waiting(name, function)
        elif cell is not None:
            if cell.group(1):
                frames.add(_frame("<ipython>", cell.group(1), "<module>"))
            else:
                waiting = _waiting("<ipython>", cell.group(2))
        elif len(frames) and line[:1].isalpha():
            found = class_line(line)
            if found is not None and found.name is not None and ":" in line:
                return _trace(found, frames)
    return None


def _waiting(file: str, function: str) -> Callable[[str | None], StackFrame]:
    return lambda line: _frame(file, line, function)


def _frame(file: str, line: str | None, function: str) -> StackFrame:
    return StackFrame(
        function=function.strip() or "<module>",
        module=python_module(file),
        file=file,
        line=number(line),
        in_app=is_in_app("python", file=file),
        language="python",
    )


def _trace(said: ExceptionHead, frames: FrameCollector) -> StackTrace:
    name = said.name or "AssertionError"
    return StackTrace("python", name, said.message, frames.frames(), truncated=frames.truncated)
