"""What cloud platforms and process managers print around an application: Lambda and the like."""

from __future__ import annotations

from signal_pipeline.parsing.logs.formats.log_format import LogFormat

_REQUEST = r"(?P<trace_id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"

FORMATS: tuple[LogFormat, ...] = (
    LogFormat(
        "lambda",
        rf"{{stamp}}\t(?:{_REQUEST}|undefined)\t{{upper-level}}\t",
        ("2024-03-01T10:00:00.123Z\t79b4f56e-95b1-4643-9700-2807f4e68189\tERROR\tInvoke Error",),
        ("iso",),
    ),
    LogFormat(
        "lambda",
        rf"\[{{upper-level}}\]\t{{stamp}}\t{_REQUEST}\t",
        ("[ERROR]\t2024-03-01T10:00:00.123Z\t79b4f56e-95b1-4643-9700-2807f4e68189\tcannot add the item",),
        ("iso",),
    ),
    LogFormat(
        "lambda",
        rf"{{stamp}} {_REQUEST} (?P<message>Task timed out after .*)$",
        ("2024-03-01T10:00:00.123Z 79b4f56e-95b1-4643-9700-2807f4e68189 Task timed out after 3.00 seconds",),
        ("iso",),
        levels="none",
    ),
    LogFormat(
        "lambda",
        rf"(?P<message>(?:START|END|REPORT) RequestId: {_REQUEST}.*)$",
        ("START RequestId: 79b4f56e-95b1-4643-9700-2807f4e68189 Version: $LATEST",),
        levels="none",
    ),
    LogFormat(
        "sidekiq",
        (
            r"{stamp} pid=(?P<thread>[0-9]+) tid=[^ ]+ (?:class=(?P<component>[^ ]+) )?(?:jid=(?P<trace_id>[^ ]+) )?"
            r"(?:[a-z_]+=[^ ]+ )*{level}: "
        ),
        ("2024-03-01T10:00:00.123Z pid=12 tid=abc class=HardWorker jid=1f2e ERROR: fail",),
        ("iso",),
    ),
    LogFormat(
        "elixir-logger",
        r"{stamp} (?:[a-z_]+=[^ ]+ )+\[{any-level}\] ",
        ("10:00:00.123 request_id=F1abc [error] cannot add the item",),
        ("clock", "iso"),
    ),
)
