"""The kinds of lines that continue a record, per language. A table; continuation.py joins it. Those that begin a trace
are in trace_start_lines.py.

Patterns are valid for both Rust's regex (polars) and RE2, so they take linear time: no look-around, no backreference.
"""

from __future__ import annotations

from dataclasses import dataclass

_FUNCTION = r"[^\s()]"
_RUBY_FILE = r"[^\s:]*(?::[^\s:]+)?\.(?:rb|erb|rake|ru|haml|slim|jbuilder|gemspec)"
_SCRIPT_FILE = r"[^\s:]*(?::[^\s:]+)*\.(?:[cm]?[jt]sx?|html?|vue|svelte|php|aspx?|jsp)(?:[?#][^\s]*)?"


@dataclass(frozen=True)
class LinePattern:
    """A kind of line: its language, its pattern from the first character on, and a line it matches."""

    name: str
    pattern: str
    example: str


CONTINUATION_LINES: tuple[LinePattern, ...] = (
    LinePattern("indented", r"[ \t]+[^\s]", "\tat com.acme.Cart.add(Cart.java:12)"),
    # Java, Kotlin, Scala; also JavaScript and .NET whose indentation a log shipper took away.
    LinePattern("at-call", r"at [^\s].*[\])]\s*$", "at com.acme.Cart.add(Cart.java:12)"),
    LinePattern("at-location", r"at (?:async )?[^\s]+:[0-9]+(?::[0-9]+)?\s*$", "at /srv/app/cart.js:12:5"),
    LinePattern("net-at", r"at [^\s]+\(.*\) in .+:(?:line )?[0-9]+\s*$", r"at A.B.C() in C:\a\b.cs:line 12"),
    LinePattern(
        "java-cause",
        r"(?:Caused by|Suppressed|Wrapped by|Cause)(?: \([0-9]+/[0-9]+\))?:",
        "Caused by: a.B: c",
    ),
    LinePattern("java-more", r"\.\.\. ?[0-9]+ (?:more|common frames|frames|lines|levels|similar)", "... 12 more"),
    LinePattern("java-nested", r"nested exception is", "nested exception is:"),
    LinePattern(
        "java-thread",
        r'"[^"]*"(?: #[0-9]+)?(?: \[[0-9]+\])?(?: daemon)? (?:prio|os_prio|tid|nid|Id)=',
        '"main" #1 prio=5 os_prio=0 tid=0x00007f nid=0x1 runnable [0x00]',
    ),
    LinePattern("java-lock", r"- (?:locked|waiting|parking|eliminated|None)\b", "- locked <0x000000076ab> (a a.B)"),
    # Python
    LinePattern(
        "python-traceback",
        r"Traceback \(most recent call (?:last|first)\):",
        "Traceback (most recent call last):",
    ),
    LinePattern(
        "python-chain",
        r"(?:During handling of the above exception|The above exception was the direct cause)",
        "During handling of the above exception, another exception occurred:",
    ),
    LinePattern("python-file", r'File "[^"]+", line [0-9]+', 'File "a.py", line 12, in add'),
    LinePattern(
        "python-group",
        r"(?:\+-|\+ Exception Group|\| )",
        "+ Exception Group Traceback (most recent call last):",
    ),
    LinePattern("caret", r"[~^]+\s*$", "^^^^^"),
    # JavaScript in Firefox and Safari; Node
    LinePattern(
        "js-at-sign",
        rf"[^\s@]*@(?:[a-z\-]+:/|/|{_SCRIPT_FILE}:[0-9]|\[native code\]|<anonymous>|self-hosted)",
        "add@https://shop.example/app.js:12:5",
    ),
    # Chrome's console, where a message is followed by who called: a function and its place.
    LinePattern(
        "js-initiator",
        r"(?:await in |async )?[^\s@][^@]{0,200} @ (?:[^\s:]+|VM[0-9]+ [^\s:]+):[0-9]+(?::[0-9]+)?\s*$",
        "(anonymous) @ catalog.js:17",
    ),
    LinePattern(
        "js-async",
        r"(?:Promise\.(?:then|catch|finally|all)|setTimeout|setInterval|requestAnimationFrame|XMLHttpRequest\.send"
        r"|load|error|await|async function)(?: \(async\))?\s*$",
        "setTimeout (async)",
    ),
    # Firefox's console puts the place of a message on a line of its own below the trace.
    LinePattern("js-place", rf"{_SCRIPT_FILE}:[0-9]+:[0-9]+\s*$", "app.js:12:20"),
    LinePattern("js-safari-name", r"(?:global code|eval code|module code|\[native code\])(?:@.*)?$", "global code"),
    LinePattern("js-object-open", r"\{ (?:\[?[A-Za-z_]+\]?|'[^']+'): .*", "{ code: 'ECONNREFUSED', errno: -111 }"),
    LinePattern("closing", r"[}\])]+[;,]?\s*$", "}"),
    LinePattern("node-version", r"Node\.js v[0-9]", "Node.js v20.11.0"),
    # Go
    LinePattern("go-goroutine", r"goroutine [0-9]+ (?:gp=0x[0-9a-f]+ )?(?:m=.* )?\[.*\]:", "goroutine 1 [running]:"),
    LinePattern(
        "go-call",
        rf"(?:panic|[A-Za-z_]{_FUNCTION}*\.(?:\(\*?{_FUNCTION}+\)\.)?{_FUNCTION}+)"
        r"\((?:0x[0-9a-f]+|[0-9]+|\.\.\.|[{}, ?_])*\)\s*$",
        "main.(*Cart).Add(0xc000010000, {0x1, 0x2}, ...)",
    ),
    LinePattern("go-runtime-stack", r"runtime stack:\s*$", "runtime stack:"),
    LinePattern("go-created-by", r"created by [^\s]+", "created by main.main in goroutine 1"),
    LinePattern("go-location", r"[^\s]+\.(?:go|s):[0-9]+ \+0x[0-9a-f]+", "/src/main.go:12 +0x1d"),
    LinePattern(
        "go-note",
        r"(?:\[(?:signal [A-Z]|originating from goroutine|recovered)|\.\.\.(?:additional"
        r"|[0-9]+) frames elided"
        r"|PC=0x[0-9a-f]+ m=|exit status [0-9]+\s*$|(?:r[0-9a-z]{1,2}|e[a-z]{2}|[c-g]s"
        r"|[re]flags) +0x[0-9a-f]+)",
        "[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x7fd34f]",
    ),
    # Rust
    LinePattern("rust-backtrace", r"stack backtrace:", "stack backtrace:"),
    LinePattern(
        "rust-note",
        r"note: (?:run with|[Ss]ome details|set `?RUST_BACKTRACE|`?RUST_BACKTRACE)",
        "note: run with `RUST_BACKTRACE=1`",
    ),
    # Lua, Julia, Haskell, OCaml
    LinePattern(
        "trace-title",
        r"(?:stack traceback|Stacktrace|Current stack trace|CallStack \(from HasCallStack\)|HasCallStack backtrace"
        r"|Closest candidates are|coroutine [0-9]+):\s*$|Traceback\s*$",
        "stack traceback:",
    ),
    LinePattern(
        "lua-frame",
        r"(?:[^\s:]+\.lua:[0-9]+|\[C\]|\[string \"[^\"]*\"\]:[0-9]+): in (?:function|method|upvalue|local|field|main"
        r" chunk|\?)",
        "cart.lua:12: in function 'add'",
    ),
    LinePattern(
        "perl-after",
        r"(?:BEGIN failed--compilation aborted|Compilation failed in require|\t?\.\.\.propagated) at [^\s]+ line"
        r" [0-9]+",
        "BEGIN failed--compilation aborted at bin/shop.pl line 3.",
    ),
    LinePattern(
        "ocaml-frame",
        r"(?:Raised (?:at|by primitive operation at)|Re-raised at|Called from) .{1,200}, line [0-9]+,"
        r" characters? [0-9]",
        'Raised at Cart.add in file "cart.ml", line 42, characters 13-28',
    ),
    LinePattern(
        "julia-place",
        r"(?:while loading [^\s]+, )?in expression starting (?:at [^\s]+:[0-9]+|on line [0-9]+)\s*$",
        "in expression starting at /srv/cart.jl:3",
    ),
    # C, C++, Swift, Objective-C: debuggers, sanitizers, crash reporters
    LinePattern("hash-frame", r"#[0-9]+:? +[^\s]", "#0  0x00005555 in add (n=1) at cart.c:12"),
    LinePattern(
        "apple-frame",
        r"[0-9]+ +[^\s].* 0x[0-9a-f]{6,16} [^\s].*",
        "0   Shop   0x0000000104f5c3a8 $s4Shop3addyyF + 12",
    ),
    LinePattern("apple-thread", r"Thread [0-9]+(?: Crashed| \(crashed\)| name|:)", "Thread 0 Crashed:"),
    LinePattern("gdb-thread", r"Thread [0-9]+ \((?:Thread|LWP|process)", "Thread 2 (Thread 0x7f01 (LWP 12)):"),
    LinePattern(
        "sanitizer-detail",
        r"(?:(?:READ|WRITE|ACCESS) of size [0-9]+|0x[0-9a-f]+ is located|freed by thread"
        r"|previously allocated by"
        r"|allocated by thread|Address 0x[0-9a-f]+ is|Thread T[0-9]+ .*created by|(?:Direct|Indirect) leak of"
        r"|SUMMARY: [A-Za-z]+Sanitizer|Shadow byte|=>0x[0-9a-f]+|MS: [0-9]+ |HINT: "
        r"|[A-Za-z]+Sanitizer can not provide)",
        "READ of size 4 at 0x602000000014 thread T0",
    ),
    LinePattern("pid-prefix", r"==[0-9]+== ?", "==123==    at 0x4005: add (cart.c:12)"),
    LinePattern("glibc-frame", r"[^\s]+(?:\([^()]*\))? ?\[0x[0-9a-f]+\]\s*$", "./shop(add+0x1d)[0x4005d5]"),
    LinePattern(
        "backtrace-title",
        r"(?:=+ (?:Backtrace|Memory map): =+|[Bb]acktrace:|[Cc]all [Tt]race:|[Cc]all [Ss]tack:"
        r"|\*\*\* First throw call stack"
        r"|STACK_TEXT:|ChildEBP RetAddr|Child-SP +RetAddr|Last Exception Backtrace|Binary Images:"
        r"|\([0-9a-fx ]+\)\s*$|[()]\s*$)",
        "*** First throw call stack:",
    ),
    LinePattern(
        "cdb-frame",
        r"(?:[0-9a-f]{2} )?[0-9a-f`]{8,17} [0-9a-f`]{8,17} [^\s]",
        "00 0012f6d0 7c90e9c0 shop!add+0x1",
    ),
    LinePattern("minidump-frame", r"[0-9]+\|[0-9]+\|[^|]*\|", "0|0|libshop.so|add|cart.c|12|0x1"),
    # .NET
    LinePattern("net-end", r"--- End of ", "--- End of inner exception stack trace ---"),
    LinePattern("net-inner", r"---> ", "---> System.IO.IOException: disk full"),
    LinePattern(
        "unity-frame",
        r"[A-Za-z_][^\s(]* ?\(.*\) \(at [^\s()][^()]*:[0-9]+\)\s*$",
        "Shop.Cart.Update () (at Assets/Cart.cs:12)",
    ),
    LinePattern(
        "unity-engine",
        r"(?:UnityEngine|UnityEditor|System|Mono|TMPro)(?:\.[A-Za-z_]\w*)*[:.][A-Za-z_]\w* ?\(.*\)\s*$",
        "UnityEngine.GUIUtility:ProcessEvent(Int32, IntPtr, Boolean&)",
    ),
    LinePattern("unity-file", r"\(Filename: .*Line: -?[0-9]+\)\s*$", "(Filename: Assets/Cart.cs Line: 12)"),
    # What databases and their drivers write below an error
    LinePattern(
        "sql-note",
        r"(?:LINE [0-9]+: |DETAIL: |CONTEXT: |STATEMENT: |\[SQL: |\[parameters: |\(Background on this error at: )",
        "LINE 1: SELECT foo FROM bar",
    ),
    LinePattern("powershell-place", r"At (?:line|[^\s].*\.ps[md]?1):[0-9]+ char:[0-9]+", "At C:\\a.ps1:3 char:1"),
    # Ruby
    LinePattern(
        "ruby-frame",
        rf"(?:from )?{_RUBY_FILE}:[0-9]+(?::in [`'].*)?\s*$",
        "app/models/cart.rb:12:in 'Cart#add'",
    ),
    LinePattern(
        "ruby-gem",
        r"[0-9A-Za-z_\-]+ \([0-9][^\s)]*\) [^\s]+:[0-9]+:in [`']",
        "rack (2.0.3) lib/rack/head.rb:12:in `call'",
    ),
    # PHP
    LinePattern("php-stack", r"(?:(?:PHP )?Stack trace:|\[stacktrace\]|\[previous exception\])", "Stack trace:"),
    LinePattern("php-end", r"(?:\{main\}|thrown in .+ on line [0-9]+)", "thrown in /srv/a.php on line 12"),
    LinePattern("php-xdebug", r"PHP +[0-9]+\. ", "PHP   1. {main}() /srv/a.php:0"),
    LinePattern("php-next", r"Next [0-9A-Za-z_\\]+(?:: | in )", "Next RuntimeException: b in /srv/a.php:12"),
    # Dart
    LinePattern(
        "dart-suspension",
        r"(?:<asynchronous suspension>|=+ asynchronous gap =+)",
        "<asynchronous suspension>",
    ),
    LinePattern(
        "dart-chain",
        r"(?:package|dart|file|org-dartlang-[a-z]+):[^\s]+ +[0-9]+:[0-9]+ +[^\s]",
        "package:shop/cart.dart 12:5  add",
    ),
    # Elixir, Erlang
    LinePattern(
        "elixir-frame",
        r"\([0-9a-z_]+(?: [0-9][^\s)]*)?\) [^\s]+:[0-9]+: ",
        "(shop 1.0.0) lib/cart.ex:12: Cart.add/1",
    ),
    LinePattern(
        "elixir-state",
        r"(?:Last message(?: \(from .*\))?|State|Function|Initial Call|Ancestors|Client .*): ?",
        "Last message: :tick",
    ),
    LinePattern("elixir-cause", r"\*\* \((?:EXIT|ErlangError|[A-Z][0-9A-Za-z_.]*Error)", "** (EXIT) no process"),
)
