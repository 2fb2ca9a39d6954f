"""Why a native process died, from the lines around its stack: sanitizer reports, assertions, signals, panics.

An assertion says more than the abort that it ends in, so rows have weights; they are in native_reason_rows.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from signal_pipeline.stack_traces.languages.native_reason_rows import REASONS, ReasonRow
from signal_pipeline.stack_traces.linear_pattern import PatternSet, linear


@dataclass(frozen=True)
class Reason:
    """The row that won, with where it stood."""

    name: str
    message: str
    line: int
    weight: int


_COMPILED = tuple((row, linear(row.pattern)) for row in REASONS)
_ANY_REASON = PatternSet((row.pattern for row in REASONS), anchored=False)
_SIGNAL_NUMBERS = {
    "4": "SIGILL",
    "5": "SIGTRAP",
    "6": "SIGABRT",
    "7": "SIGBUS",
    "8": "SIGFPE",
    "10": "SIGBUS",
    "11": "SIGSEGV",
}
_EXCEPTION_CODES = {
    "c0000005": "EXCEPTION_ACCESS_VIOLATION",
    "c000001d": "EXCEPTION_ILLEGAL_INSTRUCTION",
    "c0000094": "EXCEPTION_INT_DIVIDE_BY_ZERO",
    "c00000fd": "EXCEPTION_STACK_OVERFLOW",
    "80000003": "EXCEPTION_BREAKPOINT",
    "c0000409": "STATUS_STACK_BUFFER_OVERRUN",
    "e06d7363": "C++ exception",
}
_V8_FATAL = linear(r"^# (?:Fatal|Runtime) error(?: in (.*?)(?:, line [0-9]+)?)?\s*$")
_V8_DETAIL = linear(r"^# +([^\s].*?)\.?\s*$")
_UNREACHABLE = linear(r"^(?:unreachable|unimplemented) code$")
_VALUES = linear(r"(?: \([^()]* vs\. [^()]*\))\.?$")
MAX_MESSAGE_CHARS = 500


def _named(row: ReasonRow, groups: tuple[str | None, ...]) -> str:
    name = row.name.format(*[(group or "").strip() for group in groups])
    if name.startswith("signal "):
        return _SIGNAL_NUMBERS.get(name[7:], name)
    if name.startswith("EXCEPTION "):
        return _EXCEPTION_CODES.get(name[10:], name)
    return name.rstrip(" :(")


def _v8_reason(lines: list[str], index: int) -> Reason | None:
    """V8 writes the place on one line and what was wrong on the next: `# Check failed: a == b (2 vs. 3).`"""
    fatal = _V8_FATAL.match(lines[index])
    if fatal is None:
        return None
    place = (fatal.group(1) or "").replace("\\", "/").rsplit("/", 1)[-1]
    following = lines[index + 1 : index + 3]
    detail = next((found for line in following if (found := _V8_DETAIL.match(line)) is not None), None)
    text = detail.group(1) if detail is not None else ""
    name = "Fatal error"
    for row, pattern in _COMPILED:
        found = pattern.search(f"# {text}") if row.name.endswith("failure") or row.name == "out of memory" else None
        if found is not None:
            name, text = row.name, found.group(1).strip(" :-") or text
            break
    if _UNREACHABLE.match(text):
        name, text = "unreachable code", ""
    message = " in ".join(part for part in (_VALUES.sub("", text), place.removesuffix(", line 0").strip(", ")) if part)
    return Reason(name, message[:MAX_MESSAGE_CHARS], index, 0)


def _message(row: ReasonRow, found: re.Match[str], following: str) -> str:
    """The text of the reason; Rust and C++ write it on the line below."""
    if row.name == "panic" and found.string.rstrip().endswith(":"):
        return following
    if following.startswith("what():"):
        return following.removeprefix("what():").strip()
    text = found.group(min(row.message, len(found.groups()))) or ""
    return _VALUES.sub("", text.strip(" :'"))


def _line_reason(lines: list[str], index: int) -> Reason | None:
    """The first row, in table order, that matches one line."""
    line = lines[index]
    v8 = _v8_reason(lines, index) if line.startswith("# ") else None
    if v8 is not None:
        return v8
    for position in _ANY_REASON.matching(line):
        row, pattern = _COMPILED[position]
        found = pattern.search(line)
        if found is not None:
            following = lines[index + 1].strip() if index + 1 < len(lines) else ""
            message = _message(row, found, following)[:MAX_MESSAGE_CHARS]
            # `assert(0)` says nothing: what stands around it does.
            weight = 2 if row.name == "assertion" and message in ("0", "false") else row.weight
            return Reason(_named(row, found.groups()), message, index, weight)
    return None


def find_reason(lines: list[str]) -> Reason | None:
    """The weightiest reason; of equal weight the first in the text."""
    best: Reason | None = None
    for index in range(len(lines)):
        found = _line_reason(lines, index)
        if found is not None and (best is None or found.weight < best.weight):
            best = found
        if best is not None and best.weight == 0:
            break
    return best
