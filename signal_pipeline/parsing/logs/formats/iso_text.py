"""Text lines of application loggers that begin with a time: Python, Go, Rust, Node and any other. Not here:
the JVM's.
"""

from __future__ import annotations

from signal_pipeline.parsing.logs.formats.log_format import ANY_STAMP, LogFormat

FORMATS: tuple[LogFormat, ...] = (
    LogFormat(
        "python-dashes",
        r"\[?{stamp}\]?(?: -|:) {component} (?:-|:) (?:(?P<thread>[0-9]+) (?:-|:) )?{level} (?:-|:) ",
        ("2024-03-01 10:00:00,123 - shop.cart - ERROR - cannot add the item",),
        ANY_STAMP,
    ),
    LogFormat(
        "python-level-dashes",
        r"\[?{stamp}\]? - {level} - (?:\[?(?P<component>[A-Za-z_][0-9A-Za-z_.]*(?::[0-9A-Za-z_<>.]+)*)\]? - )?",
        ("2024-03-01 10:00:00,123 - ERROR - cannot add the item",),
        ANY_STAMP,
    ),
    LogFormat(
        "loguru",
        r"{stamp} \| +{level} +\| +(?:(?P<thread>[0-9]+|[a-z0-9\-]+) +\| +)?(?P<component>[^ |]+) +[|-] +",
        ("2024-03-01 10:00:00.123 | ERROR    | shop.cart:add:12 - cannot add the item",),
        ANY_STAMP,
    ),
    LogFormat(
        "pipes",
        r"\[?{stamp}\]? ?\| ?{any-level} *\| ?(?:(?P<component>[0-9A-Za-z_.\-]+) *\| ?)?",
        ("2024-03-01 10:00:00.1234|ERROR|Shop.Cart|cannot add the item",),
        ANY_STAMP,
    ),
    LogFormat(
        "openstack",
        (
            r"(?:[a-z][0-9a-z_\-]*\.log[^ ]* )?{stamp} {pid} {level} (?P<component>[0-9A-Za-z_.]+) "
            r"(?:\[(?P<trace_id>[^ :\]]*)(?: [^\]]*)?\] |\[instance: [^\]]*\] ?)?"
        ),
        (
            (
                "2017-05-16 00:00:00.008 25746 INFO nova.osapi_compute.wsgi.server [req-3810 113d 54fa - - "
                "-] GET /v2 status: 200"
            ),
        ),
        ("iso",),
    ),
    LogFormat(
        "zap-console",
        r"{stamp}\t{level}\t(?:(?P<component>[0-9A-Za-z_.\-]+)\t)?(?:[^\t ]+\.go:[0-9]+\t)?",
        ("2024-03-01T10:00:00.123Z\tERROR\tshop\tcart/add.go:12\tcannot add the item",),
        ANY_STAMP,
    ),
    LogFormat(
        "env-logger",
        r"\[{stamp} {level} +(?P<component>[^\] ]+)\] ",
        ("[2017-11-09T02:12:24Z ERROR main] this is printed by default",),
        ("iso",),
    ),
    LogFormat(
        "spdlog",
        r"\[{stamp}\] ?\[(?P<thread>[^\]]+)\] ?\[{level}\](?: ?\[(?P<component>[^\]]+)\])? ?",
        ("[2014-10-31 23:46:59.678] [shop] [error] cannot add the item",),
        ANY_STAMP,
    ),
    LogFormat(
        "python-basic",
        r"{level}:(?P<component>[A-Za-z_][0-9A-Za-z_.\-]*):",
        ("ERROR:shop.cart:cannot add the item",),
    ),
    LogFormat(
        "python-colons",
        r"\[?{stamp}\]?(?: *\[?[0-9]+\]|:){level}:(?:(?P<component>[0-9A-Za-z_.\-]+):)?(?: |\b)",
        ("2012-07-02 10:22:40,672:DEBUG:foo bar baz", "2022-06-01T13:23:25.515 [2376]DEBUG:com.acme.net:method = list"),
        ANY_STAMP,
    ),
    LogFormat(
        "component-colon-level",
        r"{stamp} (?P<component>[A-Za-z_][0-9A-Za-z_.\-]*)(?:\[(?P<thread>[0-9]+)\])?: {level} ",
        ("2006-02-13 15:52:30,388 shop.actions[123]: NOTICE [sendmail] Ban 192.0.2.1",),
        ("iso",),
    ),
    LogFormat(
        "component-colon-level",
        r"{stamp} (?P<component>[A-Za-z_][0-9A-Za-z_.\-]*)\([0-9]+\): {upper-level}: ",
        ("2024/03/01 10:00:00 ossec-logcollector(1950): ERROR: cannot open the file",),
        ("slash-ymd", "iso"),
    ),
    LogFormat(
        "level-component-colon",
        r"\[?{stamp}\]? +\[?{level}\]? +(?P<component>[A-Z][a-z0-9]+[A-Z][0-9A-Za-z]*): ",
        ("2024-03-01 10:00:00 ERROR CheckpointService: cannot add the item",),
        ANY_STAMP,
    ),
    LogFormat(
        "level-pid-bracket",
        r"\[?{stamp}\]? +{level} *\[(?P<thread>[0-9]+)\]:? ",
        ("2012-02-13 17:21:54 NOTICE[1638] Registration failed",),
        ANY_STAMP,
    ),
    LogFormat(
        "level-parenthesis",
        r"\[?{stamp}\]? +{level} +\((?P<component>[^)]*)\):? +",
        ("2017-03-06 14:49:05,167 INFO (vm/9e5dd42e) started",),
        ANY_STAMP,
    ),
    LogFormat(
        "erlang",
        r"{stamp} \[{level}\] (?:[A-Z][a-z]+ )?<(?P<thread>[0-9]+\.[0-9]+\.[0-9]+)>(?:@[^ ]+)? *",
        ("2024-03-01 10:00:00.123456+00:00 [error] <0.229.0> cannot add the item",),
        ("iso",),
    ),
    LogFormat(
        "time-level",
        r"[\[(<]?{stamp}[\])>]?[,;:]?(?: -| \||\t)? *[\[(<|] *{any-level} *[\])>|](?::| -| \||\t)? *(?:- )?",
        ("2024-03-01 10:00:00 [Error] cannot add the item",),
        ANY_STAMP,
    ),
    LogFormat(
        "time-level",
        r"[\[(<]?{stamp}[\])>]?[,;:]?(?: -| \||\t)? *[\[(<|]?{level} *[\])>|]?(?::| -| \||\t)?(?: |\t|$) *(?:- )?",
        ("2024-03-01 10:00:00 ERROR cannot add the item", "12:00:01 warn: low"),
        ANY_STAMP,
    ),
    LogFormat(
        "glusterfs",
        (
            r"\[{stamp}\] (?P<level>[TDIWECAN]) (?:\[MSGID: [0-9]+\] )?\[[^\]:]+:[0-9]+:[^\]]*\] "
            r"(?:(?P<component>[^ :]+): )?"
        ),
        ("[2024-03-01 10:00:00.123456] E [MSGID: 106118] [sync.c:12:begin] 0-management: cannot lock",),
        ("iso",),
        levels="letters",
    ),
    LogFormat(
        "time-letter",
        r"[\[(]?{stamp}[\])]?:? (?P<level>[TDIWEF])! ?(?:\[(?P<component>[^\]]+)\]:? ?)?",
        ("2024-03-01T10:00:00Z E! [outputs.influxdb] cannot add the item",),
        ANY_STAMP,
        levels="letters",
    ),
    LogFormat(
        "time-letter",
        r"[\[(]?{stamp}[\])]?:? (?P<level>[TDIWEF]) (?P<component>[A-Za-z_][0-9A-Za-z_.\-]*): ",
        ("[2024-03-01T10:00:00.123Z] E shopd: cannot add the item",),
        ANY_STAMP,
        levels="letters",
    ),
    LogFormat(
        "time-level-slash",
        (
            r"[\[(]?{stamp}[\])]? (?P<level>debug|information|info|notice|warning|error|critical)"
            r"/(?P<component>[A-Za-z]+): "
        ),
        ("[2024-03-01 10:00:00 +0100] critical/ApiListener: cannot add the item",),
        ANY_STAMP,
    ),
    LogFormat(
        "time-uptime-level",
        r"{stamp} +[0-9.]+m?s +{level}: ",
        ("2024-03-01T10:00:00.123456789 80.346005s error: cannot add the item",),
        ANY_STAMP,
    ),
    LogFormat(
        "pid-time-level",
        r"(?:\[(?P<thread>[0-9]{1,8})\]|(?P<thread2>[0-9]{1,8})) {stamp} +\[? *{any-level} *(?:\]|:) ",
        ("[1] 2024/03/01 10:00:00.123456 [ERR] cannot add the item", "12 2024-03-01 10:00:00.123  ERROR: cannot add"),
        ("slash-ymd", "iso"),
    ),
    LogFormat(
        "level-time-thread",
        r"{upper-level} +{stamp} \[(?P<thread>[^\]]+)\] (?P<component>[A-Za-z_][0-9A-Za-z_.\-]*) - ",
        ("ERROR 2024-03-01 10:00:00,123 [shard 0] storage_service - cannot add the item",),
        ("iso",),
    ),
    LogFormat(
        "bracketed-time-level",
        r"\[ *{level} +{stamp} (?P<component>[^\]]+)\] +",
        ("[ERROR 2015-05-20 12:22:19 main]  qpid-config returned 1",),
        ("iso",),
    ),
    LogFormat(
        "vdsm",
        r"(?P<thread>[^:\s]+)::{level}::{stamp}::[^:]*::[0-9]+::(?P<component>[^:]+)::(?:\([^)]*\) )?",
        ("MainThread::ERROR::2011-12-05 07:04:56,300::vdsm::74::vds::(run) cannot start",),
        ("iso",),
    ),
    LogFormat(
        "name-time-level",
        (
            r"\(?(?P<component>[0-9A-Za-z_.\-]+)\)?: ?(?:(?P<thread>[0-9]+): )?{stamp} "
            r"?(?:\[[^\]]*\])?(?:[0-9A-Za-z_]+:[0-9]+ )?\[?{upper-level}\]? "
        ),
        ("(sqlalchemy.pool.QueuePool): 2021-04-28 16:37:00,355 DEBUG Connection returned to pool",),
        ("iso",),
    ),
    LogFormat(
        "strace",
        r"{pid} +{stamp} ",
        ("10000 1697048351.000561 arch_prctl(ARCH_SET_FS, 0x7fb7a64c5740) = 0 <0.000003>",),
        ("epoch-s", "clock"),
        levels="none",
    ),
    LogFormat(
        "level-then-time",
        r"\[?{level}\]? *[:\-]? *\[?{stamp}\]?(?: -|:)? +",
        ("ERROR 2024-03-01 10:00:00,123 cannot add the item",),
        ("iso", "slash-ymd", "slash-short", "apache", "clock"),
    ),
)

TIME_FIRST: tuple[LogFormat, ...] = (
    LogFormat(
        "time-pid-level",
        r"[\[(]?{stamp}[\])]?[,;:]? +\[?(?P<thread>[0-9]{1,8})\]?:? +[\[(]?{upper-level}[\])]?(?::| -| ) *",
        ("2024-03-01 10:00:00.123 UTC [47] ERROR cannot add the item", "2024-03-01T10:00:00Z [1] INFO started"),
        ANY_STAMP,
    ),
    LogFormat(
        "time-bracket-level",
        r"[\[(]?{stamp}[\])]?[,;:]? +\[(?P<component>[^\]]*)\] +[\[(]?{upper-level}[\])]?:?(?: -)? ",
        ("2024-03-01 10:00:00 [shop] ERROR: cannot add the item",),
        ANY_STAMP,
    ),
    LogFormat(
        "time-word-level",
        (
            r"[\[(]?{stamp}[\])]?[,;:]?(?: -)? +(?P<component>[0-9A-Za-z_.\-/]+)(?:\[(?P<thread>[0-9]+)\])?"
            r":? +[\[(]?{upper-level}[\])]?(?::| -| ) *"
        ),
        ("2024-03-01 10:00:00 shop ERROR cannot add the item",),
        ANY_STAMP,
    ),
    # Whatever the head holds before and after the level: names, threads, places in the source.
    LogFormat(
        "time-fields-level",
        (
            r"[\[(<]?{stamp}[\])>]?[,;:]?(?: ?\[(?:(?P<thread>[0-9]+)|(?P<component>[^\]\[\s]+)[^\]\[]*)\]"
            r"| *[^\s\[\]<>|]+){1,6}? *[\[<|] *{any-level} *[\]>|](?:\[(?:(?P<thread2>[0-9]+)"
            r"|(?P<component2>[A-Za-z_][^\]\[\s]*))[^\]\[]*\])?:?(?: ?-)? *"
        ),
        (
            "2024-03-01 10:00:00,123 [salt.pillar      ][ERROR   ][11797] cannot add the item",
            "2024-03-01 10:00:00 Monitor.cpp:960:read_thread(): [ERROR] cannot add the item",
            "[2024-03-01T10:00:00.123+0000][208][info ][safepoint   ] cleaned up",
        ),
        ANY_STAMP,
    ),
    LogFormat(
        "time-only",
        r"[\[(<]?{stamp}[\])>]?(?:(?:[,;:]| [-|])?(?: +|\t+)|[,;:]|$)",
        ("2024-03-01 10:00:00 cannot add the item",),
        ANY_STAMP,
        levels="none",
        kind="bare",
    ),
    LogFormat(
        "time-only",
        r"\[?{stamp}\]?(?P<message>\[.*)$",
        ("[2024-03-01 10:00:00][shop] cannot add the item", "10:00:00[shop]-cannot add the item"),
        ANY_STAMP,
        levels="none",
        kind="bare",
    ),
)

LEVEL_FIRST: tuple[LogFormat, ...] = (
    LogFormat(
        "level-bracket-source",
        r"\[(?P<level>Fatal|Error|Warning|Message|Info|Debug) *: *(?P<component>[A-Za-z][^\]:]*)\] *",
        ("[Error  : Unity Log] cannot add the item", "[Info   :   BepInEx] loading the item"),
        kind="bare",
    ),
    LogFormat(
        "level-bracket-source",
        (
            r"\[(?P<level>DEBUG|INFO|WARNING|ERROR|CRITICAL) *\]"
            r"\[(?:(?P<thread>[0-9]+)|(?P<component>[A-Za-z_][^\]\s]*))\] *"
        ),
        ("[ERROR   ][shop.auth] cannot add the item",),
        kind="bare",
    ),
    LogFormat(
        "level-bracket",
        (
            r"\[ ?(?P<level>TRACE|DEBUG|INFO|NOTICE|WARNING|WARN|ERROR|FATAL|CRITICAL|SEVERE|info|warn|warn"
            r"ing|error|debug|trace|fatal|critical|Error|Warning|Warn|Info|Debug) *\](?: -|:)? *"
        ),
        ("[ERROR] Failed to execute goal", "[warn] low", "[Error] TypeError: a.b is undefined"),
        kind="bare",
    ),
    LogFormat(
        "level-colon",
        (
            r"(?P<level>TRACE|DEBUG|INFO|NOTICE|WARNING|WARN|ERROR|FATAL|CRITICAL|SEVERE|Warning|error|warn"
            r"ing|fatal|info|debug|SCHWERWIEGEND|WARNUNG|GRAVE|AVERTISSEMENT|ADVERTENCIA|INFOS): +"
        ),
        ("ERROR: cannot add the item", "fatal: not a git repository"),
        kind="bare",
    ),
    LogFormat(
        "npm-debug",
        r"[0-9]+ (?P<level>silly|verbose|info|http|timing|notice|warn|error) ",
        ("45 error code ERESOLVE", "13 silly fetch manifest a@1"),
        levels="npm",
    ),
    LogFormat(
        "npm",
        r"npm (?P<level>ERR!|error|WARN|warn|notice|info|verb|http) ",
        ("npm ERR! code ELIFECYCLE",),
        levels="npm",
    ),
    LogFormat(
        "level-word",
        r"(?P<level>TRACE|DEBUG|INFO|NOTICE|WARNING|WARN|ERROR|FATAL|CRITICAL|SEVERE) +(?:[-|] +)?",
        ("ERROR cannot add the item",),
        kind="bare",
    ),
)
