"""Errors of browsers with the frames that other libraries read from them, and which of those we read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from signal_pipeline.stack_traces.model import StackFrame
from signal_pipeline.stack_traces.parse import parse_stack_trace

Frame = tuple[str, str | None, int | None, int | None]


def missing_frames(traces: Path) -> Iterator[tuple[int, list[Frame]]]:
    """How many frames each error has, and those that are not found with function, file, line and column."""
    for folder in ("tracekit", "error-stack-parser"):
        captured = json.loads((traces / "js" / folder / "captured_errors.json").read_text())
        for case in json.loads((traces / "js" / folder / "expected_frames.json").read_text()):
            error = captured[case["error"]]
            texts = [error[key] for key in ("stacktrace", "stack", "message") if error.get(key)]
            parsed = [trace for text in texts if (trace := parse_stack_trace(text)) is not None]
            stacks = [trace.frames for trace in parsed] or [()]
            expected = _expected(case)
            yield len(expected), min(([f for f in expected if not _found(f, stack)] for stack in stacks), key=len)


def _expected(case: dict[str, Any]) -> list[Frame]:
    frames: list[Frame] = []
    for frame in case["frames"].values():
        if isinstance(frame, dict):
            frames.append((_named(frame["func"]), frame["url"], frame["line"], frame["column"]))
        else:
            function, _, file, line, column = [*frame, None][:5]
            frames.append((_named(function), file, line, column))
    return frames


def _named(function: str | None) -> str:
    # One of the libraries renames Edge's `eval code` to `eval`, the other keeps it.
    return "" if function in (None, "?", "<anonymous function>", "<anonymous>") else str(function).removesuffix(" code")


def _found(expected: Frame, frames: tuple[StackFrame, ...]) -> bool:
    function, file, line, column = expected
    return any(
        _named(frame.function) == function
        and file in (None, frame.file)
        and frame.line == line
        and column in (None, frame.column)
        for frame in frames
    )
