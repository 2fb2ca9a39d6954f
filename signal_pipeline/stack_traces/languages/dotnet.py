""".NET traces (C#, F#, VB, Mono, Unity): frames, inner exceptions, async separators."""

from __future__ import annotations

from dataclasses import replace

from signal_pipeline.stack_traces.exception_head import (
    ExceptionHead,
    class_line,
    find_exception,
    strip_prefixes,
)
from signal_pipeline.stack_traces.frame_collector import FrameCollector
from signal_pipeline.stack_traces.in_app import is_in_app
from signal_pipeline.stack_traces.linear_pattern import linear, number
from signal_pipeline.stack_traces.model import StackFrame, StackTrace

_AT = "(?:at|bei|à|en|em|in|w|в|在|場所|위치:)"
_IN = "(?:in|dans|en|em|w|в|位置|場所|파일)"
_LINE = "(?:line |Zeile |ligne |línea |riga |linha |строка |wiersz |行号 |行 |줄 )?"
"""What comes before a method, a file and a line number in the languages that .NET's messages come in."""
FRAME = linear(
    rf"^\s*{_AT} ([^\s()][^()]*?) ?\(([^()]*(?:\([^()]*\)[^()]*)*)\)(?: ?\[0x[0-9a-f]+\])?(?: {_IN} "
    rf"(.+?)(?::{_LINE}([0-9]+)\.?)?)?\s*$"
)
RECOGNISER = linear(
    rf"^\s*{_AT} [^\s()/\\]+[.+][^\s()/\\]+(?: [^\s()]+)* ?\((?:"
    rf"|[A-Za-z_][^()/\\:]*)\)(?: \[0x[0-9a-f]+\])?(?: {_IN} .+:{_LINE}[0-9]+\.?| in <[^>]*>(?::0)?)?\s*$"
    r"|^\s*--- End of |^[^\s(]+ \(.*\) \(at [^\s].*:[0-9]+\)\s*$"
)
DECISIVE = linear(
    rf"^\s*{_AT} .*\) {_IN} .+:{_LINE.removesuffix('?')}[0-9]+\.?\s*$"
    r"|^\s*--- End of |^Unhandled exception\. [A-Z]"
    r"|^Unhandled Exception: [A-Z]"
)
_UNITY = linear(r"^([^\s(]+)[.:]([^\s(.:]+) ?\(.*\) \(at ([^\s].*):([0-9]+)\)\s*$")
_END_OF_INNER = linear(r"^\s*--- End of (?:inner|managed)")
_MONO_DETAIL = linear(r"\[[^\[\]]*\]$")

MAX_CAUSES = 32


def dotnet_frame(line: str) -> StackFrame | None:
    """Read one `at` line, or one of Unity's `Class.Method () (at file:1)`; None when it is neither."""
    unity = _UNITY.match(line)
    if unity is not None:
        return _frame(unity.group(1), unity.group(2), unity.group(3), unity.group(4))
    found = FRAME.match(line)
    if found is None:
        return None
    qualified = _MONO_DETAIL.sub("", found.group(1))
    if qualified.endswith(("..ctor", "..cctor")):
        module, _, function = qualified.rpartition("..")
        function = f".{function}"
    else:
        module, _, function = qualified.rpartition(".")
    file = found.group(3) or ""
    return _frame(module, function, "" if file.startswith("<") else file, found.group(4))


def _frame(module: str, function: str, file: str, line: str | None) -> StackFrame:
    own = is_in_app("csharp", module=module, file=file)
    return StackFrame(function, module, file, number(line), None, own, "csharp")


def _heads(lines: list[str], head: str) -> list[ExceptionHead]:
    """Outer exception first. Framework and Core write the chain on one line or on lines that begin with `--->`."""
    text = [line for line in lines if line.strip()]
    chain = [part.strip() for line in text for part in f" {line}".split(" ---> ")]
    chain = [part for part in chain if part]
    first = next((i for i, part in enumerate(chain) if _is_head(part)), None)
    if first is None:
        return [find_exception(head)]
    found = [class_line(part) or find_exception(part) for part in chain[first:]]
    return [item for index, item in enumerate(found) if index == 0 or (item.name and "." in item.name)]


def _is_head(part: str) -> bool:
    plain = class_line(part)
    return find_exception(part).name is not None or (plain is not None and "." in (plain.name or ""))


def parse_dotnet(lines: list[str], head: str, limit: int) -> StackTrace | None:
    """Parse the outer exception with its inner ones as causes; None without any frame."""
    head_lines: list[str] = []
    sections = [FrameCollector(limit)]
    for line in lines:
        frame = dotnet_frame(line)
        if frame is not None:
            sections[-1].add(frame)
        elif _END_OF_INNER.match(line):
            sections.append(FrameCollector(limit))
        elif "--->" in line or not any(map(len, sections)):
            head_lines.append(line)
        elif line.strip() and not line[:1].isspace() and not line.startswith(("---", "<---")):
            break
    if not any(map(len, sections)):
        return None
    heads = _heads(head_lines[-60:], head)[: MAX_CAUSES + 1]
    stacks = [section for section in sections if len(section)] or sections
    outer_first = list(reversed(stacks))[: MAX_CAUSES + 1]
    traces = []
    for index in range(max(len(heads), len(outer_first))):
        found = heads[index] if index < len(heads) else ExceptionHead(None, "")
        section = outer_first[index] if index < len(outer_first) else FrameCollector(limit)
        traces.append(
            StackTrace(
                "csharp", found.name, strip_prefixes(found.message), section.frames(), truncated=section.truncated
            )
        )
    return replace(traces[0], causes=tuple(traces[1:]), truncated=any(section.truncated for section in sections))
