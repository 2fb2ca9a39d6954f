"""Each row of the line tables matches its example, in polars and in RE2; ordinary lines match nothing."""

import polars as pl
import pytest
import re2

from signal_pipeline.stack_traces.continuation import CONTINUATION, EXCEPTION_LINE, TRACE_START
from signal_pipeline.stack_traces.line_patterns import CONTINUATION_LINES, LinePattern
from signal_pipeline.stack_traces.trace_start_lines import TRACE_START_LINES

ALL_ROWS = [(CONTINUATION, row) for row in CONTINUATION_LINES] + [(TRACE_START, row) for row in TRACE_START_LINES]


def _matches(pattern: str, line: str) -> bool:
    in_polars = pl.Series([line]).str.contains(pattern, strict=True)[0]
    in_re2 = re2.compile(pattern).match(line) is not None
    assert in_polars == in_re2
    return in_polars


@pytest.mark.parametrize(("whole", "row"), ALL_ROWS, ids=lambda value: getattr(value, "name", ""))
def test_row_matches_its_example(whole: str, row: LinePattern) -> None:
    assert _matches(f"^(?:{row.pattern})", row.example)
    assert _matches(whole, row.example)


CONTINUES = [
    "    ... 12 more",
    '  File "/srv/app.py", line 12, in add',
    "  | ValueError: a",
    "    at async Promise.all (index 0)",
    "at processTicksAndRejections (node:internal/process/task_queues:96:5)",
    "@https://shop.example/app.js:12:5",
    "add@app.js:12",
    "goroutine 18 [chan receive, 2 minutes, locked to thread]:",
    "net/http.(*conn).serve(0xc0000b8000, {0x1234, 0xc000090000})",
    "panic({0x45cb40?, 0x47ad70?})",
    "runtime.goexit()",
    "net/http.HandlerFunc.ServeHTTP(...)",
    "created by net/http.(*Server).Serve",
    "#0 /srv/app/cart.php(12): Cart->add()",
    "#1 {main}",
    "#00 pc 00000000000a1b2c  /system/lib64/libc.so (abort+164)",
    "#0      main.<anonymous closure> (file:///a/b.dart:17:20)",
    "SUMMARY: AddressSanitizer: SEGV /a/b.c:12 in add",
    "   at Shop.Cart.Add(Int32 n) in C:\\src\\Cart.cs:line 12",
    "/app/lib/cart.rb:12:in `add'",
    "C:/app/lib/cart.rb:12:in 'Cart#add'",
    "The above exception was the direct cause of the following exception:",
]


@pytest.mark.parametrize("line", CONTINUES)
def test_continuation(line: str) -> None:
    assert _matches(CONTINUATION, line)


PLAIN = [
    "",
    "2024-01-02 03:04:05 INFO started",
    "Jan  2 03:04:05 host sshd[12]: Failed password for root",
    '10.0.0.1 - - [02/Jan/2024:03:04:05 +0000] "GET / HTTP/1.1" 200 12',
    "[INFO] done",
    "INFO: done",
    "level=error msg=bad",
    '{"level":"error","msg":"bad"}',
    "I0102 03:04:05.123456 12 main.go:12] started",
    "user@host connected",
    "Server listening on 0.0.0.0:80",
    "at last it works",
]


@pytest.mark.parametrize("line", PLAIN)
def test_ordinary_lines_match_nothing(line: str) -> None:
    assert not _matches(CONTINUATION, line)
    assert not _matches(TRACE_START, line)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ValueError: bad", True),
        ("KeyboardInterrupt", True),
        ("java.lang.IllegalStateException", True),
        ("sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) refused", True),
        ("Uncaught TypeError: a is undefined", True),
        ("Error while reading", False),
        ("ErrorHandler started", False),
    ],
)
def test_exception_line(line: str, expected: bool) -> None:
    assert _matches(EXCEPTION_LINE, line) == expected
