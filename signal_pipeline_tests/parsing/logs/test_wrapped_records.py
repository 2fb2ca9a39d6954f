"""Records whose every line has a prefix: one record each, with the level and the time of their inside."""

from __future__ import annotations

import pytest

from signal_pipeline_tests.parsing.logs.reading import records

TRACE = (
    "Traceback (most recent call last):",
    '  File "/srv/shop.py", line 12, in pay',
    "    charge(card)",
    "ValueError: bad card",
)
JAVA = (
    "java.lang.IllegalStateException: closed",
    "\tat com.acme.Shop.open(Shop.java:12)",
    "Caused by: java.io.IOException: disk full",
    "\t... 1 more",
)
PYTHON_BASIC = ("INFO:shop:starting", "ERROR:shop:checkout failed", *TRACE, "INFO:shop:going on")
TIMED = (
    "2024-03-01 10:00:00,123 ERROR [main] com.acme.Shop - Cannot open",
    *JAVA,
    "2024-03-01 10:00:01,123 INFO  [main] com.acme.Shop - going on",
)
DOTNET = (
    "fail: Shop.Host[11]",
    "      Hosting failed",
    "      System.IO.IOException: disk full",
    "         at Shop.Main()",
)


def _lines(prefixes: str | tuple[str, ...], *insides: str) -> str:
    """The insides after their prefixes; one prefix serves all, with the number of the line for {n}."""
    if isinstance(prefixes, str):
        prefixes = tuple(prefixes.replace("{n}", str(number)) for number in range(len(insides)))
    return "".join(prefix + inside + "\n" for prefix, inside in zip(prefixes, insides, strict=True))


# name, log, (first line, lines, level, beginning of the message) of each record
WRAPPED = [
    (
        "docker logs -t around Python",
        _lines("2024-03-01T10:00:0{n}.123456789Z ", *PYTHON_BASIC),
        [(1, 1, "info", "starting"), (2, 5, "error", "checkout failed"), (7, 1, "info", "going on")],
    ),
    (
        "kubectl --timestamps around a Java trace and nothing else",
        _lines("2024-03-01T10:00:0{n}.12345678Z ", *JAVA),
        [(1, 4, None, "java.lang.IllegalStateException: closed")],
    ),
    (
        "a time alone around .NET",
        _lines("2024-03-01 10:00:00 ", *DOTNET, "info: Shop.Host[0]", "      Stopped"),
        [(1, 4, "error", "Hosting failed"), (5, 2, "info", "Stopped")],
    ),
    (
        "Jenkins",
        _lines("[2024-03-01T10:00:0{n}.123Z] ", "+ make test", *TRACE),
        [(1, 1, None, "+ make test"), (2, 4, None, "ValueError: bad card")],
    ),
    (
        "CRI",
        _lines("2024-03-01T10:00:0{n}.123456789Z stderr F ", *TIMED),
        [(1, 5, "error", "Cannot open"), (6, 1, "info", "going on")],
    ),
    (
        "Heroku",
        _lines("2024-03-01T10:00:0{n}.123456+00:00 app[web.1]: ", *PYTHON_BASIC),
        [(1, 1, "info", "starting"), (2, 5, "error", "checkout failed"), (7, 1, "info", "going on")],
    ),
    (
        "syslog",
        _lines("Mar  1 10:00:0{n} web shop[47]: ", *TIMED),
        [(1, 5, "error", "Cannot open"), (6, 1, "info", "going on")],
    ),
    (
        "journald, ISO",
        _lines("2024-03-01T10:00:0{n}+0100 web shop[47]: ", *PYTHON_BASIC),
        [(1, 1, "info", "starting"), (2, 5, "error", "checkout failed"), (7, 1, "info", "going on")],
    ),
    (
        "RFC 5424",
        _lines("<14>1 2024-03-01T10:00:0{n}.123Z web shop 47 - - ", *PYTHON_BASIC),
        [(1, 1, "info", "starting"), (2, 5, "error", "checkout failed"), (7, 1, "info", "going on")],
    ),
    (
        "taskcluster",
        _lines("[task 2024-03-01T10:00:0{n}.123Z] ", "10:00:00     INFO - started", "10:00:01    ERROR - failed"),
        [(1, 1, "info", "started"), (2, 1, "error", "failed")],
    ),
    (
        "taskcluster with levels",
        _lines("[taskcluster:warn 2024-03-01T10:00:0{n}.123Z] ", "no such process", "cache not found"),
        [(1, 1, "warning", "no such process"), (2, 1, "warning", "cache not found")],
    ),
    (
        "foreman",
        _lines("10:00:00 web.1    | ", *PYTHON_BASIC),
        [(1, 1, "info", "starting"), (2, 5, "error", "checkout failed"), (7, 1, "info", "going on")],
    ),
    (
        "logcat of a Flutter app",
        _lines(
            "E/flutter ( 4711): ",
            "[ERROR:flutter/runtime/dart_vm_initializer.cc(41)] Unhandled Exception: Bad state: a",
            "#0      Cart.add (package:shop/cart.dart:110)",
            "#1      main (package:shop/main.dart:3)",
        ),
        [(1, 3, "critical|error", "Unhandled Exception: Bad state: a")],
    ),
    (
        "two prefixes: compose around docker's time",
        _lines("web-1  | 2024-03-01 10:00:00 ", *PYTHON_BASIC),
        [(1, 1, "info", "starting"), (2, 5, "error", "checkout failed"), (7, 1, "info", "going on")],
    ),
    (
        "two containers of which one interrupts the other",
        _lines(
            ("web-1  | ", "web-1  | ", "db-1   | ", "web-1  | ", "db-1   | ", "web-1  | "),
            *TIMED[:2], "2024-03-01 10:00:00,200 INFO  [main] com.acme.Db - vacuum", TIMED[2], "  of table a", TIMED[5],
        ),
        [(1, 4, "error", "Cannot open"), (3, 3, "info", "vacuum"), (6, 1, "info", "going on")],
    ),
    (
        "OpenStack, each line of a trace stamped",
        _lines(
            (
                "2024-03-01 10:00:00.123 47 WARNING nova.manager [req-1 a b - - -] ",
                *("2024-03-01 10:00:00.123 47 ERROR nova.manager ",) * 3,
                "2024-03-01 10:00:00.124 47 DEBUG nova.driver [req-1 a b - - -] ",
                *("2024-03-01 10:00:00.123 47 ERROR nova.manager ",) * 3,
                "2024-03-01 10:00:00.130 47 INFO nova.manager [req-1 a b - - -] ",
            ),
            "cannot add", *TRACE[:3], "meanwhile", TRACE[3], "Stdout: a", "", "going on",
        ),
        [(1, 8, "warning", "cannot add"), (5, 1, "debug", "meanwhile"), (9, 1, "info", "going on")],
    ),
    (
        "mod_wsgi",
        _lines(
            "[Fri Mar 01 10:00:00.12345{n} 2024] [wsgi:error] [pid 47:tid 11] [client 192.0.2.1:5] ", *TRACE,
        ),
        [(1, 4, "error", "ValueError: bad card")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("log", "expected"), [case[1:] for case in WRAPPED], ids=[case[0] for case in WRAPPED])
def test_wrapped_records(log, expected):
    found = records(log)
    told = [(r["line_number"], r["line_count"], r["level"], r["message"]) for r in found]
    assert [row[:2] for row in told] == [row[:2] for row in expected], told
    for row, (_, _, level, message) in zip(told, expected, strict=True):
        assert str(row[2]) in str(level).split("|") and row[3].startswith(message)


def test_inner_time_wins_and_outer_time_fills():
    log = _lines("2024-03-01T11:00:00.123456789Z ", *TIMED) + _lines("2024-03-01T12:00:0{n}.123456789Z ", *TRACE)
    hours = [record["timestamp"].hour for record in records(log)]
    assert hours[:2] == [10, 10]
    bare = records(_lines("2024-03-01T12:00:0{n}.123456789Z ", *PYTHON_BASIC))
    assert [record["timestamp"].hour for record in bare] == [12, 12, 12]


# A time before a level or a name is the head of a logger, not a prefix: nothing is taken off.
NOT_WRAPPED = [
    ("level behind the time", "2024-03-01 10:00:00 ERROR cannot add\n2024-03-01 10:00:01 INFO  added\n", "time-level"),
    ("prose behind the time", "2024-03-01 10:00:00 cannot add\n2024-03-01 10:00:01 added\n", "time-only"),
    ("syslog of daemons", _lines("Mar  1 10:00:0{n} web sshd[47]: ", "session opened", "failed"), "syslog-rfc3164"),
]


@pytest.mark.parametrize(("log", "name"), [case[1:] for case in NOT_WRAPPED], ids=[case[0] for case in NOT_WRAPPED])
def test_heads_of_loggers_stay(log, name):
    assert [record["format"] for record in records(log)] == [name, name]
