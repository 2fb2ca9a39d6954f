"""Go: panics, fatal errors, goroutine dumps, race reports, and the stacks that error libraries print."""

from __future__ import annotations

from signal_pipeline.stack_traces.exception_head import ExceptionHead
from signal_pipeline.stack_traces.frame_collector import FrameCollector
from signal_pipeline.stack_traces.languages.goroutines import (
    CALL,
    LOCATION,
    PLAIN_CALL,
    Goroutine,
    go_frame,
    read_goroutines,
)
from signal_pipeline.stack_traces.linear_pattern import linear
from signal_pipeline.stack_traces.model import StackFrame, StackTrace

FRAME = linear(
    r"^\s*goroutine [0-9]+ .*\[[^\]]*\]:\s*$|^\s*[^\s].*\.(?:go|s):[0-9]+(?:\s+(?:\+0x[0-9a-f]+"
    r"|\(0x[0-9a-f]+\)).*)?\s*$"
    r"|^(?:panic|fatal error): |^created by [^\s]+"
)
DECISIVE = linear(r"^goroutine [0-9]+ .*\[[^\]]*\]:|^panic: |^.*http: panic serving |^WARNING: DATA RACE")
_HEADS: tuple[tuple[str, str], ...] = (
    ("DATA RACE", r"^\s*WARNING: (DATA RACE)"),
    ("panic", r"(?:^|\s)panic: (.*)$"),
    ("panic", r"(?i)panic (?:in|serving|recovered|caught)\b[^:]*(?::[0-9]+)?: (.*)$"),
    ("fatal error", r"^fatal error: (.*)$"),
    ("panic", r"(runtime error: .*)$"),
    ("signal", r"^(SIG[A-Z]+: .*)$"),
)
_COMPILED_HEADS = tuple((name, linear(pattern)) for name, pattern in _HEADS)
_RECOVERED = linear(r"\s*\[recovered(?:, repanicked)?\]\s*$")
_GIN_CALL = linear(r"^\t([^\s:]+): ")
_PREVIOUS_ACCESS = linear(r"^\s*Previous (?:read|write|atomic)")
_SIGNAL_NAME = linear(r"^(SIG[A-Z]+)")


def go_head(lines: list[str]) -> ExceptionHead | None:
    """The first line that says why: rows of _HEADS in their order of weight."""
    for name, pattern in _COMPILED_HEADS:
        for line in lines:
            found = pattern.search(line)
            if found is None:
                continue
            message = _RECOVERED.sub("", found.group(1)).strip()
            signal = _SIGNAL_NAME.match(message) if name == "signal" else None
            return ExceptionHead(signal.group(1) if signal else name, message)
    return None


def failing_goroutine(goroutines: list[Goroutine]) -> Goroutine:
    """The one that panics, else the first that runs, else the first in the application's code."""
    for goroutine in goroutines:
        if any(frame.function == "panic" and not frame.module for frame in goroutine.frames):
            return goroutine
    for goroutine in goroutines:
        if goroutine.state.startswith("running") and goroutine.frames:
            return goroutine
    for goroutine in goroutines:
        if any(frame.in_app for frame in goroutine.frames):
            return goroutine
    return next((goroutine for goroutine in goroutines if goroutine.frames), goroutines[0])


def _other_access(lines: list[str], limit: int) -> tuple[StackTrace, ...]:
    """The second stack of a race report."""
    start = next((i for i, line in enumerate(lines) if _PREVIOUS_ACCESS.match(line)), None)
    frames = _loose_frames(lines[start:], limit).frames() if start is not None else ()
    return (StackTrace("go", "DATA RACE", "", frames),) if frames else ()


def _loose_frames(lines: list[str], limit: int) -> FrameCollector:
    """Call and location lines without a goroutine header: pkg/errors, zap, gin, race reports. One stack only."""
    collector = FrameCollector(limit)
    previous = ""
    for index, line in enumerate(lines):
        location = LOCATION.match(line)
        if location is not None:
            call = CALL.match(previous) or PLAIN_CALL.match(previous)
            after = _GIN_CALL.match(lines[index + 1]) if index + 1 < len(lines) else None
            if call is not None:
                collector.add(go_frame(call.group(1), location.group(1), location.group(2)))
            elif after is not None or "(0x" in line:
                collector.add(_file_frame(location.group(1), location.group(2), after.group(1) if after else ""))
            previous = ""
        elif not line.strip() and len(collector):
            break
        else:
            previous = line.strip()
    return collector


def _file_frame(file: str, line: str, function: str) -> StackFrame:
    folder = file.rpartition("/")[0]
    package = folder.rpartition("/src/")[2]
    return go_frame(f"{package}.{function}" if function else f"{package}.{file.rpartition('/')[2]}", file, line)


def parse_go(lines: list[str], head: str, limit: int) -> StackTrace | None:
    """Parse the goroutine that failed; None without frames and without a panic."""
    found = go_head(lines) or go_head([head])
    goroutines = read_goroutines(lines, limit)
    with_frames = [goroutine for goroutine in goroutines if goroutine.frames]
    if with_frames:
        chosen = failing_goroutine(with_frames)
        frames, truncated = tuple(chosen.frames), chosen.frames_elided
    else:
        panic_at = next((i for i, line in enumerate(lines) if go_head([line]) is not None), 0)
        collector = _loose_frames(lines[panic_at:], limit)
        frames, truncated = collector.frames(), collector.truncated
    if not frames and found is None:
        return None
    if found is None:
        found = ExceptionHead(None, head)
    others = _other_access(lines, limit) if found.name == "DATA RACE" else ()
    return StackTrace("go", found.name, found.message, frames, others, truncated)
