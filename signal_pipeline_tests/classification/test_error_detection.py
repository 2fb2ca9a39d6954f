from __future__ import annotations

import polars as pl
import pytest

from signal_pipeline.classification.classify import classify_entries
from signal_pipeline.classification.error_detection import hints_at_error
from signal_pipeline.classification.error_words import HARMLESS, SAYS_ERROR, any_of
from signal_pipeline_tests.classification.error_type_cases import ERROR_TYPE_CASES
from signal_pipeline_tests.classification.frames import har_frame, log_frame

TRACE = 'Traceback (most recent call last):\n  File "a.py", line 3, in f\nValueError: bad'

ERRORS_WITHOUT_LEVEL = (
    "ERROR: relation does not exist",
    "[error] client denied by server configuration",
    "panic: runtime error: index out of range",
    "Segmentation fault (core dumped)",
    "kernel: Out of memory: Killed process 1234 (java)",
    "connect to 10.0.0.1 port 22: Connection refused",
    "Failed password for root from 10.0.0.1 port 4242 ssh2",
    "Invalid user admin from 10.0.0.1",
    "pam_unix(sshd:auth): authentication failure; logname= uid=0",
    "check pass; user unknown",
    "reverse mapping checking getaddrinfo for x failed - POSSIBLE BREAK-IN ATTEMPT!",
    "fatal: Write failed: Connection reset by peer [preauth]",
    "Disconnecting: Too many authentication failures for root [preauth]",
    "request timed out after 30 s",
    "upstream timed out (110: Connection timed out)",
    "3 tests failed",
    "build failed with 2 errors",
    "errors: 3",
    "failed=1",
    "java.lang.NullPointerException",
    "connect ECONNREFUSED 127.0.0.1:5432",
    "net::ERR_NAME_NOT_RESOLVED",
    "task ended with exit code 137",
    "upstream said HTTP 503",
    "Killed by SIGSEGV",
    "thread 'main' panicked at src/main.rs:4:5",
    "mount: cannot open /dev/sdb1: No such file or directory",
    "disk full, no space left on device",
    "Cannot allocate memory",
    "ALERT exited abnormally with [1]",
    "error code 5",
    "Permission denied",
    "deadlock detected",
    "Process com.example.app (pid 12345) has died",
    "undefined reference to `foo'",
    "warning: unknown[10.0.0.1]: SASL LOGIN authentication failed: generic failure",
    "Maximum login attempts (3) exceeded",
    "a.cpp:128:26: error: no matching function for call to 'f'",
    "error: null pointer passed",
    "error: no such instruction",
    "lost connection after DATA from mail.example.com[10.0.0.1]",
    "possible SMTP attack: command=AUTH, count=5",
    "password doesn't match for /secure/ username: ada",
)
CALM_WITHOUT_LEVEL = (
    "finished with 0 errors",
    "0 errors, 0 warnings",
    "no error",
    "No errors found",
    "completed without errors",
    "errors: 0",
    "error=null",
    "error = none",
    "error_count=0",
    "errors=0 failed=0",
    "12 passed, 0 failed",
    "ok=3 changed=1 unreachable=0 failed=0",
    "status=ok error=",
    '{"error": null, "ok": true}',
    '{"errors": [], "ok": true}',
    "error handler installed",
    "writing error.log",
    "timeout=30 retries=3",
    "starting with --fail-fast",
    "fail2ban started",
    "GET /errors/new",
    "session opened for user root by (uid=0)",
    "Accepted password for ada from 10.0.0.1 port 22 ssh2",
    "connection from 10.0.0.1 () at Sun Jul 3 10:05:25 2005",
    "Started daily cleanup",
    "all good",
    "",
    "INFO retrying after error",
    "WARN request failed, will retry",
    "DEBUG exception filter registered",
    "recovered from error",
    "error=no retries=3",
    "error: none",
)


def is_error(message: str, level: str | None = None, trace: str | None = None) -> bool:
    return classify_entries(log_frame([message], level, trace))["is_error"].item()


@pytest.fixture(scope="module")
def without_level() -> dict[str, bool]:
    """All messages at once: each call compiles all patterns."""
    examples = (row.example for row in (*SAYS_ERROR, *HARMLESS))
    messages = [*ERRORS_WITHOUT_LEVEL, *CALM_WITHOUT_LEVEL, *examples]
    return dict(zip(messages, classify_entries(log_frame(messages))["is_error"], strict=True))


@pytest.mark.parametrize("message", ERRORS_WITHOUT_LEVEL)
def test_wording_says_error(without_level, message):
    assert without_level[message]


@pytest.mark.parametrize("message", CALM_WITHOUT_LEVEL)
def test_wording_is_calm(without_level, message):
    assert not without_level[message]


@pytest.mark.parametrize("row", SAYS_ERROR, ids=lambda row: row.name)
def test_each_wording_says_error_of_its_example(without_level, row):
    assert pl.Series([row.example]).str.contains(any_of((row,))).all()
    assert without_level[row.example]


@pytest.mark.parametrize("row", HARMLESS, ids=lambda row: row.name)
def test_each_harmless_phrase_covers_its_example(without_level, row):
    assert pl.Series([row.example]).str.contains(any_of((row,))).all()
    assert not without_level[row.example]


def test_hints_miss_no_wording():
    """The hints are a filter before the wording: a line without a hint is never asked."""
    messages = [*ERRORS_WITHOUT_LEVEL, *(row.example for row in SAYS_ERROR), *(case[0] for case in ERROR_TYPE_CASES)]
    frame = pl.DataFrame({"text": messages}).with_columns(
        hints_at_error(pl.col("text")).alias("hint"), pl.col("text").str.contains(any_of(SAYS_ERROR)).alias("says")
    )
    assert frame.filter(pl.col("says") & ~pl.col("hint"))["text"].to_list() == []


@pytest.mark.parametrize(
    ("level", "message", "trace", "expected"),
    [
        ("error", "all good", None, True),
        ("critical", "all good", None, True),
        ("info", "request failed with an error", None, False),
        ("debug", "java.lang.NullPointerException", None, False),
        ("notice", "failed", None, False),
        ("info", "caught and ignored", TRACE, False),
        ("warning", "request failed, retrying", None, False),
        ("warning", "could not close", TRACE, True),
        ("warning", "two lines", "of plain text", False),
        (None, "something happened", TRACE, True),
        (None, "something happened", "more plain text", False),
    ],
)
def test_level_and_trace(level, message, trace, expected):
    assert is_error(message, level, trace) is expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"status": 200}, False),
        ({"status": 304}, False),
        ({"status": 400}, True),
        ({"status": 503}, True),
        ({"status": 0}, True),
        ({"status": 200, "net_error": "net::ERR_FAILED"}, True),
        ({"status": None}, False),
    ],
)
def test_exchanges(row, expected):
    out = classify_entries(har_frame([{"method": "GET", "url": "https://h/x", "net_error": None, **row}]))
    assert out["is_error"].item() is expected


@pytest.mark.parametrize(("status", "expected"), [(200, False), (302, False), (404, True), (500, True)])
def test_access_log_lines(status, expected):
    frame = log_frame(['10.0.0.1 - "GET /errors/failed HTTP/1.1"']).with_columns(
        pl.lit(status, pl.Int32).alias("status")
    )
    assert classify_entries(frame)["is_error"].item() is expected
