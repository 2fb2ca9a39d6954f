"""Error logs of web servers and PHP: Apache, nginx, PHP error_log, Monolog/Laravel. Not here: access logs."""

from __future__ import annotations

from signal_pipeline.parsing.logs.formats.log_format import LogFormat

FORMATS: tuple[LogFormat, ...] = (
    LogFormat(
        "apache-error",
        (
            r"\[{stamp}\] \[(?P<component>[0-9a-z_\-]*):(?P<level>[a-z0-9]+)\] (?:\[pid "
            r"(?P<thread>[0-9]+)(?::tid [0-9]+)?\] )?(?:\[(?:client|remote) [^\]]*\] )?"
        ),
        (
            (
                "[Fri Sep 09 10:42:29.902022 2011] [core:error] [pid 35708:tid 4328636416] [client "
                "72.15.99.187] File does not exist: /a"
            ),
        ),
        ("ctime",),
    ),
    LogFormat(
        "apache-error",
        (
            r"\[{stamp}\] \[(?P<level>[a-z]+)\] (?:\[pid (?P<thread>[0-9]+)(?::tid [0-9]+)?\] "
            r")?(?:\[(?:client|remote) [^\]]*\] )?"
        ),
        ("[Sun Dec 04 04:47:44 2005] [notice] workerEnv.init() ok /etc/httpd/conf/workers2.properties",),
        ("ctime",),
    ),
    LogFormat(
        "nginx-error",
        r"{stamp} \[{level}\] (?:{pid}#[0-9]+: )?(?:\*[0-9]+ )?",
        (
            (
                "2023/09/23 09:58:51 [error] 298#298: *1093 connect() failed (111: Connection refused) "
                "while connecting to upstream"
            ),
        ),
        ("slash-ymd",),
    ),
    LogFormat(
        "monolog",
        r"\[{stamp}\] (?P<component>[0-9A-Za-z_.\-]+)\.{level}: ",
        ("[2023-05-15 18:19:32] local.ERROR: Target class [Shop] does not exist.",),
        ("iso",),
    ),
    LogFormat(
        "php-fpm",
        r"\[{stamp}\] {level}: (?:\[pool (?P<component>[^\]]+)\] )?",
        ("[22-Jul-2024 06:48:30] WARNING: [pool www] child 12 exited on signal 11",),
        ("dash-month", "iso"),
    ),
    LogFormat(
        "php-error-log",
        (
            r"\[{stamp}\] (?:PHP (?P<level>Fatal error|Parse error|Warning|Notice|Deprecated|Recoverable "
            r"fatal error|Catchable fatal error):  ?)?"
        ),
        ("[22-Jul-2024 06:48:30 UTC] PHP Fatal error:  Uncaught Exception: a in /srv/a.php:12",),
        ("dash-month-zone", "dash-month"),
        levels="php",
    ),
    LogFormat(
        "php-error-log",
        (
            r"PHP (?P<level>Fatal error|Parse error|Warning|Notice|Deprecated|Recoverable fatal error"
            r"|Catchable fatal error):  ?"
        ),
        ("PHP Fatal error:  Uncaught Exception: a in /srv/a.php:12",),
        levels="php",
    ),
    LogFormat(
        "php-error-log",
        r"(?P<level>Fatal error|Parse error|Recoverable fatal error|Catchable fatal error): +",
        ("Fatal error: Uncaught Exception: a in /srv/a.php:12",),
        levels="php",
    ),
    LogFormat(
        "cups",
        r"(?P<level>[A-Za-z]) \[{stamp}\] ",
        ("E [08/Jun/2013:11:28:58 -0700] Unknown directive BrowseOrder on line 22",),
        ("apache",),
        levels="letters",
    ),
)
