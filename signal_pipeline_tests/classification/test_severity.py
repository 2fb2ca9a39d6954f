from __future__ import annotations

import polars as pl

from signal_pipeline.classification.classify import classify_entries
from signal_pipeline.schemas import SEVERITIES
from signal_pipeline_tests.classification.frames import har_frame, log_frame

TRACE = 'Traceback (most recent call last):\n  File "a.py", line 3, in f\nValueError: bad'


LOG_ENTRIES = [
    ("going down", "critical", None, "critical"),
    ("panic: runtime error: index out of range", "error", None, "critical"),
    ("java.lang.OutOfMemoryError: Java heap space", "error", None, "critical"),
    ("Segmentation fault (core dumped)", None, None, "critical"),
    ("write failed: No space left on device", "error", None, "critical"),
    ("table is corrupted", "error", None, "critical"),
    ("java.lang.NullPointerException", "error", None, "high"),
    ("upstream answered HTTP 503", "error", None, "high"),
    ("connect ECONNREFUSED 10.0.0.1:5432", "error", None, "high"),
    ("request timed out", "error", None, "medium"),
    ("Failed password for root from 10.0.0.1 port 22 ssh2", None, None, "medium"),
    ("request failed with status code 422", "error", None, "medium"),
    ("request failed with status code 404", "error", None, "low"),
    ("caught", "warning", TRACE, "low"),
]


def test_log_entries():
    entries = pl.concat(log_frame([message], level, trace) for message, level, trace, _ in LOG_ENTRIES)
    found = zip((row[0] for row in LOG_ENTRIES), classify_entries(entries)["severity"], strict=True)
    assert list(found) == [(message, expected) for message, _, _, expected in LOG_ENTRIES]


EXCHANGES = [
    (500, None, "high"),
    (503, None, "high"),
    (401, None, "medium"),
    (429, None, "medium"),
    (504, None, "high"),
    (404, None, "low"),
    (0, "net::ERR_CONNECTION_REFUSED", "high"),
    (0, "net::ERR_ABORTED", "low"),
    (0, "net::ERR_BLOCKED_BY_CLIENT", "low"),
    (0, None, "high"),
]


def test_exchanges():
    rows = [
        {"method": "GET", "url": "https://h/x", "status": status, "net_error": net_error}
        for status, net_error, _ in EXCHANGES
    ]
    severities = classify_entries(har_frame(rows))["severity"]
    found = [(status, net_error, one) for (status, net_error, _), one in zip(EXCHANGES, severities, strict=True)]
    assert found == EXCHANGES


def test_every_severity_is_used_and_known():
    out = classify_entries(log_frame(["HTTP 404", "HTTP 403", "HTTP 500", "panic: x"], "error"))
    assert out["severity"].to_list() == list(reversed(SEVERITIES))


def test_never_null_for_errors():
    out = classify_entries(log_frame(["x", "7", "x\x00", "x🙂"], "error").with_columns(pl.lit(None).alias("status")))
    assert out["severity"].null_count() == 0
