"""The kind of a crash in one closed word: what went wrong, whatever the tool and language that says so.

A table over the exception class and its message. Where it went wrong is identity.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from signal_pipeline.stack_traces.languages.go import go_head
from signal_pipeline.stack_traces.languages.native_reason import find_reason
from signal_pipeline.stack_traces.linear_pattern import PatternSet
from signal_pipeline.stack_traces.trace_lines import trace_lines


@dataclass(frozen=True)
class KindRow:
    """`pattern` is sought in `class: message`; the first row that matches gives the kind."""

    kind: str
    pattern: str
    example: str


KINDS: tuple[KindRow, ...] = (
    KindRow(
        "heap-buffer-overflow",
        r"heap-buffer-overflow|Valgrind:Invalid (?:read|write)",
        "AddressSanitizer:heap-buffer-overflow",
    ),
    KindRow(
        "stack-buffer-overflow",
        r"stack-buffer-(?:over|under)flow|stack smashing"
        r"|STATUS_STACK_BUFFER_OVERRUN",
        "AddressSanitizer:stack-buffer-overflow",
    ),
    KindRow("global-buffer-overflow", r"global-buffer-overflow", "AddressSanitizer:global-buffer-overflow"),
    KindRow(
        "use-after-free", r"(?:heap-)?use-after-(?:free|poison|scope|return)", "AddressSanitizer:heap-use-after-free"
    ),
    KindRow("double-free", r"double[- ]free", "glibc:double free or corruption"),
    KindRow(
        "invalid-free",
        r"bad-free|alloc-dealloc-mismatch|Invalid free|Mismatched free"
        r"|invalid pointer|munmap_chunk",
        "AddressSanitizer:bad-free",
    ),
    KindRow(
        "uninitialized-value",
        r"use-of-uninitialized|uninitialised (?:value|byte)|Conditional jump",
        "MemorySanitizer:use-of-uninitialized-value",
    ),
    KindRow("data-race", r"(?i)data race", "ThreadSanitizer:data race"),
    KindRow(
        "deadlock",
        r"(?i)deadlock|lock-order-inversion|all goroutines are asleep",
        "fatal error: all goroutines are asleep - deadlock!",
    ),
    KindRow("memory-leak", r"(?i)LeakSanitizer|Valgrind:leak|thread leak", "LeakSanitizer:leak"),
    KindRow("memory-overlap", r"param-overlap|destination overlap", "AddressSanitizer:memcpy-param-overlap"),
    KindRow(
        "out-of-memory",
        r"(?i)out[- ]of[- ]memory|OutOfMemory|bad_alloc|MemoryError"
        r"|heap out of memory|rss limit|cannot allocate memory|memory allocation of"
        r"|NoMemoryError",
        "java.lang.OutOfMemoryError: Java heap space",
    ),
    KindRow(
        "stack-overflow",
        r"(?i)stack[-_ ]?overflow|StackOverflow|goroutine stack exceeds"
        r"|RecursionError|maximum recursion depth|Maximum call stack"
        r"|too much recursion|stack level too deep|SystemStackError",
        "RangeError: Maximum call stack size exceeded",
    ),
    KindRow("timeout", r"(?i)libFuzzer:timeout|watchdog|soft lockup|hung_task|ANR in", "libFuzzer:timeout"),
    KindRow(
        "divide-by-zero",
        r"(?i)divi(?:de|sion|ded) by zero|ZeroDivision|DivideByZero"
        r"|INT_DIVIDE_BY_ZERO|/ by zero|SIGFPE|IntegerDivisionByZero",
        "panic: runtime error: integer divide by zero",
    ),
    KindRow(
        "integer-overflow",
        r"(?i)integer overflow|attempt to (?:add|subtract|multiply"
        r"|negate) with overflow|arithmetic overflow",
        "UndefinedBehaviorSanitizer:signed integer overflow",
    ),
    KindRow(
        "slice-bounds",
        r"slice bounds out of range|range (?:start|end) index .* out of range",
        "panic: runtime error: slice bounds out of range [5:3]",
    ),
    KindRow(
        "index-out-of-range",
        r"(?i)index out of (?:range|bounds)|IndexOutOfBounds|ArrayIndexOutOf"
        r"|IndexError|index .* out of (?:range|bounds)"
        r"|makeslice: len out of range",
        "panic: runtime error: index out of range [1] with length 1",
    ),
    KindRow(
        "null-dereference",
        r"(?i)nil pointer dereference|NullPointerException|NullReferenceException"
        r"|null pointer|load of null|NULL pointer dereference",
        "panic: runtime error: invalid memory address or nil pointer dereference",
    ),
    KindRow(
        "type-assertion",
        r"interface conversion|ClassCastException|InvalidCastException|bad_cast",
        "panic: interface conversion: interface {} is string, not int",
    ),
    KindRow(
        "undefined-behavior",
        r"^UndefinedBehaviorSanitizer:(?:[a-z]|undefined)",
        "UndefinedBehaviorSanitizer:shift exponent",
    ),
    KindRow("concurrent-map", r"concurrent map", "fatal error: concurrent map writes"),
    KindRow(
        "unwrap-none",
        r"called `(?:Option|Result)::(?:unwrap|expect)",
        "panic: called `Option::unwrap()` on a `None` value",
    ),
    KindRow("unreachable", r"(?i)unreachable code|not (?:yet )?implemented", "unreachable code: flags.cc"),
    KindRow(
        "assertion",
        r"(?i)CHECK failure|^ASSERT|^assertion|assertion failed|AssertionError"
        r"|AssertionFailed|MOZ_CRASH|Fatal error|assertFailed",
        "CHECK failure: a == b in verifier.cc",
    ),
    KindRow(
        "segv",
        r"SEGV|access-violation|ACCESS_VIOLATION|SIGBUS|EXC_BAD_ACCESS|Segmentation fault"
        r"|wild-|general protection|unable to handle|default action of signal 11",
        "AddressSanitizer:SEGV",
    ),
    KindRow(
        "illegal-instruction",
        r"SIGILL|ILL on|ILLEGAL_INSTRUCTION|:ILL\b|SIGTRAP|BREAKPOINT"
        r"|:breakpoint|:TRAP\b",
        "SIGILL",
    ),
    KindRow("abort", r"SIGABRT|:ABRT\b|EXC_CRASH|deadly signal|signal 6\b", "AddressSanitizer:ABRT"),
    KindRow("panic", r"^panic\b|^fatal error", "panic: bad"),
)
_ANY_KIND = PatternSet((row.pattern for row in KINDS), anchored=False)


def kind_of(stated: str) -> str | None:
    """The kind of `class: message`; None when no row matches."""
    found = _ANY_KIND.matching(stated)
    return KINDS[found[0]].kind if found else None


def stated_reason(text: str) -> str:
    """`class: message` of the crash that a whole text reports; its first line when it reports none."""
    lines = trace_lines(text)
    reason = find_reason(lines)
    if reason is not None:
        return f"{reason.name}: {reason.message}"
    head = go_head(lines)
    if head is not None:
        return f"{head.name}: {head.message}"
    return next((line for line in lines if line.strip()), "")
