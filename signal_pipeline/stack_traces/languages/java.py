"""Java, Kotlin, Scala and other JVM traces: `\tat a.b.C.d(C.java:1)`, causes, suppressed, thread dumps."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from signal_pipeline.stack_traces.exception_head import ExceptionHead, class_line, find_exception
from signal_pipeline.stack_traces.frame_collector import FrameCollector
from signal_pipeline.stack_traces.in_app import is_in_app
from signal_pipeline.stack_traces.linear_pattern import linear, number
from signal_pipeline.stack_traces.model import StackFrame, StackTrace

FRAME = linear(
    r"^\s*(?:\|\s*)?at\s+([^\s()][^()]*)\((?:[0-9A-Za-z_.@\-]+/)?(?:([^():/\\\s]+\.(?:java|kts?|scala|sc"
    r"|groovy|gvy|gradle|cljc?"
    r"|aj|jsp|xtend|ceylon|py|rb))"
    r"|Native Method|Unknown Source|<generated>|<eval>|Unknown|Compiled Code|([0-9A-Za-z_$\-]+"
    r"|[^():/\\\s]+\.java))(?::([0-9]+|[A-Za-z]+))?\)"
)
DECISIVE = linear(
    r"^Exception in thread \"|^\s*Caused by: [a-z]+\.[A-Za-z.$]+|^== Java Exception: "
    r"|^(?:[a-z][0-9a-z_]*\\.)+[A-Z][0-9A-Za-z$]*(?:Exception|Error)(?:: |$)|^.*FATAL EXCEPTION: "
)
_CAUSE = linear(r"^\s*(?:\|\s*)?(?:Caused by|Cause(?: \([0-9]+/[0-9]+\))?): (.*)$")
_WRAPPED = linear(r"^\s*Wrapped by: (.*)$")
_SUPPRESSED = linear(r"^\s*Suppressed: (.*)$")
_MORE = linear(
    r"^\s*\.\.\. ?[0-9]+ (?:more|common frames|frames)|^\s*\[CIRCULAR REFERENCE|^\s*-+ ?(?:locked"
    r"|waiting)|^\s*- |^\s*java\.lang\.Thread\.State: |^Full thread dump |^Found (?:one"
    r"|[0-9]+) Java-level deadlock"
)
_THREAD = linear(r"^\"[^\"]*\"(?:.*(?:prio=|tid=|nid=|Id=)|:\s*$)")
_NESTED = linear(r"^\s*nested exception is")
_LAMBDA_ADDRESS = linear(r"(\$\$Lambda)[$/0-9]*(?:/(?:0x)?[0-9a-f]+)?")
_FATAL = "FATAL EXCEPTION"

MAX_CAUSES = 32
_HEAD_REACH = 30
"""Lines before the first frame among which the class is sought: messages may have several lines."""


@dataclass
class _Section:
    """One exception of a chain: its head lines and its frames."""

    kind: str
    heads: list[str]
    frames: FrameCollector = field(default_factory=lambda: FrameCollector(1))


def java_frame(line: str) -> StackFrame | None:
    """Read one `at` line; None when it is not one."""
    found = FRAME.match(line)
    if found is None:
        return None
    qualified = found.group(1).strip()
    if "Lambda" in qualified:
        qualified = _LAMBDA_ADDRESS.sub(r"\1", qualified)
    qualified = qualified.rsplit("/", 1)[-1]
    module, _, function = qualified.rpartition(".")
    return StackFrame(
        function=function,
        module=module,
        file=found.group(2) or found.group(3) or "",
        line=number(found.group(4)) if (found.group(4) or "").isdigit() else None,
        in_app=is_in_app("java", module=module),
        language="java",
    )


def _from_fatal_marker(lines: list[str]) -> list[str]:
    """Android logs many harmless traces; the one after `FATAL EXCEPTION` ended the process."""
    for index, line in enumerate(lines):
        if _FATAL in line:
            return lines[index:]
    return lines


def _sections(lines: list[str], limit: int) -> tuple[list[_Section], bool]:
    sections = [_Section("main", [], FrameCollector(limit))]
    gap: list[str] = []
    truncated = False
    for line in _from_fatal_marker(lines):
        current = sections[-1]
        frame = java_frame(line)
        if frame is not None:
            if gap and len(current.frames):
                break
            current.heads += gap
            gap = []
            current.frames.add(frame)
            continue
        if _THREAD.match(line):
            if any(frame.in_app for frame in sections[0].frames.frames()):
                break
            sections, gap = [_Section("main", [], FrameCollector(limit))], []
            continue
        started = _section_start(line)
        if started is not None:
            gap = []
            if len(sections) > MAX_CAUSES:
                truncated = True
                sections[-1] = _Section("dropped", [])
            else:
                sections.append(_Section(started[0], [started[1]], FrameCollector(limit)))
        elif line.strip() and not _MORE.match(line):
            gap = [*gap[-_HEAD_REACH:], line]
    return [section for section in sections if section.kind != "dropped"], truncated


def _section_start(line: str) -> tuple[str, str] | None:
    for kind, pattern in (("cause", _CAUSE), ("wrapped", _WRAPPED), ("suppressed", _SUPPRESSED)):
        found = pattern.match(line)
        if found is not None:
            return kind, found.group(1)
    return None


def nearest_head(candidates: list[str], head: str) -> ExceptionHead:
    """The exception among the lines before the first frame, nearest to it; else the one in `head`."""
    for index in range(len(candidates) - 1, -1, -1):
        if index and _NESTED.match(candidates[index - 1]):
            continue
        found = find_exception(candidates[index])
        if found.name is not None:
            return found
    if candidates and not head:
        return class_line(candidates[-1]) or ExceptionHead(None, candidates[-1].strip())
    return find_exception(head)


def _trace(section: _Section, head: str) -> StackTrace:
    if not section.heads or section.kind == "main":
        found = nearest_head(section.heads, head)
    else:
        found = class_line(section.heads[0]) or find_exception(section.heads[0])
    return StackTrace("java", found.name, found.message, section.frames.frames(), truncated=section.frames.truncated)


def parse_java(lines: list[str], head: str, limit: int) -> StackTrace | None:
    """Parse the first trace (the fatal one if the log says which); None without any frame or cause."""
    sections, truncated = _sections(lines, limit)
    kept = [section for section in sections if section.kind != "suppressed"]
    if not any(len(section.frames) for section in kept) and len(kept) < 2:
        return None
    if not len(kept[0].frames) and len(kept) > 1 and nearest_head(kept[0].heads, head).name is None:
        kept = kept[1:]
    traces = [_trace(section, head) for section in kept]
    if any(section.kind == "wrapped" for section in kept):
        traces.reverse()
    main = traces[0]
    return replace(main, causes=tuple(traces[1:]), truncated=main.truncated or truncated)
