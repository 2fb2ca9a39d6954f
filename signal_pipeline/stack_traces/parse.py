"""From the text of a trace to a StackTrace: which language it is, and that language's parser.

One row per language. How frames look is each language's own file; identity is identity.py.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace

from signal_pipeline.limits import DEFAULT_LIMITS
from signal_pipeline.stack_traces.languages import (
    dart,
    dotnet,
    elixir,
    go,
    java,
    javascript,
    native,
    php,
    python,
    ruby,
)
from signal_pipeline.stack_traces.languages.dialects import DIALECTS
from signal_pipeline.stack_traces.languages.line_frames import parser_of
from signal_pipeline.stack_traces.linear_pattern import LinearPattern, PatternSet, linear
from signal_pipeline.stack_traces.model import StackTrace
from signal_pipeline.stack_traces.trace_lines import edge_lines, trace_lines

Parse = Callable[[list[str], str, int], StackTrace | None]

_MINOR_SHARE = 4
"""A language with less than a quarter of the most frequent one's lines is noise, unless a line of it is decisive."""


@dataclass(frozen=True)
class LanguageRow:
    """`recogniser` matches a frame line; `decisive` matches a line that only this language writes."""

    name: str
    recogniser: LinearPattern
    decisive: LinearPattern
    parse: Parse
    example: str


LANGUAGES: tuple[LanguageRow, ...] = (
    LanguageRow(
        "java", java.FRAME, java.DECISIVE, java.parse_java, "a.BException: c\n\tat com.acme.Cart.add(Cart.java:12)"
    ),
    LanguageRow(
        "python",
        python.RECOGNISER,
        python.START,
        python.parse_python,
        'Traceback (most recent call last):\n  File "cart.py", line 12, in add\nValueError: bad',
    ),
    LanguageRow(
        "go",
        go.FRAME,
        go.DECISIVE,
        go.parse_go,
        "panic: bad\n\ngoroutine 1 [running]:\nmain.add()\n\t/src/cart.go:12 +0x1d",
    ),
    LanguageRow(
        "javascript",
        javascript.FRAME,
        javascript.DECISIVE,
        javascript.parse_javascript,
        "TypeError: bad\n    at add (/srv/cart.js:12:5)",
    ),
    LanguageRow(
        "csharp",
        dotnet.RECOGNISER,
        dotnet.DECISIVE,
        dotnet.parse_dotnet,
        "System.Exception: bad\n   at Shop.Cart.Add(Int32 n) in C:\\src\\Cart.cs:line 12",
    ),
    LanguageRow(
        "dart",
        dart.RECOGNISER,
        dart.DECISIVE,
        dart.parse_dart,
        "Unhandled exception:\nFormatException: bad\n#0      add (package:shop/cart.dart:12:5)",
    ),
    LanguageRow(
        "php",
        php.RECOGNISER,
        php.DECISIVE,
        php.parse_php,
        "PHP Fatal error:  Uncaught Exception: bad in /srv/cart.php:12\nStack trace:\n#0 "
        "/srv/index.php(3): add()\n#1 {main}",
    ),
    LanguageRow(
        "ruby",
        ruby.RECOGNISER,
        ruby.DECISIVE,
        ruby.parse_ruby,
        "cart.rb:12:in 'Cart#add': bad (ArgumentError)\n\tfrom index.rb:3:in '<main>'",
    ),
    LanguageRow(
        "elixir",
        elixir.FRAME,
        elixir.DECISIVE,
        elixir.parse_elixir,
        "** (RuntimeError) bad\n    (shop 1.0.0) lib/cart.ex:12: Shop.Cart.add/1",
    ),
    LanguageRow(
        "rust",
        native.RUST_FRAME,
        native.RUST_DECISIVE,
        native.parse_native,
        "thread 'main' panicked at src/cart.rs:12:5:\nbad\nstack backtrace:\n   0: shop::cart::add",
    ),
    LanguageRow(
        "swift",
        native.SWIFT_FRAME,
        native.SWIFT_DECISIVE,
        native.parse_native,
        "Fatal error: bad\n0   Shop   0x0000000104f5c3a8 Cart.add(item:) + 12",
    ),
    LanguageRow(
        "native",
        native.FRAME,
        native.DECISIVE,
        native.parse_native,
        "Program received signal SIGSEGV, Segmentation fault.\n#0  0x00005555 in add (n=1) at cart.c:12",
    ),
    *(
        LanguageRow(row.name, linear(row.frame), linear(row.decisive or row.frame), parser_of(row), row.example)
        for row in DIALECTS
    ),
)


_EVIDENCE = PatternSet(
    [pattern.pattern for row in LANGUAGES for pattern in (row.recogniser, row.decisive)], anchored=True
)


@dataclass
class _Evidence:
    """What speaks for one language: how many lines, from which on, and whether one of them is decisive."""

    order: int
    frames: int = 0
    first: int = sys.maxsize
    decisive: bool = False


def _by_evidence(lines: list[str]) -> list[LanguageRow]:
    """Languages with a share of the lines, the one that speaks first before the others; then the rest."""
    evidence = [_Evidence(order) for order in range(len(LANGUAGES))]
    for index, line in enumerate(lines):
        for position in _EVIDENCE.matching(line):
            found = evidence[position // 2]
            found.first = min(found.first, index)
            if position % 2:
                found.decisive = True
            else:
                found.frames += 1
    most = max(found.frames for found in evidence)
    present = [found for found in evidence if found.frames or found.decisive]
    present.sort(key=lambda e: (not e.decisive and e.frames * _MINOR_SHARE < most, e.first, -e.frames, e.order))
    return [LANGUAGES[found.order] for found in present]


def parse_stack_trace(text: str, head: str = "", *, max_frames: int = DEFAULT_LIMITS.max_frames) -> StackTrace | None:
    """Parse one error's trace: `text` is the whole trace or the lines below the message line `head`.

    Frames are innermost first, at most `max_frames`. None when no language finds a frame or a cause in it.
    Linear in the length of the text; never raises for any text.
    """
    every_line = trace_lines(text)
    lines = edge_lines(every_line)
    if not any(lines):
        return None
    head_line = trace_lines(head)[0]
    for row in _by_evidence(lines):
        trace = row.parse(lines, head_line, max_frames)
        if trace is not None:
            return replace(trace, truncated=True) if len(lines) < len(every_line) else trace
    return None
