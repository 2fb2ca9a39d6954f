"""Native crashes (C, C++, Rust, Swift, Objective-C): cuts the text into stacks and picks the one that crashed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from signal_pipeline.stack_traces.frame_collector import FrameCollector
from signal_pipeline.stack_traces.in_app import is_in_app
from signal_pipeline.stack_traces.languages.native_frames import NativeLine, native_line
from signal_pipeline.stack_traces.languages.native_reason import Reason, find_reason
from signal_pipeline.stack_traces.linear_pattern import linear, number
from signal_pipeline.stack_traces.model import StackFrame, StackTrace

FRAME = linear(
    r"^\s*#[0-9]+(?:\.[0-9]+)?:?\s+(?:0x[0-9A-Fa-f]+(?: |$)|.* \(.*\) (?:at|from) |.* \(.*\+0x[0-9a-f]+\)"
    r"|pc [0-9a-f]+ )"
    r"|^==[0-9]+==\s+(?:at|by) 0x|^[0-9]+\|[0-9]+\|"
    r"|^(?:[0-9a-f]{2,3} )?[0-9a-f`]{8,17} [0-9a-f`]{8,17}[ :]|^[0-9]+ +[^\s].*\s0x[0-9a-f]{6,16} "
    r"|^\s*[^\s(]*\(.*\)\s*\[0x[0-9a-f]+\]|^\s*@\s+0x[0-9a-f]+ |^\s*[0-9]+:\s+0x[0-9a-f]{6,16} - "
    r"|^#[0-9]+\s+[^\s].* \(.*=.*\)|^#[0-9]+: "
    r"|^\s*(?:RIP: [0-9a-f]+:|(?:PC is at|pc ?:) ?|#[0-9]+ )?(?:\[<[ 0-9a-z]+>\] *){0,2}(?:\? )?[0-9A-Za-z_.]+\+0x["
    r"0-9a-f]+/0x[0-9a-f]+"
    r"|^\s*[0-9]+  [^\s!]+(?:![^\s].*)? (?:\[.* : [0-9]+ \+ |\+ )0x[0-9a-f]+"
)
DECISIVE = linear(
    r"^thread '.*?'(?: \([0-9]+\))? (?:panicked at|has overflowed)|^# (?:Fatal|Runtime) error"
    r"|^==[0-9]+== ?(?:ERROR|WARNING): [A-Z][A-Za-z]+Sanitizer"
    r"|^WARNING: ThreadSanitizer|^[^\s]+:[0-9]+:[0-9]+: runtime error: |^abort: "
    r"|^(?:.*\s)?Assertion failure: |^Exception Type:\s|.*Assertion [`'\"].*['\"] failed"
    r"|^==[0-9]+== (?:Invalid|Conditional|Use of|Syscall|Mismatched|Source and|Argument|Process term)"
    r"|^terminate called after|^(?:libc\+\+abi(?:\.dylib)?: )?terminating (?:due to|with) uncaught"
    r"|^\*\*\* Error in |^\*\*\* (?:stack smashing|buffer overflow)|^(?:double free|corrupted |munmap_chunk"
    r"|(?:free|malloc|realloc)\(\): )"
    r"|^(?:Failure|.* Failure description) *: [a-z-]*exceeded|^# V8 correctness|^## V8 sandbox|^(?:.*\s)?(?:receive"
    r"d|terminated with) signal"
)
RUST_FRAME = linear(r"^\s*[0-9]+:\s+(?:0x[0-9a-f]+ - )?<?[A-Za-z_][0-9A-Za-z_]*(?:::| as )")
RUST_DECISIVE = linear(r"^thread '.*?'(?: \([0-9]+\))? (?:panicked at|has overflowed)|^stack backtrace:\s*$")
SWIFT_FRAME = linear(r"^\s*[0-9]+ +[^\s].*\s0x[0-9a-f]{6,16} [^\s].* \+ [0-9]+")
SWIFT_DECISIVE = linear(r"\*\*\* Terminating app due to|^(?:[^\s]+: )?Fatal error: |^Exception Type:\s")

_JOINED = linear(r"^\s+at\s+[^\s].*:[0-9]+(?::[0-9]+)?\s*$")
_CRASHED_TITLE = linear(
    r"(?i)^thread [0-9]+.*crashed|^Last Exception Backtrace"
    r"|^\*\*\* First throw call stack"
)
_OTHER_TITLE = linear(r"(?i)^thread [0-9]+(?::| \(|\s*$| name)|^Thread [0-9]+$")
_GDB_THREAD = linear(r"^Thread ([0-9]+) \(")
_GDB_CRASHED = linear(r"^Thread ([0-9]+) .*received signal")
_SECTION = linear(
    r"^(?:freed by|previously allocated by|allocated by|Thread T[0-9]+|[0-9]+ byte\(s\)"
    r"|0x[0-9a-f]+ is located|==== (?:C|JS) stack|[Ss]tack backtrace:|\s+(?:Previous|Atomic|Mutex|Location"
    r"|As if)"
    r"|\s*Uninitialized value was|STACK_TEXT:|(?:Direct|Indirect) leak|==[0-9]+== (?: Address|Address"
    r"| Uninit| Block| .*(?:alloc'd|free'd))|HEAP PROFILE|Binary Images)"
)
_CDB_START = "STACK_TEXT:"
_CRASH_THREAD = linear(r"^Crash\|[^|]*\|[^|]*\|([0-9]+)")
_RACE = linear(r"data race")

MAX_STACKS = 64


@dataclass
class _Stack:
    """Frames that belong together; `title` is the line above that names the thread or the event."""

    title: str
    start: int
    frames: FrameCollector
    crashed: bool = False
    thread: str | None = None
    last_position: int = -1
    last_inlined: bool = False


class _Reader:
    """Walks the lines once and cuts them into stacks."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.stacks: list[_Stack] = []
        self._title = ""
        self._crashed = False
        self._open = False
        self._pending: StackFrame | None = None

    def read(self, index: int, line: str) -> None:
        if self._pending is not None and _JOINED.match(line):
            self._place(line)
            return
        found = native_line(line)
        if found is not None and self._acceptable(found):
            self._add(index, found)
            return
        self._flush()
        if self._title == _CDB_START and not line.strip():
            self._new_title("", crashed=False)
        if _CRASHED_TITLE.match(line):
            self._new_title(line, crashed=True)
        elif _OTHER_TITLE.match(line) or _SECTION.match(line) or DECISIVE.match(line):
            self._new_title(line, crashed=False)

    def _new_title(self, line: str, *, crashed: bool) -> None:
        self._title, self._crashed, self._open = line.strip(), crashed, False

    def _acceptable(self, found: NativeLine) -> bool:
        """Formats without a mark of their own count only inside a stack that has begun, or at its position 0."""
        if found.format == "rust":
            symbol = "::" in found.frame.function or "backtrace" in self._title.lower()
            return self._open or (found.position == 0 and symbol)
        if found.format in ("cdb", "cdb image"):
            return self._title == _CDB_START
        return not (found.format == "glibc cut" and not self._open)

    def _add(self, index: int, found: NativeLine) -> None:
        self._flush()
        current = self.stacks[-1] if self.stacks else None
        position = found.position
        restarts = position is not None and current is not None and position <= current.last_position
        if restarts and current is not None and position == current.last_position:
            restarts = not (found.inlined or current.last_inlined)
        other_thread = current is not None and found.thread != current.thread
        if current is None or not self._open or (restarts and (position == 0 or other_thread)) or other_thread:
            if len(self.stacks) >= MAX_STACKS:
                return
            current = _Stack(self._title, index, FrameCollector(self._limit), self._crashed, found.thread)
            self.stacks.append(current)
            self._open = True
        current.last_position = position if position is not None else current.last_position
        current.last_inlined = found.inlined
        self._pending = found.frame

    def _place(self, line: str) -> None:
        """`    at src/main.rs:12:5` below a frame is its location; further ones are inlined callers."""
        frame = self._pending
        if frame is not None and not frame.file:
            file, _, rest = line.strip().removeprefix("at ").strip().rpartition(":")
            head, _, tail = file.rpartition(":")
            column = number(rest) if tail.isdigit() else None
            self._pending = replace(
                frame,
                file=head if tail.isdigit() else file,
                line=number(tail if tail.isdigit() else rest),
                column=column,
            )
            self._pending = replace(
                self._pending, in_app=frame.in_app and is_in_app(frame.language, file=self._pending.file)
            )

    def _flush(self) -> None:
        if self._pending is not None:
            self.stacks[-1].frames.add(self._pending)
            self._pending = None

    def close(self) -> list[_Stack]:
        self._flush()
        return [stack for stack in self.stacks if len(stack.frames)]


def _crashed_stack(stacks: list[_Stack], lines: list[str], reason: Reason | None) -> _Stack | None:
    """The stack that the text marks as crashed, else the first below the reason, else the first."""
    for stack in stacks:
        if stack.crashed:
            return stack
    raw = next((found.group(1) for line in lines if (found := _CRASH_THREAD.match(line)) is not None), None)
    by_thread = [stack for stack in stacks if raw is not None and stack.thread == raw]
    if by_thread:
        return by_thread[0]
    threads = [stack for stack in stacks if _GDB_THREAD.match(stack.title)]
    if len(threads) > 1:
        return _crashed_gdb_thread(threads, lines)
    below = [stack for stack in stacks if reason is not None and stack.start >= reason.line]
    candidates = below or stacks
    if len(candidates) > 1 and _repeats(candidates[0], candidates[1]):
        return candidates[1]
    return candidates[0] if candidates else None


def _crashed_gdb_thread(threads: list[_Stack], lines: list[str]) -> _Stack:
    """Of `thread apply all`: the one gdb named, else the one in a signal handler or abort, else thread 1."""
    named = next((found.group(1) for line in lines if (found := _GDB_CRASHED.match(line)) is not None), None)
    numbers = {(_GDB_THREAD.match(stack.title) or [""] * 2)[1]: stack for stack in threads}
    if named in numbers:
        return numbers[named]
    for stack in threads:
        if any(
            f.function in ("<signal handler called>", "abort", "raise", "__GI_raise", "__GI_abort")
            for f in stack.frames.frames()
        ):
            return stack
    return numbers.get("1", threads[0])


def _repeats(first: _Stack, second: _Stack) -> bool:
    """gdb prints the innermost frame when it stops, and again as the head of the whole stack."""
    one, whole = first.frames.frames(), second.frames.frames()
    return len(one) == 1 and len(whole) > 1 and one[0].function == whole[0].function


def parse_native(lines: list[str], head: str, limit: int) -> StackTrace | None:
    """Parse the stack of the crash; a report without a stack gives a trace without frames. A data race has
    the other access as its cause."""
    reader = _Reader(limit)
    for index, line in enumerate(lines):
        reader.read(index, line)
    stacks = reader.close()
    reason = find_reason(lines) or find_reason([head])
    chosen = _crashed_stack(stacks, lines, reason)
    if chosen is None and reason is None:
        return None
    frames = chosen.frames.frames() if chosen is not None else ()
    name = reason.name if reason is not None else None
    message = reason.message if reason is not None else head
    causes: tuple[StackTrace, ...] = ()
    if name is not None and _RACE.search(name):
        others = [stack for stack in stacks if chosen is not None and stack.start > chosen.start][:1]
        causes = tuple(
            StackTrace(_language(other.frames.frames()), name, "", other.frames.frames()) for other in others
        )
    language = _language(frames) if frames or not any(map(RUST_DECISIVE.match, lines)) else "rust"
    return StackTrace(language, name, message, frames, causes, chosen.frames.truncated if chosen is not None else False)


def _language(frames: tuple[StackFrame, ...]) -> str:
    """The language of most frames that have a name."""
    named = [frame.language for frame in frames if frame.function]
    return max(sorted(set(named)), key=named.count) if named else "native"
