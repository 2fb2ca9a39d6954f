"""glog, klog (Kubernetes components) and absl: a letter, the date and the source line."""

from __future__ import annotations

from signal_pipeline.parsing.logs.formats.log_format import LogFormat
from signal_pipeline.parsing.logs.formats.stamps import Stamp

STAMPS: tuple[Stamp, ...] = (
    Stamp(
        "glog",
        r"(?P<time>[0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{1,6})",
        ("%m%d %H:%M:%S%.f",),
        "0517 15:04:22.619632",
    ),
    Stamp(
        "glog-year",
        r"(?P<time>[0-9]{8} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{1,6})",
        ("%Y%m%d %H:%M:%S%.f",),
        "20200308 23:47:32.089828",
    ),
    Stamp(
        "glog-short-year",
        r"(?P<time>[0-9]{6} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{1,6})",
        ("%y%m%d %H:%M:%S%.f",),
        "200308 23:47:32.089828",
    ),
)

FORMATS: tuple[LogFormat, ...] = (
    LogFormat(
        "glog",
        r"(?P<level>[IWEFD]){stamp} +(?P<thread>[0-9]+) (?P<component>[^ :\]]+):[0-9]+\] ",
        ("E0517 15:04:22.619632 1952452992 logging_unittest.cc:253] Log every 3, iteration 19",),
        ("glog", "glog-year"),
        levels="letters",
    ),
    LogFormat(
        # Forks of Go's glog that write neither a thread nor the bracket; the file's ending tells it from prose.
        "glog-short",
        r"(?P<level>[IWEF]){stamp} +(?:(?P<thread>[0-9]+) )?(?P<component>[^ :\]]+\.[a-z]{1,4}):[0-9]+ (?:⋮ )?",
        (
            "E0517 15:04:22.619632 filer_grpc_server.go:43 request timed out after 30s",
            "E240301 10:00:00.619632 12 server/node.go:43 ⋮ [n1] request timed out after 30s",
        ),
        ("glog", "glog-year", "glog-short-year"),
        levels="letters",
    ),
)
