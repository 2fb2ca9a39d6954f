"""Syslog: RFC 3164, RFC 5424, ISO-dated lines of rsyslog and systemd, the kernel's ring buffer."""

from __future__ import annotations

from signal_pipeline.parsing.logs.formats.log_format import LogFormat
from signal_pipeline.parsing.logs.formats.stamps import Stamp

STAMPS: tuple[Stamp, ...] = (
    # Between date and clock a "T": with a blank there, "2024-03-01 10:00:00 TLS Error: x" would have a host.
    Stamp(
        "iso-t",
        (
            r"(?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?)"
            r"(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?"
        ),
        ("%Y-%m-%d %H:%M:%S%.f",),
        "2024-03-01T10:00:00.123456+01:00",
    ),
    Stamp(
        "iso-hour-offset",
        r"(?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2})(?P<zone>[+-][0-9]{2})",
        ("%Y-%m-%d %H:%M:%S",),
        "2024-03-01 10:00:00+01",
    ),
)

_TAG = r"(?P<component>[^ :\[\]]+(?: [A-Z][^ :\[\]]*)?)(?:\[(?P<thread>[^\]]*)\])?(?: \([^)]*\))?: ?"
_HOST = r"[^ ]+ (?:<?[a-z0-9]+\.[a-z]+>? )?"

FORMATS: tuple[LogFormat, ...] = (
    LogFormat(
        "syslog-rfc5424",
        (
            r"<(?P<level>[0-9]{1,3})>[1-9][0-9]? (?:-|{stamp}) [^ ]+ (?P<component>[^ ]+) "
            r"(?:-|(?P<thread>[^ ]+)) [^ ]+ (?:-|(?:\[(?:[^\]\\]|\\.)*\])+) ?(?:\x{feff})?"
        ),
        ('<165>1 2003-10-11T22:14:15.003Z host.example shop 4711 ID47 [a@1 b="c"] cannot add the item',),
        ("iso",),
        levels="priority",
    ),
    LogFormat(
        "syslog-rfc3164",
        r"<(?P<level>[0-9]{1,3})>{stamp} [^ ]+ (?P<component>[^ :\[\]]+)(?:\[(?P<thread>[^\]]*)\])?: ?",
        ("<34>Oct 11 22:14:15 host su[12]: 'su root' failed",),
        ("syslog", "iso"),
        levels="priority",
    ),
    LogFormat(
        "syslog-rfc3164",
        r"<(?P<level>[0-9]{1,3})>{stamp} ",
        ("<13>Oct 11 22:14:15 su root failed",),
        ("syslog", "iso"),
        levels="priority",
    ),
    LogFormat(
        "kernel",
        r"(?:<(?P<level>[0-7])>)?\[ *[0-9]{1,8}\.[0-9]{6}\] (?:\[ *T[0-9]+\] )?",
        ("[869507.505196] su[1433535]: segfault at 7f1f9b891000 ip 00007f1f9b870d7d",),
        levels="priority",
        kind="bare",
    ),
    LogFormat(
        "kernel",
        r"[a-z0-9]+ *:(?P<level>emerg|alert|crit|err|warn|notice|info|debug) *: \[ *[0-9]+\.[0-9]{6}\] ",
        ("kern  :err   : [   12.345678] ata1: SError: { PHYRdyChg }",),
    ),
    LogFormat("syslog-rfc3164", r"<(?P<level>[0-9]{1,3})>", ("<13>su root failed",), levels="priority"),
    LogFormat(
        "apple-device",
        (
            r"{stamp} [^ ]+ (?P<component>[^ \[(<]+)(?:\([^)]*\))?\[(?P<thread>[0-9]+)\] "
            r"<(?P<level>Emergency|Alert|Critical|Error|Warning|Notice|Info|Debug)>: "
        ),
        ("Mar  1 10:00:00 iPhone Shop(UIKitCore)[4711] <Error>: cannot add the item",),
        ("syslog",),
    ),
    LogFormat(
        "dovecot",
        (
            r"{stamp} (?P<component>[a-z][a-z\-]*(?:\([^)]*\))?(?:<[^>]*>)*): "
            r"(?P<level>Debug|Info|Warning|Error|Fatal|Panic): "
        ),
        ("Mar 01 10:00:00 imap-login: Info: Aborted login (auth failed, 1 attempts in 2 secs)",),
        ("syslog", "syslog-year"),
    ),
    LogFormat(
        "syslog-rfc3164",
        r"{stamp} [^ :]+ (?P<component>kernel): \[ *[0-9]+\.[0-9]+\] ",
        ("Mar  1 10:00:00 web kernel: [  123.456789] eth0: link up",),
        ("syslog", "syslog-year"),
    ),
    LogFormat(
        "syslog-rfc3164",
        r"{stamp} [^ :]+ (?P<component>[^ :\[\]]+)(?:\[(?P<thread>[^\]]*)\])?: ?",
        ("Jun 14 15:16:01 combo sshd(pam_unix)[19939]: authentication failure; logname= uid=0",),
        ("syslog", "syslog-year"),
    ),
    LogFormat(
        "syslog-rfc3164",
        rf"{{stamp}} {_HOST}{_TAG}",
        (
            "Jan  4 10:23:26 book Setup Assistant[1173]: Creating connection",
            "Aug  1 00:00:03 book com.apple.xpc.launchd[1] (com.apple.mdworker[50989]): Service exited due to SIGKILL",
        ),
        ("syslog", "syslog-year"),
    ),
    LogFormat(
        "syslog-rfc3164",
        r"{stamp} (?P<component>[^ \[:]+)(?:\[(?P<thread>[^\]]*)\])?: ?",
        ("Feb 11 15:23:17 dropbear[1252]: login attempt for nonexistent user",),
        ("syslog", "syslog-year"),
    ),
    LogFormat(
        "syslog-rfc3164",
        r"{stamp} [^ ]+ ",
        ("Nov  3 09:23:38 veridian lookup for opt failed",),
        ("syslog", "syslog-year"),
        kind="bare",
    ),
)

ISO_DATED: tuple[LogFormat, ...] = (
    LogFormat(
        "syslog-iso",
        r"{stamp} [0-9A-Za-z_.:\-]+ +(?P<message>\{.*\})\s*$",
        ('2021-11-12T16:59:46.613304+00:00 192.0.2.1  {"level":"error","msg":"cannot add"}',),
        ("iso-t",),
    ),
    LogFormat(
        "syslog-iso",
        r"{stamp} [0-9A-Za-z_.\-]+ (?P<component>kernel): \[ *[0-9]+\.[0-9]+\] ",
        ("2024-03-01T10:00:00.123456+01:00 web kernel: [  123.456789] eth0: link up",),
        ("iso-t",),
    ),
    LogFormat(
        "syslog-iso",
        r"{stamp} [0-9A-Za-z_.\-]+ (?P<component>[^ :\[\]]+)(?:\[(?P<thread>[^\]]*)\])?: ?",
        ("2023-10-05T11:47:20.799042+02:00 leto su[1433535]: 'su root' failed",),
        ("iso-t",),
    ),
    LogFormat(
        "syslog-iso",
        r"{stamp} +[0-9A-Za-z_.\-]+ (?P<component>[^ :\[\]]+)\[(?P<thread>[0-9]+)\]: ?",
        ("2024-03-01 10:00:00.123456+0100  localhost kernel[0]: (AppleMobileFile) cannot open",),
        ("iso",),
    ),
    LogFormat(
        "syslog-iso",
        r"{stamp} [0-9A-Za-z_.\-]+ (?P<component>[^\[\]]+)\[(?P<thread>[0-9]+)\]: ?",
        ("2024-03-01 10:00:00+01 book Installer Progress[4711]: Progress UI App Starting",),
        ("iso-hour-offset",),
    ),
    LogFormat(
        "heroku",
        (
            r"{stamp} (?P<component>heroku)\[(?P<thread>router)\]: "
            r"(?P<message>at=(?P<level>[a-z]+) .*?(?: status=(?P<status>[0-9]{3}))?"
            r"(?: bytes=[0-9]*)?(?: protocol=.*)?)$"
        ),
        (
            (
                "2024-03-01T10:00:00.123456+00:00 heroku[router]: at=error code=H12 "
                'desc="Request timeout" method=GET path="/a" status=503 bytes=0 protocol=https'
            ),
        ),
        ("iso-t",),
    ),
    LogFormat(
        "heroku",
        r"{stamp} (?P<component>[a-z]+)\[(?P<thread>[0-9a-z_.\-]+)\]: ",
        ("2024-03-01T10:00:00.123456+00:00 app[web.1]: cannot add the item",),
        ("iso-t",),
    ),
)
