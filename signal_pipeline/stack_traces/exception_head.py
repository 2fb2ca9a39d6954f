"""Finds the exception class and its message in a head line, whatever the log or the runtime wrote around it."""

from __future__ import annotations

from dataclasses import dataclass

from signal_pipeline.stack_traces.linear_pattern import linear

_PART = r"[\pL_$][\pL\pN_$]*"
_SUFFIX = (
    r"(?:Error|Exception|Throwable|Fault|Interrupt|Failure|Panic|Timeout|Refused|Reset|Denied|NotFound|Abort"
    r"|ExceptionGroup|ExceptionInfo|Exit|Warning)"
)
QUALIFIED = rf"(?:{_PART}(?:\.|::|\\|/))*{_PART}"
_GENERIC_ARITY = r"(?:`[0-9]+(?:\[.*?\])?)?"

_PREFIXES = linear(
    r"^\s*(?:\[[^\]]*\]\s*)?(?:Exception in thread \"[^\"]*\" |(?:Caused by|Suppressed|Wrapped by|Cause)"
    r"(?: \([0-9]+/[0-9]+\))?: |Uncaught (?:\(in promise\):? ?|exception:? )?|Unhandled exception[.:] "
    r"|Unhandled Exception: |\(node:[0-9]+\) (?:UnhandledPromiseRejection)?Warning: |---> |Next "
    r"|\[cause\]: |== Java Exception: |Exception ignored in: |FATAL EXCEPTION: |thrown: "
    r"|error: Uncaught (?:\(in promise\) )?)"
)
_ANY_CLASS = linear(
    rf"^\s*({QUALIFIED}){_GENERIC_ARITY}(?: \[([0-9A-Za-z_]+)\])?(?: "
    rf"\([0-9A-Fx]+\))?(?::\s*(.*)"
    rf"|\s*)$"
)
_KNOWN_CLASS = linear(
    rf"(?:^|[\s(\[\"'=,>|:])((?:{_PART}(?:\.|::|\\"
    rf"|/))*{_PART}?{_SUFFIX}){_GENERIC_ARITY}(?: \[([0-9A-Za-z_]+)\])?"
    r"(?::+\s*(.*)|\s*$|[)\]\"',;]\s*(.*)$)"
)
_NOT_CLASSES = frozenset(
    [
        "INFO",
        "NOTE",
        "DEBUG",
        "WARN",
        "WARNING",
        "ERROR",
        "FATAL",
        "CRITICAL",
        "TRACE",
        "SUMMARY",
        "HINT",
        "Error",
        "error",
        "Warning",
        "warning",
    ]
)


_BARE = ("Error", "error", "Exception")
_BARE_QUALIFIED = (".Exception", ".Error", ".Throwable", "::Exception", "::Error", "\\Exception", "\\Error")


@dataclass(frozen=True)
class ExceptionHead:
    """`name` is None when the line states no class; `message` is then the whole line."""

    name: str | None
    message: str


def strip_prefixes(line: str) -> str:
    """The line without what runtimes write before the class: `Exception in thread "main" `, `Caused by: `."""
    for _ in range(4):
        found = _PREFIXES.match(line)
        if found is None:
            break
        line = line[found.end() :]
    return line.strip()


def class_line(line: str) -> ExceptionHead | None:
    """Read `a.b.C: message` or `a.b.C`, where C may be any name: for places that hold a class by grammar."""
    found = _ANY_CLASS.match(strip_prefixes(line))
    if found is None:
        return None
    return ExceptionHead(found.group(1), (found.group(3) or "").strip())


def find_exception(line: str) -> ExceptionHead:
    """Find a class that looks like an exception anywhere in a log message; bare `Error` only at the start."""
    text = strip_prefixes(line)
    start = class_line(text)
    if start is not None and start.name is not None and (start.name in _BARE or start.name.endswith(_BARE_QUALIFIED)):
        return start
    found = _KNOWN_CLASS.search(text)
    if found is None or found.group(1) in _NOT_CLASSES:
        return ExceptionHead(None, text)
    return ExceptionHead(found.group(1), (found.group(3) or found.group(4) or "").strip())


def is_level_word(name: str) -> bool:
    """`INFO: started` has the shape of a class and a message, and is neither."""
    return name in _NOT_CLASSES and not name.endswith("rror")
