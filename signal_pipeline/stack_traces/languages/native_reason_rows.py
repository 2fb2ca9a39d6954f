"""The lines by which a native process says why it died. A table only; native_reason.py reads it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ReasonRow:
    """`pattern` finds the reason; `name` is the exception class, where {0} is its first group.

    `weight` 0 is a definite reason, 1 a report of a signal, 2 a weaker sign; `message` is the group with the text.
    """

    name: str
    weight: int
    pattern: str
    example: str
    message: int = 1


REASONS: tuple[ReasonRow, ...] = (
    ReasonRow(
        "panic",
        0,
        r"^thread '.*?'(?: \([0-9]+\))? panicked at '(.*?)(?:', [^' ]+:[0-9]+(?::[0-9]+)?)?\s*$",
        "thread 'main' panicked at 'bad', src/main.rs:2:5",
    ),
    ReasonRow(
        "panic",
        0,
        r"^thread '.*?'(?: \([0-9]+\))? (?:panicked at|has overflowed) ?(.*)$",
        "thread 'main' panicked at src/main.rs:2:5:",
    ),
    ReasonRow("V8 sandbox violation", 0, r"^## (V8 sandbox violation detected)", "## V8 sandbox violation detected!"),
    ReasonRow(
        "V8 correctness failure",
        0,
        r"^# V8 correctness (?:configs|sources|suppression): (.*)$",
        "# V8 correctness configs: x64,fullcode",
    ),
    ReasonRow(
        "CHECK failure",
        0,
        r"^# (?:Check failed: |RepresentationChangerError: )(.*)$",
        "# Check failed: a == b (2 vs. 3).",
    ),
    ReasonRow("DCHECK failure", 0, r"^# Debug check failed: (.*)$", "# Debug check failed: a == b."),
    ReasonRow(
        "out of memory",
        0,
        r"^# (?:Allocation failed|Fatal process out of memory:?|Fatal JavaScript (?:invalid size error"
        r"|out of memory)?)(.*)$",
        "# Allocation failed - JavaScript heap out of memory",
    ),
    ReasonRow("Fatal error", 0, r"^# (Fatal error in .*)$", "# Fatal error in v8::HandleScope::CreateHandle()"),
    ReasonRow("ASSERT", 0, r"^abort: (.*)$", "abort: CSA_ASSERT failed: IsFast(a) [../../src/a.cc:12]"),
    ReasonRow("CHECK failure", 0, r"(?:^|[\s\]])Check failed: (.*)$", "[FATAL:cart.cc(12)] Check failed: n > 0."),
    ReasonRow("V8 API error", 0, r"V8 error: (.*)$", "[1:2:FATAL:v8_initializer.cc(716)] V8 error: Empty MaybeLocal."),
    ReasonRow("FATAL", 0, r"^\[[0-9:/.]*FATAL:[^\]()]+\([0-9]+\)\] (.*)$", "[1:2:0102/030405.6:FATAL:cart.cc(12)] bad"),
    ReasonRow("assertion", 0, r"^(?:.*\s)?Assertion failure: (.*)$", "Assertion failure: n > 0, at /src/cart.c:12"),
    ReasonRow("assertion", 0, r"Assertion [`'\"](.*)['\"] failed", "shop: cart.c:12: add: Assertion `n > 0' failed."),
    ReasonRow(
        "assertion", 0, r"^Assertion failed: (.*)$", "Assertion failed: (n > 0), function add, file cart.c, line 12."
    ),
    ReasonRow("MOZ_CRASH", 0, r"Hit MOZ_CRASH\((.*)\)", "Hit MOZ_CRASH(bad state) at /src/cart.cpp:12"),
    ReasonRow(
        "{0}",
        0,
        r"^terminate called after throwing an instance of '([^']*)'",
        "terminate called after throwing an instance of 'std::bad_alloc'",
    ),
    ReasonRow(
        "{0}",
        0,
        r"(?:libc\+\+abi(?:\.dylib)?: )?terminating (?:due to|with) uncaught exception of type ([^\s:]+)",
        "libc++abi: terminating due to uncaught exception of type std::bad_alloc: std::bad_alloc",
    ),
    ReasonRow(
        "{0}",
        0,
        r"\*\*\* Terminating app due to uncaught exception '([^']*)'(?:, reason: '(.*)')?",
        "*** Terminating app due to uncaught exception 'NSRangeException', reason: 'bad'",
        2,
    ),
    ReasonRow("fatal error", 0, r"(?:^|: )Fatal error: (.*)$", "Shop/Cart.swift:12: Fatal error: Index out of range"),
    ReasonRow(
        "{0}Sanitizer:{1}",
        0,
        r"(?:ERROR|WARNING): (Address|Memory|Leak|HWAddress|Thread|Data[Ff]low"
        r"|Type)Sanitizer:? ([a-z][a-z0-9\-]*(?:-overflow|-underflow|-use-after-[a-z]+|-free|-overlap"
        r"|-param|-access|-race|-poison|-violation|-mismatch|-value|-scope|-return|-order-fiasco|-pair"
        r"|-size[a-z\-]*|-of-[a-z]+))\b(.*)$",
        "==12==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x1",
        3,
    ),
    ReasonRow(
        "AddressSanitizer:double-free",
        0,
        r"AddressSanitizer: (attempting double-free.*)$",
        "==12==ERROR: AddressSanitizer: attempting double-free on 0x1 in thread T0:",
    ),
    ReasonRow(
        "AddressSanitizer:bad-free",
        0,
        r"AddressSanitizer: (attempting free on address which was not malloc.*)$",
        "==12==ERROR: AddressSanitizer: attempting free on address which was not malloc()-ed: 0x1",
    ),
    ReasonRow(
        "AddressSanitizer:out-of-memory",
        0,
        r"(?:ERROR: |==)AddressSanitizer:? ((?:requested allocation size|allocator is out of memory"
        r"|failed to allocate|calloc parameters|hard rss limit|soft rss limit|allocation-size).*)$",
        "==12==ERROR: AddressSanitizer: allocator is out of memory trying to allocate 0x24 bytes",
    ),
    ReasonRow(
        "LeakSanitizer:leak",
        0,
        r"LeakSanitizer: (detected memory leaks.*)$",
        "==12==ERROR: LeakSanitizer: detected memory leaks",
    ),
    ReasonRow(
        "MemorySanitizer:use-of-uninitialized-value",
        0,
        r"MemorySanitizer: (use-of-uninitialized-value.*)$",
        "==12==WARNING: MemorySanitizer: use-of-uninitialized-value",
    ),
    ReasonRow(
        "ThreadSanitizer:{0}",
        0,
        r"ThreadSanitizer: ((?:data race|thread leak|lock-order-inversion|heap-use-after-free"
        r"|signal-unsafe|destroy of a locked|double lock|unlock of|read lock|mutex)[a-z \-]*)",
        "WARNING: ThreadSanitizer: data race (pid=12)",
    ),
    ReasonRow(
        "UndefinedBehaviorSanitizer:{0}",
        0,
        r"^[^\s]+:[0-9]+:[0-9]+: runtime error: ([a-z][A-Za-z \-]*?[a-z])(?: (?:-?[0-9]|0x|of type|for type"
        r"|which|cannot|is not).*|[:;,'].*|\s*)$",
        "cart.c:12:5: runtime error: division by zero",
    ),
    ReasonRow(
        "UndefinedBehaviorSanitizer:undefined-behavior",
        0,
        r"^[^\s]+:[0-9]+:[0-9]+: runtime error: (.*)$",
        "cart.c:12:5: runtime error: -2 is outside the range of values of type 'int'",
    ),
    ReasonRow(
        "Valgrind:{0}",
        0,
        r"^==[0-9]+== (Invalid (?:read|write|free)|Conditional jump or move depends on uninitialised"
        r"|Use of uninitialised value|Syscall param|Mismatched free|Source and destination overlap"
        r"|Argument '[a-z_]+' of function|Process terminating with default action of signal [0-9]+"
        r"|Jump to the invalid address|Silly arg)(.*)$",
        "==12== Invalid read of size 4",
        2,
    ),
    ReasonRow(
        "Valgrind:leak",
        0,
        r"^==[0-9]+== [0-9,]+ (?:\([^)]*\) )?bytes in [0-9,]+ blocks are ((?:definitely|indirectly"
        r"|possibly) lost).*$",
        "==12== 16 bytes in 1 blocks are possibly lost in loss record 30 of 844",
    ),
    ReasonRow(
        "libFuzzer:timeout",
        0,
        r"^(?:Failure|.* Failure description) *: (?:per-(?:input|batch)-)?(timeout-exceeded)",
        "Failure        : per-input-timeout-exceeded",
    ),
    ReasonRow(
        "libFuzzer:out-of-memory",
        0,
        r"^(?:Failure|.* Failure description) *: (rss-limit-exceeded|out-of-memory)",
        "Failure        : rss-limit-exceeded",
    ),
    ReasonRow(
        "libFuzzer:{0}",
        0,
        r"libFuzzer: (timeout|out-of-memory|fuzz target overwrites its const input|fuzz target exited)",
        "==12== ERROR: libFuzzer: timeout after 28 seconds",
    ),
    ReasonRow(
        "glibc:{0}",
        0,
        r"^(?:\*\*\* Error in .*?: )?((?:double free|free\(\)|malloc\(\)|corrupted|munmap_chunk"
        r"|realloc\(\)|stack smashing|buffer overflow detected|malloc_consolidate)[a-z(), \-_:]*)",
        "free(): invalid pointer",
    ),
    ReasonRow(
        "{0}Sanitizer:{1}",
        1,
        r"ERROR: ([A-Z][A-Za-z]+)Sanitizer:? ([A-Za-z][0-9A-Za-z\-]*)(.*)$",
        "==12==ERROR: AddressSanitizer: SEGV on unknown address 0x1",
        3,
    ),
    ReasonRow(
        "{0}",
        1,
        r"(?:received|terminated with|by) signal (SIG[A-Z]+)",
        "Program received signal SIGSEGV, Segmentation fault.",
    ),
    ReasonRow(
        "signal {0}",
        1,
        r"(?:[Rr]eceived|terminated with|[Ff]atal|Caught) signal ([0-9]+)",
        "Program terminated with signal 11, Segmentation fault.",
    ),
    ReasonRow("{0}", 1, r"^\*\*\* (SIG[A-Z]+) ", "*** SIGSEGV (@0x0) received by PID 12"),
    ReasonRow(
        "{0}",
        1,
        r"^(?:.*\s)?signal [0-9]+ \((SIG[A-Z]+)\)",
        "signal 11 (SIGSEGV), code 1 (SEGV_MAPERR), fault addr 0x0",
    ),
    ReasonRow("{0}", 1, r"^Exception Type:\s+[A-Z_]+ \((SIG[A-Z]+)\)", "Exception Type:  EXC_BAD_ACCESS (SIGSEGV)"),
    ReasonRow("{0}", 1, r"^Exception Type:\s+([A-Z_]+)", "Exception Type:  EXC_CRASH"),
    ReasonRow("{0}", 1, r"^Crash\|([A-Z_]+)", "Crash|SIGSEGV|0x0|0"),
    ReasonRow("{0}", 1, r"^Crash reason:\s+([A-Z_]+)", "Crash reason:  SIGSEGV /SEGV_MAPERR"),
    ReasonRow("EXCEPTION {0}", 1, r"^\s*ExceptionCode: ([0-9a-f]{8})", "ExceptionCode: c0000005 (Access violation)"),
    ReasonRow(
        "kernel:{0}",
        1,
        r"(BUG: (?:unable to handle|KASAN: [a-z\-]+|soft lockup|kernel NULL)|general protection fault"
        r"|Kernel panic)",
        "BUG: unable to handle page fault for address: 0",
    ),
    ReasonRow(
        "{0}Sanitizer:{1}",
        2,
        r"WARNING: (Thread|Memory)Sanitizer: ([A-Za-z][0-9A-Za-z\-]*)(.*)$",
        "WARNING: ThreadSanitizer: unexpected report (pid=12)",
        3,
    ),
    ReasonRow("deadly signal", 2, r"libFuzzer: (deadly signal)", "==12== ERROR: libFuzzer: deadly signal"),
    ReasonRow("SIGSEGV", 2, r"^(Segmentation fault)", "Segmentation fault (core dumped)"),
)
