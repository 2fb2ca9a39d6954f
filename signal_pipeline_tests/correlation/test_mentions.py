"""Which request a message speaks of."""

from __future__ import annotations

import polars as pl
import pytest

from signal_pipeline.correlation.mentions import WORDINGS, with_mentions

SCHEMA = {
    "message": pl.String(),
    "method": pl.String(),
    "url": pl.String(),
    "status": pl.Int32(),
    "duration_ms": pl.Float64(),
}
# message, method, path, route, status, ms
MESSAGES = [
    ("POST /api/orders 500 264 ms", "POST", "/api/orders", "/api/orders", 500, 264.0),
    ('"GET /a/77/88?x=1 HTTP/1.1" 404 12', "GET", "/a/77/88", "/a/{}/{}", 404, None),
    ("GET https://shop.example:8080/ 200 in 0.264 s", "GET", "/", "/", 200, 264.0),
    ("Unhandled exception in PUT /users/:id/mail", "PUT", "/users/:id/mail", "/users/{}/mail", None, None),
    ("Rejected /api/account: session has expired", None, "/api/account", "/api/account", None, None),
    ("ApiError: 504 Gateway Timeout: search", None, None, None, 504, None),
    ("the server responded with a status of 404 (Not Found)", None, None, None, 404, None),
    ("order 500 of 1000 placed", None, None, None, None, None),
    ("and/or nothing", None, None, None, None, None),
    ("", None, None, None, None, None),
]


@pytest.mark.parametrize(("message", "method", "path", "route", "status", "ms"), MESSAGES, ids=[m[0] for m in MESSAGES])
def test_messages(message, method, path, route, status, ms):
    frame = pl.DataFrame([{"message": message}], schema=SCHEMA)
    found = with_mentions(frame).row(0, named=True)
    assert [found[f"m_{name}"] for name in ("method", "path", "route", "status", "ms")] == [
        method,
        path,
        route,
        status,
        ms,
    ]


def test_columns_win_over_the_message():
    frame = pl.DataFrame(
        [{"message": "GET /a 500", "method": "POST", "url": "http://h/b?q=<VALUE>", "status": 201, "duration_ms": 5.0}],
        schema=SCHEMA,
    )
    found = with_mentions(frame).row(0, named=True)
    assert (found["m_method"], found["m_host"], found["m_path"], found["m_status"]) == ("POST", "h", "/b", 201)


@pytest.mark.parametrize(("name", "pattern", "example"), WORDINGS)
def test_every_wording_matches_its_example(name, pattern, example):
    assert pl.Series([example]).str.extract(pattern, 1)[0], name
