"""Console output of Go's and Rust's loggers: logrus, zerolog, the standard library, tracing. JSON is elsewhere."""

from __future__ import annotations

from signal_pipeline.parsing.logs.formats.log_format import ANY_STAMP, LogFormat
from signal_pipeline.parsing.logs.formats.stamps import Stamp

STAMPS: tuple[Stamp, ...] = (
    Stamp("kitchen", r"(?P<time>[0-9]{1,2}:[0-9]{2}[AP]M)", (), "10:00AM"),
    Stamp(
        "month-day-bar",
        r"(?P<time>[0-9]{2}-[0-9]{2}\|[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?)",
        ("%m-%d|%H:%M:%S%.f",),
        "03-01|10:00:00.123",
    ),
)

_FOUR = r"(?P<level>TRAC|DEBU|INFO|WARN|ERRO|FATA|PANI)"

FORMATS: tuple[LogFormat, ...] = (
    LogFormat(
        "etcd",
        r"{stamp} (?P<level>[CEWNIDT]) \| (?P<component>[0-9a-z/_\-]+): ",
        ("2018-03-01 10:00:00.123456 E | etcdserver: cannot add the member",),
        ("iso",),
        levels="letters",
    ),
    LogFormat("logrus", rf"{_FOUR}\[[0-9]{{4,}}\] ?", ('ERRO[0012] cannot add the item    error="EOF"',)),
    LogFormat(
        "logrus", rf"{_FOUR}\[{{stamp}}\] ?", ('ERRO[2024-03-01T10:00:00Z] cannot add    error="EOF"',), ("iso",)
    ),
    LogFormat(
        "log15",
        r"\[?{upper-level}\]? *\[{stamp}\] *",
        (
            'ERROR[03-01|10:00:00.123] cannot add the item    err="EOF"',
            "[EROR] [03-01|10:00:00.123] cannot add the item",
        ),
        ("month-day-bar",),
    ),
    LogFormat(
        "zerolog-console",
        (
            r"{stamp} (?P<level>TRC|DBG|INF|WRN|ERR|FTL|PNC|DEBU|INFO|WARN|ERRO|FATA) "
            r"(?:(?P<component>[^ ]+\.go):[0-9]+ > )?"
        ),
        ("10:00AM ERR cannot add the item error=EOF",),
        ("kitchen",),
    ),
    LogFormat(
        "rust-tracing",
        (
            r"\[?{stamp} +{level} +(?:(?:[A-Za-z_][0-9A-Za-z_]*(?:\{(?:[^}\"]|\"[^\"]*\")*\})?:)+ )"
            r"(?P<component>[A-Za-z_][0-9A-Za-z_]*(?:::[0-9A-Za-z_]+)*): "
        ),
        ("2024-03-01T10:00:00.123456Z ERROR request{id=1 method=GET}: shop::cart: cannot add the item",),
        ("iso",),
    ),
    LogFormat(
        "rust-tracing",
        r"\[?{stamp} +{level} +(?P<component>[A-Za-z_][0-9A-Za-z_]*(?:::[0-9A-Za-z_]+)+)(?:\]|:| -) ?",
        (
            "2024-03-01T10:00:00.123456Z ERROR shop::cart: cannot add the item",
            "2024-03-01T10:00:00.123456+01:00 ERROR shop::cart - cannot add the item",
        ),
        ANY_STAMP,
    ),
    LogFormat(
        "go-log",
        r"{stamp} (?P<component>[0-9A-Za-z_./\-]+\.go):[0-9]+: ",
        ("2024/03/01 10:00:00.123456 cart/main.go:12: cannot add the item",),
        ("slash-ymd",),
        levels="none",
        kind="bare",
    ),
)
