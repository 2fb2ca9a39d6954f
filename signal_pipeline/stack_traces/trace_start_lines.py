"""The kinds of lines that begin a trace without a log header, per language. A table; continuation.py joins it.

Patterns are valid for both Rust's regex (polars) and RE2, so they take linear time: no look-around, no backreference.
"""

from __future__ import annotations

from signal_pipeline.stack_traces.line_patterns import LinePattern

_RUBY_FILE = r"[^\s:]*(?::[^\s:]+)?\.(?:rb|erb|rake|ru|haml|slim|jbuilder|gemspec)"
_EXCEPTION_NAME = (
    r"(?:[A-Za-z_$][0-9A-Za-z_$]*(?:\.|::|\\|/))*[0-9A-Za-z_$]*"
    r"(?:Error|Exception|Throwable|Fault|Interrupt|Failure|Panic|ExceptionGroup)(?:`[0-9]+)?"
)

EXCEPTION_LINES: tuple[LinePattern, ...] = (
    LinePattern(
        "exception-line",
        rf"(?:Uncaught (?:\(in promise\) )?)?{_EXCEPTION_NAME}(?:: |:?\s*$)",
        "java.io.IOException: disk full",
    ),
    LinePattern(
        "exception-hresult",
        rf"{_EXCEPTION_NAME} \(0x[0-9A-Fa-f]{{8}}\): ",
        "Microsoft.Data.SqlClient.SqlException (0x80131904): a deadlock",
    ),
    LinePattern(
        "exception-coded",
        r"(?:Uncaught )?[A-Za-z]*(?:Error|Exception) \[[A-Z_0-9]+\]:",
        "TypeError [ERR_INVALID_ARG_TYPE]: a",
    ),
)

TRACE_START_LINES: tuple[LinePattern, ...] = (
    *EXCEPTION_LINES,
    LinePattern("java-thread", r'Exception in thread "', 'Exception in thread "main" java.lang.Error: a'),
    LinePattern("java-dump", r"Full thread dump ", "Full thread dump OpenJDK 64-Bit Server VM (17.0.1):"),
    LinePattern(
        "python-traceback",
        r"Traceback \(most recent call (?:last|first)\):",
        "Traceback (most recent call last):",
    ),
    LinePattern(
        "python-group",
        r"\s*\+ Exception Group Traceback",
        "  + Exception Group Traceback (most recent call last):",
    ),
    LinePattern("python-thread", r"Exception in thread [^\s\"]+", "Exception in thread Thread-1 (run):"),
    LinePattern("python-ignored", r"Exception ignored in: ", "Exception ignored in: <function a at 0x1>"),
    LinePattern("python-fatal", r"Fatal Python error: ", "Fatal Python error: Segmentation fault"),
    LinePattern(
        "js-uncaught",
        r"(?:Uncaught |\(node:[0-9]+\) (?:Unhandled|Warning|\[))",
        "(node:12) UnhandledPromiseRejectionWarning: a",
    ),
    LinePattern(
        "js-location",
        r"(?:node:[^\s]+|file://[^\s]+|/[^\s]+\.[cm]?[jt]s):[0-9]+\s*$",
        "node:internal/errors:464",
    ),
    LinePattern(
        "v8-fatal",
        r"(?:#\s*$|# Fatal error in |<--- Last few GCs --->|FATAL ERROR: )",
        "# Fatal error in ../../src/a.cc, line 12",
    ),
    LinePattern("go-panic", r"(?:panic|fatal error): ", "panic: runtime error: index out of range [1] with length 1"),
    LinePattern("go-goroutine", r"goroutine [0-9]+ (?:gp=0x[0-9a-f]+ )?(?:m=.* )?\[.*\]:", "goroutine 1 [running]:"),
    LinePattern(
        "go-signal",
        r"(?:SIG[A-Z]+: |unexpected fault address|runtime: goroutine stack exceeds)",
        "SIGQUIT: quit",
    ),
    LinePattern("go-race", r"WARNING: DATA RACE", "WARNING: DATA RACE"),
    LinePattern(
        "rust-panic",
        r"thread '[^']*'(?: \([0-9]+\))? (?:panicked at|has overflowed)",
        "thread 'main' panicked at src/main.rs:2:5:",
    ),
    LinePattern(
        "sanitizer",
        r"(?:==[0-9]+== ?(?:ERROR|WARNING|FATAL): |==[0-9]+==[A-Z][A-Za-z]+Sanitizer|(?:WARNING|FATAL"
        r"|ERROR): [A-Za-z]+Sanitizer|={40,}\s*$)",
        "==12==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x1",
    ),
    LinePattern("ubsan", r"[^\s]+:[0-9]+:[0-9]+: runtime error: ", "cart.c:12:5: runtime error: division by zero"),
    LinePattern(
        "valgrind",
        r"==[0-9]+== (?:Invalid|Conditional jump|Use of uninit|Syscall param|Mismatched|Source and dest"
        r"|Argument|Process terminating|Jump to)",
        "==12== Invalid read of size 4",
    ),
    LinePattern(
        "gdb-signal",
        r"(?:Program|Thread [0-9]+ .*) (?:received signal|terminated with signal) SIG",
        "Program received signal SIGSEGV, Segmentation fault.",
    ),
    LinePattern(
        "assertion",
        r"(?:[^\s]+: )?[^\s]+:[0-9]+: .*: Assertion [`'\"].*failed",
        "shop: cart.c:12: add: Assertion `n > 0' failed.",
    ),
    LinePattern(
        "tombstone",
        r"(?:\*\*\* \*\*\* \*\*\*|\*\*\* Aborted at |\*\*\* SIG[A-Z]+ )",
        "*** *** *** *** *** *** ***",
    ),
    LinePattern(
        "objc-exception",
        r"\*\*\* Terminating app due to uncaught exception",
        "*** Terminating app due to uncaught exception 'a'",
    ),
    LinePattern("apple-report", r"Incident Identifier: ", "Incident Identifier: 00000000-0000"),
    LinePattern("net-unhandled", r"Unhandled [Ee]xception[.:]", "Unhandled exception. System.Exception: a"),
    LinePattern(
        "php-fatal",
        r"(?:PHP )?(?:Fatal error|Parse error|Warning|Catchable fatal error):  ?[^\s]",
        "PHP Fatal error:  Uncaught Exception: a in /srv/a.php:12",
    ),
    LinePattern(
        "php-exception",
        r"exception '[^']+' with message '",
        "exception 'Exception' with message 'a' in /srv/a.php:5",
    ),
    LinePattern("swift-fatal", r"(?:[^\s]+: )?Fatal error: ", "Shop/Cart.swift:12: Fatal error: a"),
    LinePattern("ruby-uncaught", rf"{_RUBY_FILE}:[0-9]+:in [`'].*': ", "cart.rb:12:in 'Cart#add': a (ArgumentError)"),
    LinePattern("dart-flutter", r"══+╡ EXCEPTION CAUGHT BY", "══╡ EXCEPTION CAUGHT BY WIDGETS LIBRARY ╞══"),
    LinePattern("elixir-exception", r"\*\* \([A-Za-z][0-9A-Za-z_.]*\) ", "** (RuntimeError) a"),
    LinePattern(
        "erlang-report",
        r"(?:=(?:ERROR|CRASH|SUPERVISOR) REPORT====|\*\* exception (?:error|exit|throw):)",
        "** exception error: bad argument",
    ),
)
