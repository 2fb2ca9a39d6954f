"""Where a value that was null came from: not from where it was used, nor from the functions that only handed it on.

Read from the source lines of a Python trace, which other languages do not write.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

MAX_TRACE_CHARS = 20_000
_CALL = re.compile(r'^ *File "[^"\n]+", line \d+, in ([\w<>.]+)\n +(\S.*)$', re.MULTILINE)
_BLOCK = "Traceback (most recent call last):"
_NULL = re.compile(
    r"^(?:\w+\.)*(?:Attribute|Type)Error: .*'NoneType' object (?:has no attribute '(\w+)'|.*)$", re.MULTILINE
)
_SUBSCRIPTED = re.compile(r"(?<![\w.])([A-Za-z_]\w*)\[")
_NAME = re.compile(r"(?<![\w.'\"])([A-Za-z_]\w*)(?![\w(.=\"'\[])")
_FIELD = re.compile(r"\b(self\.[A-Za-z]\w*_\w+)\.(\w+)")
"""A field with a name of two words, which says which one it is."""
_LEAST_NAME = 3


def made_in(stack_trace: str | None) -> tuple[str, str] | None:
    """The function whose call computed the null value that the trace ends with, and the name in that computation: the
    callers that passed a variable on by its name only handed it through. Of a field of the object no function, and the
    field. None where the trace shows neither.
    """
    text = (stack_trace or "")[-MAX_TRACE_CHARS:]
    every = list(_NULL.finditer(text))
    if not every:
        return None
    calls = _CALL.findall(text[: every[-1].start()].rpartition(_BLOCK)[2])
    if calls and (field := _FIELD.search(calls[-1][1])) and field.group(2) == every[-1].group(1):
        return "", field.group(1)
    if len(calls) < 2 or (name := _used(calls[-1][1], every[-1].group(1))) is None:
        return None
    for function, line in reversed(calls[:-1]):
        arguments = line.partition("(")[2]
        if (handed := _same(name, _NAME.findall(arguments))) is None:
            continue
        if _is_computed(handed, arguments):
            return function, handed
        name = handed
    return None


def _used(line: str, attribute: str | None) -> str | None:
    """The variable that was null in the line that failed."""
    if attribute is not None:
        found = re.search(rf"(?<![\w.])([A-Za-z_]\w*)\.{attribute}\b", line)
    else:
        found = _SUBSCRIPTED.search(line)
    return found.group(1) if found and found.group(1) != "self" else None


def _same(name: str, others: Sequence[str]) -> str | None:
    """The one of `others` that is called the same, or that one is short for: `ctxt` for `context`."""
    if name in others:
        return name
    return next((other for other in others if _is_short_for(name, other) or _is_short_for(other, name)), None)


def _is_short_for(short: str, name: str) -> bool:
    if not _LEAST_NAME <= len(short) < len(name) or short[0] != name[0]:
        return False
    rest = iter(name)
    return all(letter in rest for letter in short)


def _is_computed(name: str, arguments: str) -> bool:
    """Whether the name stands within a call among the arguments: what that returned was handed on."""
    depth = 0
    for at, letter in enumerate(arguments):
        if letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
        elif depth > 0 and re.match(rf"{re.escape(name)}\b", arguments[at:]) and not re.match(r"\w", arguments[at - 1]):
            return True
    return False
