"""Dart and Flutter traces, in the VM's form and in that of the stack_trace package."""

from __future__ import annotations

from signal_pipeline.stack_traces.exception_head import ExceptionHead, class_line, find_exception
from signal_pipeline.stack_traces.file_paths import stable_path
from signal_pipeline.stack_traces.frame_collector import FrameCollector
from signal_pipeline.stack_traces.in_app import is_in_app
from signal_pipeline.stack_traces.linear_pattern import linear, number
from signal_pipeline.stack_traces.model import StackFrame, StackTrace

_URI = r"(?:package|dart|file|org-dartlang-[a-z]+|https?):[^\s()]*?"
FRAME = linear(rf"^\s*#[0-9]+\s+(.+?) \(({_URI})(?::([0-9]+))?(?::([0-9]+))?\)\s*$")
RECOGNISER = linear(
    rf"^\s*#[0-9]+\s+.+ \({_URI}\)\s*$|^\s*(?:(?:package|dart|file|org-dartlang-[a-z]+):"
    rf"|packages/)[^\s]+ +[0-9]+:[0-9]+ +[^\s]|^<asynchronous suspension>"
)
DECISIVE = linear(r"^\s*#[0-9]+\s+.+ \((?:package|dart|file|org-dartlang-[a-z]+):|^══+╡ EXCEPTION CAUGHT BY")
_TERSE = linear(
    r"^\s*((?:(?:package|dart|file|org-dartlang-[a-z]+):|packages/)[^\s]+) +([0-9]+):([0-9]+) +([^\s].*?)\s*$"
)
_TITLES = ("Unhandled exception", "Uncaught", "══", "The following", "When the exception", "[VERBOSE", "E/flutter")
_PHRASES: tuple[tuple[str, str], ...] = (
    ("IntegerDivisionByZeroException", r"^IntegerDivisionByZeroException"),
    ("ArgumentError", r"^Invalid argument"),
    ("RangeError", r"^RangeError"),
    ("UnsupportedError", r"^Unsupported operation"),
    ("UnimplementedError", r"^Unimplemented(?:Error|$|:)"),
    ("ConcurrentModificationError", r"^Concurrent modification during iteration"),
    ("StateError", r"^Bad state"),
    ("OutOfMemoryError", r"^Out of [Mm]emory"),
    ("StackOverflowError", r"^Stack [Oo]verflow"),
    (
        "TypeError",
        r"^type '.*' is not a subtype of|: malformed type: "
        r"|^Null check operator used on a null value",
    ),
    ("AssertionError", r"Failed assertion: |^Assertion failed"),
    ("AbstractClassInstantiationError", r"^Cannot instantiate abstract class"),
    ("FallThroughError", r"^'.*': Switch case fall-through"),
    ("CyclicInitializationError", r"^Reading static variable .* during its initialization"),
    ("LateInitializationError", r"^LateInitializationError"),
    ("MissingPluginException", r"^MissingPluginException"),
)
_FLUTTER = linear(
    r"^The following _?([A-Za-z][0-9A-Za-z_.]*(?:Error|Exception|Failure)) was thrown"
    r"|^The following (assertion) was thrown"
)
_COMPILED_PHRASES = tuple((name, linear(pattern)) for name, pattern in _PHRASES)


def dart_frame(line: str) -> StackFrame | None:
    """Read one frame line of either form; None when it is not one."""
    found = FRAME.match(line)
    if found is not None:
        function, file, row, column = found.group(1), found.group(2), found.group(3), found.group(4)
    else:
        terse = _TERSE.match(line)
        if terse is None:
            return None
        file, row, column, function = terse.group(1), terse.group(2), terse.group(3), terse.group(4)
    own = is_in_app("dart", file=file)
    module = file if file.startswith("dart:") else stable_path(file)
    return StackFrame(function, module, file, number(row), number(column), own, "dart")


def dart_head(text: str) -> ExceptionHead:
    """Dart prints many errors without their class; the phrase tells it."""
    text = text.strip()
    for name, pattern in _COMPILED_PHRASES:
        if pattern.search(text):
            return ExceptionHead(name, text.removeprefix(f"{name}: "))
    plain = class_line(text)
    return plain if plain is not None and (plain.name or "")[:1].isupper() else find_exception(text)


def _flutter(before: list[str]) -> ExceptionHead | None:
    """`The following NoSuchMethodError was thrown building Cart:`, and below it what the error says."""
    for index, line in enumerate(before):
        found = _FLUTTER.match(line.strip())
        if found is not None:
            said = next((text.strip() for text in before[index + 1 :]), "")
            stated = dart_head(said)
            name = "AssertionError" if found.group(2) else found.group(1)
            return ExceptionHead(stated.name if name == "AssertionError" and stated.name else name, said)
    return None


def parse_dart(lines: list[str], head: str, limit: int) -> StackTrace | None:
    """Parse the first trace; None without any frame."""
    frames = FrameCollector(limit)
    before: list[str] = []
    for line in lines:
        frame = dart_frame(line)
        if frame is not None:
            frames.add(frame)
        elif not len(frames) and line.strip():
            before.append(line)
        elif len(frames) and line.strip() and not line.startswith(("<asynchronous", "====")):
            break
    if not len(frames):
        return None
    flutter = _flutter(before)
    if flutter is not None:
        return StackTrace("dart", flutter.name, flutter.message, frames.frames(), truncated=frames.truncated)
    stated = [dart_head(line) for line in before[-20:] if not line.strip().startswith(_TITLES)]
    found = next((item for item in stated if item.name is not None), None)
    found = found or dart_head(head) or (stated[0] if stated else ExceptionHead(None, head))
    return StackTrace("dart", found.name, found.message, frames.frames(), truncated=frames.truncated)
