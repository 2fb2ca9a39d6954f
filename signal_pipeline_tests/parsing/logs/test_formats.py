"""Each row of the format table on its own examples: it matches, it wins, and the fields come out."""

from __future__ import annotations

import json

import polars as pl
import pytest

from signal_pipeline.parsing.logs.formats.catalog import LEADING_STAMPS, STAMPS, TEXT_FORMATS
from signal_pipeline.parsing.logs.formats.json_keys import FLAVOURS
from signal_pipeline.parsing.logs.formats.wrappers import WRAPPERS
from signal_pipeline.parsing.logs.recognise import recognise
from signal_pipeline.parsing.logs.timestamps import read_times
from signal_pipeline.schemas import LEVELS
from signal_pipeline_tests.parsing.logs.reading import records

EXAMPLES = [(row, example) for row in TEXT_FORMATS for example in row.examples]


def test_examples_are_read_by_their_rows():
    """`recognise` gives the first row of the table that a line matches."""
    won = {example: [matcher.format.name for matcher, _ in recognise(pl.Series([example]))] for _, example in EXAMPLES}
    wrong = {example: (row.name, won[example]) for row, example in EXAMPLES if won[example] != [row.name]}
    assert wrong == {}


def test_examples_match_as_columns_too():
    """Rust's regex, which reads whole columns, agrees with RE2, which recognises."""
    lost = []
    for row, example in EXAMPLES:
        fitting = [matcher for matcher, _ in recognise(pl.Series([example])) if matcher.format is row]
        if not fitting or not pl.Series([example]).str.contains(fitting[0].pattern).item():
            lost.append((row.name, example))
    assert lost == []


@pytest.mark.parametrize("stamp", STAMPS.values(), ids=STAMPS)
def test_stamp_reads_its_example(stamp):
    groups = pl.Series([stamp.example]).str.extract_groups(f"^{stamp.pattern}$").struct.unnest()
    assert groups["time"].null_count() == 0
    times = read_times(groups["time"], groups["zone"] if "zone" in groups.columns else None, stamp)
    assert (times.utc.item() is None) == (not stamp.formats and stamp.epoch is None)


def test_leading_stamps_have_one_name_each():
    assert len({stamp.name for stamp in LEADING_STAMPS}) == len(LEADING_STAMPS)


@pytest.mark.parametrize("flavour", FLAVOURS, ids=[f"{f.name}-{at}" for at, f in enumerate(FLAVOURS)])
def test_json_flavour_reads_its_example(flavour):
    (record,) = records(flavour.example)
    assert record["format"] == flavour.name
    assert record["message"] in ("a", "a {B}", "GetObject")
    if flavour.keys and flavour.name != "json-cloudtrail":
        assert record["level"] == "error"
    if "2024" in flavour.example or "17092" in flavour.example:
        assert record["timestamp"].year == 2024 and record["timestamp"].month == 3


_INSIDE = (
    "ERROR:shop:cannot add",
    "Traceback (most recent call last):",
    '  File "/srv/shop.py", line 12, in add',
    "ValueError: amount must be positive",
)


@pytest.mark.parametrize("wrapper", WRAPPERS, ids=lambda wrapper: wrapper.name)
def test_wrapper_is_taken_off(wrapper):
    if wrapper.needs == "prefix":
        (record,) = records(wrapper.example)
        assert record["message"] in ("cannot add", "Process completed with exit code 1.")
        return
    (record,) = records("\n".join(wrapper.example.replace("cannot add", line) for line in _INSIDE))
    assert (record["message"], record["level"], record["component"]) == ("cannot add", "error", "shop")
    assert record["stack_trace"].endswith("ValueError: amount must be positive")
    assert record["timestamp"] is not None or record["format"] == "python-basic"


# line, format, level, component, thread, message, timestamp, zone
FIELDS = [
    (
        "2024-03-01 10:00:00,123 ERROR [http-1] com.acme.Shop - Cannot open",
        "log4j-level-thread",
        "error",
        "com.acme.Shop",
        "http-1",
        "Cannot open",
        "2024-03-01T10:00:00.123000+00:00",
        "assumed-utc",
    ),
    (
        "2024-03-01T10:00:00.123+01:00  WARN 1 --- [nio-8080-exec-1] o.a.c.C.[dispatcherServlet] : slow",
        "spring-boot",
        "warning",
        "o.a.c.C.[dispatcherServlet]",
        "nio-8080-exec-1",
        "slow",
        "2024-03-01T09:00:00.123000+00:00",
        "+01:00",
    ),
    (
        "[Fri Sep 09 10:42:29.902022 2011] [core:error] [pid 35708:tid 43] [client 192.0.2.1] File does not exist: /a",
        "apache-error",
        "error",
        "core",
        "35708",
        "File does not exist: /a",
        "2011-09-09T10:42:29.902022+00:00",
        "assumed-utc",
    ),
    (
        "2023/09/23 09:58:51 [crit] 298#298: *1093 connect() failed",
        "nginx-error",
        "critical",
        None,
        "298",
        "connect() failed",
        "2023-09-23T09:58:51+00:00",
        "assumed-utc",
    ),
    (
        "<34>1 2003-10-11T22:14:15.003Z host su 12 ID47 - 'su root' failed",
        "syslog-rfc5424",
        "critical",
        "su",
        "12",
        "'su root' failed",
        "2003-10-11T22:14:15.003000+00:00",
        "Z",
    ),
    (
        "I0517 15:04:22.619632   7 server.cc:253] listening",
        "glog",
        "info",
        "server.cc",
        "7",
        "listening",
        "2000-05-17T15:04:22.619632+00:00",
        "assumed-utc,assumed-year",
    ),
    (
        "E0517 15:04:22.619632 store.go:253 cannot open the journal",
        "glog-short",
        "error",
        "store.go",
        None,
        "cannot open the journal",
        "2000-05-17T15:04:22.619632+00:00",
        "assumed-utc,assumed-year",
    ),
    (
        "2024-03-01 10:00:00.123 UTC [47] shop@db FATAL:  28P01: password authentication failed",
        "postgres",
        "critical",
        None,
        "47",
        "password authentication failed",
        "2024-03-01T10:00:00.123000+00:00",
        "UTC",
    ),
    (
        "03-17 16:13:38.811  1702  2395 W ActivityManager: slow",
        "logcat-threadtime",
        "warning",
        "ActivityManager",
        "1702",
        "slow",
        "2000-03-17T16:13:38.811000+00:00",
        "assumed-utc,assumed-year",
    ),
    ("[10:00:00] [Server thread/WARN] [Shop]: low", "minecraft", "warning", "Shop", "Server thread", "low", None, None),
    (
        "081109 203615 148 INFO dfs.DataNode$PacketResponder: terminating",
        "hadoop",
        "info",
        "dfs.DataNode$PacketResponder",
        "148",
        "terminating",
        "2008-11-09T20:36:15+00:00",
        "assumed-utc",
    ),
    (
        "2024-03-01 10:00:00 Server error occurred",
        "time-only",
        None,
        None,
        None,
        "Server error occurred",
        "2024-03-01T10:00:00+00:00",
        "assumed-utc",
    ),
    (
        "2024-03-01 10:00:00 Error: Cannot find module 'a'",
        "time-only",
        None,
        None,
        None,
        "Error: Cannot find module 'a'",
        "2024-03-01T10:00:00+00:00",
        "assumed-utc",
    ),
    (
        "app.js:12 Uncaught TypeError: x is not a function",
        "chrome-console",
        "error",
        "app.js",
        None,
        "TypeError: x is not a function",
        None,
        None,
    ),
]


@pytest.mark.parametrize("case", FIELDS, ids=[case[1] for case in FIELDS])
def test_fields(case):
    line, name, level, component, thread, message, time, zone = case
    (record,) = records(line)
    assert record["format"] == name
    assert (record["level"], record["component"], record["thread"]) == (level, component, thread)
    assert record["message"] == message
    assert (record["timestamp"] and record["timestamp"].isoformat(), record["timestamp_zone"]) == (time, zone)


ACCESS = [
    (
        '192.0.2.1 - bob [10/Oct/2000:13:55:36 -0700] "GET /shop?id=1 HTTP/1.0" 404 2326',
        "GET /shop -> 404",
        404,
        "error",
    ),
    (
        '192.0.2.1 - - [10/Oct/2000:13:55:36 -0700] "POST /cart HTTP/1.1" 200 - "-" "curl/8"',
        "POST /cart -> 200",
        200,
        "info",
    ),
    (
        'shop.example:443 192.0.2.1 - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.1" 503 12 "-" "curl/8"',
        "GET / -> 503",
        503,
        "error",
    ),
    ('INFO:     127.0.0.1:50000 - "GET /cart HTTP/1.1" 500 Internal Server Error', "GET /cart -> 500", 500, "error"),
    ("GET /cart 500 12.345 ms - 1024", "GET /cart -> 500", 500, "error"),
]


@pytest.mark.parametrize("case", ACCESS, ids=[case[1] for case in ACCESS])
def test_access_logs(case):
    line, message, status, level = case
    (record,) = records(line)
    assert (record["message"], record["status"], record["level"]) == (message, status, level)


def test_an_event_of_kubernetes_has_its_time_and_object():
    line = {
        "lastTimestamp": "2026-03-03T09:30:28Z",
        "type": "Warning",
        "reason": "Evicted",
        "message": "The node was low on resource: ephemeral-storage.",
        "involvedObject": {"kind": "Pod", "name": "cart-7c9d8f6b5-x2x9k"},
    }
    (record,) = records(json.dumps(line))
    assert (str(record["timestamp"]), record["component"]) == ("2026-03-03 09:30:28+00:00", "cart-7c9d8f6b5-x2x9k")


def test_json_keeps_the_allow_list_only():
    line = {
        "level": 50,
        "time": 1709287200000,
        "pid": 1,
        "hostname": "h",
        "msg": "cannot pay",
        "card": "4111",
        "headers": {"cookie": "c"},
        "err": {
            "type": "TypeError",
            "message": "x is null",
            "stack": "TypeError: x is null\n    at a (b.js:1:2)",
            "secret": "s",
        },
        "req": {"method": "GET", "url": "/cart", "headers": {"authorization": "Bearer t"}},
        "res": {"statusCode": 500},
        "reqId": "r1",
    }
    (record,) = records(json.dumps(line))
    assert record["message"] == "cannot pay"
    assert record["exception_class"] == "TypeError"
    assert record["error_text"] == "x is null"
    assert record["stack_trace"].endswith("at a (b.js:1:2)")
    assert (record["method"], record["url"], record["status"], record["trace_id"]) == ("GET", "/cart", 500, "r1")
    assert not any(secret in str(record) for secret in ("4111", "cookie", "Bearer", "'s'"))


@pytest.mark.parametrize("name", ["Shop::NotFoundError", "com.acme.ShopException", "ValueError"])
def test_the_name_of_an_exception_alone_is_its_class(name):
    (record,) = records(json.dumps({"severity": "ERROR", "exception": name, "message": "cannot add"}))
    assert (record["exception_class"], record["stack_trace"]) == (name, None)


def test_logfmt_keeps_the_allow_list_only():
    (record,) = records(
        'time="2024-03-01T10:00:00Z" level=error msg="cannot \\"pay\\"" err="no money" card=4111 trace_id=t1'
    )
    assert (record["format"], record["level"], record["message"]) == ("logfmt", "error", 'cannot "pay"')
    assert (record["error_text"], record["trace_id"]) == ("no money", "t1")
    assert record["timestamp"].isoformat() == "2024-03-01T10:00:00+00:00"
    assert "4111" not in str(record)


def test_levels_are_on_the_one_scale():
    words = ("TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERROR", "SEVERE", "CRITICAL", "FATAL")
    rows = records("\n".join(f"2024-03-01 10:00:00 {word} com.acme.Shop - a" for word in words))
    assert {row["level"] for row in rows} <= set(LEVELS)
    assert [row["level"] for row in rows] == [
        "trace",
        "debug",
        "info",
        "notice",
        "warning",
        "warning",
        "error",
        "critical",
        "critical",
        "critical",
    ]
