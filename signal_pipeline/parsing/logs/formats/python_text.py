"""Text lines of Python's frameworks that are not laid out like the rest: Flask, Airflow, Twisted, TensorFlow."""

from __future__ import annotations

from signal_pipeline.parsing.logs.formats.log_format import ANY_STAMP, LogFormat

FORMATS: tuple[LogFormat, ...] = (
    LogFormat(
        "ray",
        r"\[{stamp} (?P<level>[DIWEFC]) (?P<thread>[0-9]+) [0-9]+\] (?:\((?P<component>[^)]*)\) )?",
        ("[2024-03-01 10:00:00,123 E 91 91] (raylet) worker_pool.cc:544: cannot add the item",),
        ("iso",),
        levels="letters",
    ),
    LogFormat(
        "flask",
        r"\[{stamp}\] {level} in (?P<component>[A-Za-z_][0-9A-Za-z_.]*): ",
        ("[2024-03-01 10:00:00,123] ERROR in app: Exception on /cart [GET]",),
        ("iso",),
    ),
    LogFormat(
        "airflow",
        r"\[{stamp}\] \{(?P<component>[^}:]+)(?::[0-9]+)?\} {level} - ",
        (
            "[2024-03-01T10:00:00.123+0000] {taskinstance.py:1824} ERROR - Task failed with exception",
            "[2024-03-01, 10:00:00 UTC] {taskinstance.py:1824} ERROR - Task failed with exception",
        ),
        ("iso-spaced-zone", "iso"),
    ),
    LogFormat(
        "tensorflow",
        r"{stamp}: (?P<level>[IWEF]) +(?P<component>[^ \]]+):[0-9]+\] ",
        ("2024-03-01 10:00:00.123456: E tensorflow/stream_executor/cuda/cuda_driver.cc:328] failed call to cuInit",),
        ("iso",),
        levels="letters",
    ),
    LogFormat(
        "twisted",
        r"{stamp} \[(?P<component>[^\]# ]+)#(?P<level>[a-z]+)\] ",
        ("2024-03-01T10:00:00+0000 [twisted.web#critical] Unhandled",),
        ("iso",),
    ),
    LogFormat(
        "home-assistant",
        r"Logger: (?P<component>[a-z_][0-9a-z_.]*)\s*$",
        ("Logger: homeassistant.components.shop",),
        levels="none",
    ),
    LogFormat(
        "home-assistant",
        r"{stamp} {level} +\((?P<thread>[^)]*)\) \[(?P<component>[^\] ]+)\] ",
        ("2024-03-01 10:00:00.123 ERROR (MainThread) [homeassistant.components.shop] cannot add the item",),
        ANY_STAMP,
    ),
    LogFormat(
        "fail2ban",
        r"{stamp} (?P<component>fail2ban[a-z0-9_.]*) *(?:\[(?P<thread>[0-9]+)\])?: {level} +",
        ("2024-03-01 10:00:00,123 fail2ban.actions        [123]: NOTICE  [sshd] Ban 192.0.2.1",),
        ("iso",),
    ),
)
