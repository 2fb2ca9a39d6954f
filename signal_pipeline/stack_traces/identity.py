"""What makes two traces the same crash: their top frames, named so that build, host and day do not matter.

No parsing here; names are normalised in function_names.py, native_names.py and file_paths.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import groupby

from signal_pipeline.stack_traces.crash_kinds import kind_of, stated_reason
from signal_pipeline.stack_traces.file_paths import file_name, stable_path
from signal_pipeline.stack_traces.frame_collector import MAX_PERIOD
from signal_pipeline.stack_traces.function_names import drop_nested, stable_name
from signal_pipeline.stack_traces.linear_pattern import linear
from signal_pipeline.stack_traces.model import StackFrame, StackTrace
from signal_pipeline.stack_traces.native_names import native_name, rust_name, split_scope
from signal_pipeline.stack_traces.plumbing import is_plumbing

TOP_FRAMES = 3
"""As crash bucketing does: fewer merge different bugs, more split one bug by its callers."""

MAX_SITE_CHARS = 160
_COMPILED_METHOD = linear(r"^(.*?)(?:[.+]<>c[^.+]*)?[.+]<+([A-Za-z_][0-9A-Za-z_]*)>.*$")
_NATIVE_LANGUAGES = ("native", "rust", "swift")
_ASSERTED = ("CHECK failure", "ASSERT", "assertion", "Fatal error", "MOZ_CRASH")
"""Reasons whose condition belongs to the identity: one function may hold many assertions."""
_STATED = ("failure", "atal error", "assertion", "ASSERT", "MOZ_CRASH", "panic", "unreachable code", "out of memory")
"""Reasons whose message names the place; the message of a signal does not."""
_LINE_NUMBERS = linear(
    r":[0-9]+(?::[0-9]+)?\b|, line [0-9]+| at pc 0x.*$| on (?:unknown )?address 0x.*$|/?(?:[^\s/]+/)+"
)
_NUMBERS = linear(r"0x[0-9a-f]+|#?[0-9]+")
_GROUPS = ("ExceptionGroup", "AggregateError")


def _module_and_function(frame: StackFrame) -> tuple[str, str]:
    return stable_name(frame.language, frame.module), stable_name(frame.language, frame.function)


def _script(frame: StackFrame) -> tuple[str, str]:
    file = frame.file or frame.module
    name = file_name(file) if "://" in file or file.startswith(("blob:", "data:")) else stable_path(file)
    return name, stable_name(frame.language, frame.function) or "<anonymous>"


def _placed(frame: StackFrame) -> tuple[str, str]:
    """By its module where the trace tells it, else by its file."""
    if frame.module and frame.function:
        return stable_name(frame.language, frame.module), stable_name(frame.language, frame.function)
    return _script(frame)


def _php(frame: StackFrame) -> tuple[str, str]:
    if frame.module:
        return stable_name("php", frame.module), stable_name("php", frame.function)
    return _script(frame)


def _dotnet(frame: StackFrame) -> tuple[str, str]:
    """State machines and closures are named after the method they were compiled from."""
    found = _COMPILED_METHOD.match(f"{frame.module}.{frame.function}")
    module, function = (found.group(1), found.group(2)) if found else (frame.module, frame.function)
    module, function = stable_name("csharp", module), stable_name("csharp", function)
    return drop_nested(module, "<", ">"), drop_nested(function, "<", ">") or function


def _native(frame: StackFrame) -> tuple[str, str]:
    name = native_name(frame.function)
    return split_scope(name) if name else (file_name(frame.module), "??")


def _rust(frame: StackFrame) -> tuple[str, str]:
    return split_scope(rust_name(frame.function))


def _swift(frame: StackFrame) -> tuple[str, str]:
    if not frame.function:
        return file_name(frame.module), "??"
    name = drop_nested(drop_nested(stable_name("swift", frame.function), "(", ")"), "<", ">")
    return file_name(frame.module), name.strip()


_LABELS: dict[str, Callable[[StackFrame], tuple[str, str]]] = {
    "javascript": _script,
    "php": _php,
    "csharp": _dotnet,
    "ruby": _script,
    "native": _native,
    "rust": _rust,
    "swift": _swift,
    **dict.fromkeys(("julia", "ocaml", "haskell", "lua", "powershell", "godot"), _placed),
}


def frame_label(frame: StackFrame) -> str:
    """`module:function` of one frame, or the function alone where no module is known."""
    module, function = _LABELS.get(frame.language, _module_and_function)(frame)
    return f"{module}:{function}" if module else function


def _top_turn(labels: list[str]) -> int:
    """Length of a cycle that the labels begin with, two turns at least; 0 when they do not."""
    for period in range(2, min(MAX_PERIOD, len(labels) // 2) + 1):
        if labels[:period] == labels[period : 2 * period] and len(set(labels[:period])) > 1:
            return period
    return 0


def _first_distinct(frames: Iterable[StackFrame], n: int) -> tuple[str, ...]:
    """The first `n` labels with recursion counted once, however deep and wherever in its cycle it was stopped."""
    labels = [label for label, _ in groupby(map(frame_label, frames))]
    period = _top_turn(labels)
    if period:
        start = labels.index(min(labels[:period]))
        cycle = labels[start : start + period]
        after = next((i for i, label in enumerate(labels) if label not in cycle), len(labels))
        labels = cycle + labels[after:]
    kept: list[str] = []
    for label in labels:
        kept.append(label)
        for length in range(1, len(kept) // 2 + 1):
            if kept[-length:] == kept[-2 * length : -length]:
                del kept[-length:]
                break
        if len(kept) >= n + MAX_PERIOD:
            break
    return tuple(kept[:n])


def _below_handler(trace: StackTrace) -> tuple[StackFrame, ...]:
    """What ran after the fault is above it: Go's deferred functions above `panic`, signal handlers in C."""
    for index in range(len(trace.frames) - 1, -1, -1):
        frame = trace.frames[index]
        if frame.function == "<signal handler called>" or (frame.language == "go" and frame.function == "panic"):
            return trace.frames[index + 1 :] or trace.frames
    return trace.frames


def _roots_first(trace: StackTrace) -> list[StackTrace]:
    """The root cause first: wrappers look alike whatever they wrap."""
    return [*reversed(trace.causes), trace]


def top_frames(trace: StackTrace, n: int = TOP_FRAMES) -> tuple[str, ...]:
    """Up to `n` labels `module:function`, innermost first: the root cause's in-app frames, else any in-app
    frames of the chain, else all frames that are not plumbing, else all frames."""
    if "data race" in (trace.exception_class or "").lower():
        return _race_frames(trace)
    if (trace.exception_class or "").endswith(_GROUPS):
        return _group_frames(trace, n)
    chains = [_below_handler(link) for link in _roots_first(trace)]
    useful = [[frame for frame in frames if not is_plumbing(frame)] for frames in chains]
    site = _crash_site(trace)[:1] if (trace.exception_class or "").endswith(_ASSERTED) else ()
    for frames in useful:
        own = [frame for frame in frames if frame.in_app]
        if own:
            return (site + _first_distinct(own, n))[:n]
    for frames in useful:
        named = [frame for frame in frames if frame.function or frame.language not in _NATIVE_LANGUAGES]
        if named:
            return _first_distinct(named, n)
    return _crash_site(trace) or _first_distinct((frame for frames in chains for frame in frames), n)


def _group_frames(trace: StackTrace, n: int) -> tuple[str, ...]:
    """A group is known by its members, which fail in any order: the top frame of each, sorted."""
    sides = [top_frames(replace(side, exception_class=None, causes=()), 1) for side in trace.causes]
    members = sorted({label for side in sides for label in side})
    return tuple(members[:n]) or top_frames(replace(trace, exception_class=None), n)


def _race_frames(trace: StackTrace) -> tuple[str, ...]:
    """A race has two sides, reported in any order: the top frame of each, sorted."""
    sides = [top_frames(replace(side, exception_class=None, causes=()), 1) for side in (trace, *trace.causes[:1])]
    return tuple(sorted(label for side in sides for label in side))


def _crash_site(trace: StackTrace) -> tuple[str, ...]:
    """An assertion without any symbol is known by its condition and file, as crash bucketing does."""
    site = _NUMBERS.sub("N", _LINE_NUMBERS.sub("", trace.message)).strip()
    stated = (trace.exception_class or "").endswith(_STATED) or (trace.exception_class or "").startswith("Undefined")
    return (site[:MAX_SITE_CHARS],) if site and stated and trace.language in _NATIVE_LANGUAGES else ()


def asserted(trace: StackTrace) -> str:
    """The condition and file of an assertion; empty for other crashes."""
    site = next(iter(_crash_site(trace)), "")
    return "" if site.startswith("on unknown") or len(site) < 3 else site


def crash_kind(source: StackTrace | str) -> str | None:
    """The kind of a crash (`heap-buffer-overflow`, `data-race`, `out-of-memory`, ...) of a parsed trace or of a
    whole text; None when it is no crash of a known kind."""
    if isinstance(source, str):
        return kind_of(stated_reason(source))
    return kind_of(f"{source.exception_class or ''}: {source.message}")
