"""Logs of databases and caches: Postgres, MySQL, MariaDB, Redis, MongoDB, Couchbase, Oracle."""

from __future__ import annotations

from signal_pipeline.parsing.logs.formats.log_format import LogFormat
from signal_pipeline.parsing.logs.formats.stamps import Stamp

STAMPS: tuple[Stamp, ...] = (
    Stamp(
        "erlang",
        r"(?P<time>[0-9]{1,2}-[A-Z][a-z]{2}-[0-9]{4}::[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?)",
        ("%d-%b-%Y::%H:%M:%S%.f",),
        "1-Mar-2024::10:00:00",
    ),
    Stamp(
        "iso-millis-offset",
        r"(?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3})(?P<zone>[+-][0-9]{4})",
        ("%Y-%m-%d %H:%M:%S%.f",),
        "2014-03-01T10:00:00.123+0100",
    ),
    Stamp(
        "mysql-padded",
        r"(?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2}  [0-9]:[0-9]{2}:[0-9]{2})",
        ("%Y-%m-%d %H:%M:%S",),
        "2021-11-09  5:13:11",
        repairs=(("  ", " 0"),),
    ),
)

_PG_LEVEL = (
    r"(?P<level>DEBUG[1-5]?|INFO|NOTICE|WARNING|ERROR|LOG|FATAL|PANIC|DETAIL|HINT|QUERY|CONTEXT|STATEMENT|LOCATION)"
)

_CSV = r'(?:"(?:[^"]|"")*"|[^,]*)'

FORMATS: tuple[LogFormat, ...] = (
    LogFormat(
        "oracle-xml",
        r"<msg time='{stamp}' ?",
        ("<msg time='2024-03-01T10:00:00.123+01:00' org_id='oracle' comp_id='rdbms'",),
        ("iso",),
        levels="none",
    ),
    LogFormat(
        "postgres-csv",
        (
            rf"{{stamp}},{_CSV},{_CSV},(?P<thread>[0-9]*),{_CSV},[^,]*,[0-9]+,{_CSV},[^,]*,[^,]*,[0-9]*,"
            rf"{_PG_LEVEL},(?P<exception_class>[0-9A-Z]{{5}}),\"(?P<message>(?:[^\"]|\"\")*)"
        ),
        (
            (
                '2024-03-01 10:00:00.123 UTC,"app","db",12,"10.0.0.1:1",65e1.c,1,"INSERT",2024-03-01 09:00:00 UTC,'
                '3/1,0,ERROR,23505,"duplicate key value violates unique constraint ""u""",,,,,,,,,"psql"'
            ),
        ),
        ("iso-spaced-zone", "iso"),
        levels="postgres",
        class_prefix="SQLSTATE ",
    ),
    LogFormat(
        "postgres",
        rf"{{stamp}} \[(?P<thread>[0-9]+)\] {_PG_LEVEL}:  (?:(?P<exception_class>[0-9A-Z]{{5}}): )?",
        ("2024-03-01 10:00:00.123 UTC [4711] LOG:  database system is ready to accept connections",),
        ("iso-spaced-zone", "iso"),
        levels="postgres",
        class_prefix="SQLSTATE ",
    ),
    LogFormat(
        "postgres",
        rf"{{stamp}} \[(?P<thread>[0-9]+)\] [^ @:]+@[^ :]+ {_PG_LEVEL}:  (?:(?P<exception_class>[0-9A-Z]{{5}}): )?",
        ('2024-03-01 10:00:00.123 UTC [4711] shop@orders ERROR:  relation "carts" does not exist at character 15',),
        ("iso-spaced-zone", "iso"),
        levels="postgres",
        class_prefix="SQLSTATE ",
    ),
    LogFormat(
        "postgres",
        (
            rf"{{stamp}}(?: +\[(?P<thread>[0-9]+)\]|:[^ ]*)?(?: +\[[0-9\-]+\])?:? *(?:[^ ]+ "
            rf")*?{_PG_LEVEL}:  (?:(?P<exception_class>[0-9A-Z]{{5}}): )?"
        ),
        ("2024-03-01 10:00:00 UTC [12]: [1-1] user=a,db=b LOG:  connection received",),
        ("iso-spaced-zone", "iso"),
        levels="postgres",
        class_prefix="SQLSTATE ",
    ),
    LogFormat(
        "mysql-error",
        (
            r"{stamp} +(?P<thread>[0-9]+) \[(?P<level>Note|Warning|ERROR|System)\](?: \[MY-[0-9]+\])?(?: "
            r"\[(?P<component>[^\]]+)\])? ?"
        ),
        ("2020-08-06T14:25:02.835618Z 0 [Warning] [MY-010068] [Server] CA certificate a.pem is self signed.",),
        ("iso", "iso-one-digit-hour", "mysql-short", "mysql-padded"),
    ),
    LogFormat(
        "mysql-error",
        r"{stamp} +\[(?P<level>Note|Warning|ERROR|System)\] ",
        ("130324  0:04:00 [Warning] Access denied for user 'root'@'192.0.2.1' (using password: NO)",),
        ("mysql-short", "mysql-padded"),
    ),
    LogFormat(
        "mysql-general",
        r"{stamp}\t *{pid} [A-Z][A-Za-z ]*\t",
        ("2025-07-22T16:00:01.123456Z\t14 Query\tSELECT * FROM users;",),
        ("iso",),
        levels="none",
    ),
    LogFormat(
        "mysql-slow",
        r"# Time: {stamp}",
        ("# Time: 2021-01-26T23:45:57.678222Z",),
        ("iso", "mysql-short"),
        levels="none",
    ),
    LogFormat(
        "redis",
        r"(?:\[?{pid}(?::[A-Z])?\]? )?{stamp} (?P<level>[.\-*#]) ",
        (
            "1:M 29 Aug 2023 13:47:38.984 * monotonic clock: POSIX clock_gettime",
            "[3574] 13 Apr 12:52:30.731 # Sentinel runid is 2e3b",
            "[1:C] 18 Jul 2025 19:08:05.257 * Starting Redis Server",
        ),
        ("day-month-year", "day-month"),
        levels="redis",
    ),
    LogFormat(
        "redis",
        r"{pid}:signal-handler \({stamp}\) ",
        ("1:signal-handler (1693279182) Received SIGTERM scheduling shutdown...",),
        ("epoch-s",),
        levels="none",
    ),
    LogFormat(
        "mongodb",
        r"{stamp} (?P<level>[FEWID][1-5]?) +(?P<component>[A-Z\-]+) +\[(?P<thread>[^\]]*)\] ",
        ("2014-11-03T18:28:32.450-0500 I NETWORK [initandlisten] waiting for connections on port 27017",),
        ("iso",),
        levels="letters",
    ),
    # Up to 2.6: the thread and nothing else, but for a word before what went wrong.
    LogFormat(
        "mongodb",
        r"{stamp} \[(?P<thread>[A-Za-z][0-9A-Za-z_\-]*)\] (?:(?P<level>warning|error|ERROR|Fatal): ?)?",
        ("Fri Mar  1 10:00:00.123 [conn12] warning: cannot add", "2014-03-01T10:00:00.123+0100 [conn12] cannot add"),
        ("ctime-yearless", "iso-millis-offset"),
    ),
    LogFormat(
        "mysql-error",
        r"{stamp} (?P<component>mysqld(?:_safe)?):? ",
        ("240301 10:00:00 mysqld_safe Starting mysqld daemon with databases from /var/lib/mysql",),
        ("mysql-short", "iso"),
        levels="none",
    ),
    LogFormat(
        "sqlserver",
        r"{stamp} (?P<component>spid[0-9]+s?|Logon|Server|Backup|Clustering)  +",
        ("2024-03-01 10:00:00.12 spid51      Error: 18456, Severity: 14, State: 38.",),
        ("iso",),
        levels="none",
    ),
    LogFormat(
        "couchbase",
        r"\[(?P<component>[0-9a-z_]+):{level},{stamp},(?P<thread>[^\]]*)\]",
        ("[ns_server:error,2025-08-18T09:16:33.764Z,ns_1@127.0.0.1:0000:bucket_engine]Failed to allocate memory",),
        ("iso",),
    ),
    LogFormat(
        "couchdb",
        r"\[{level}\] {stamp} (?P<component>[^ ]+@[^ ]+) <(?P<thread>[0-9.]+)> (?:[0-9a-f]{8,}|-{4,}) ",
        ("[error] 2024-03-01T10:00:00.123456Z shop@10.0.0.1 <0.8925.6176> -------- cannot add the item",),
        ("iso",),
    ),
    LogFormat(
        "erlang-report",
        r"=(?P<level>[A-Z]+) REPORT==== {stamp} ===\s*$",
        ("=ERROR REPORT==== 1-Mar-2024::10:00:00 ===",),
        ("erlang",),
        levels="erlang",
    ),
    LogFormat(
        "clickhouse",
        (
            r"{stamp} \[ *(?P<thread>[0-9]+) *\] \{(?P<trace_id>[^}]*)\} "
            r"<(?P<level>Fatal|Critical|Error|Warning|Notice|Information|Debug|Trace|Test)> "
            r"(?P<component>[^: ]+(?:::[^: ]+)*): "
        ),
        ("2024.03.01 10:00:00.123456 [ 12 ] {a1b2} <Error> TCPHandler: Code: 60. DB::Exception: no such table",),
        ("dot-ymd",),
    ),
    LogFormat(
        "aerospike",
        r"{stamp}: {upper-level} \((?P<component>[^)]+)\): ",
        ("Mar 01 2024 10:00:00 GMT: WARNING (drv_ssd): (drv_ssd.c:12) cannot add the item",),
        ("syslog-year-zone",),
    ),
    LogFormat(
        "greenplum",
        (
            rf"{{stamp}},{_CSV},{_CSV},p(?P<thread>[0-9]+),(?:{_CSV},)*?\"{_PG_LEVEL}\","
            r"\"(?P<exception_class>[0-9A-Z]{5})\",\"(?P<message>(?:[^\"]|\"\")*)"
        ),
        (
            (
                '2024-03-01 10:00:00.123456 UTC,"app","db",p12,th34,"10.0.0.1","1",2024-03-01 09:00:00 UTC,0,con1,'
                'cmd2,seg-1,,dx1,,sx1,"ERROR","42P01","relation ""a"" does not exist",,,,,,"select 1",0,,"a.c",12,'
            ),
        ),
        ("iso-spaced-zone",),
        levels="postgres",
        class_prefix="SQLSTATE ",
    ),
    LogFormat(
        "ceph",
        (
            r"{stamp} (?P<component>[a-z]+\.[^ ]+) [^ ]+(?: [^ ]+)? [0-9]+ : +(?:[a-z]+ )?"
            r"\[(?P<level>DBG|INF|SEC|WRN|ERR)\] "
        ),
        ("2024-03-01 10:00:00.123456 mon.a mon.0 10.0.0.1:6789/0 78 : cluster [ERR] Health check failed",),
        ("iso",),
    ),
    LogFormat(
        "ceph",
        r"{stamp} (?P<thread>[0-9a-f]{12,16}) +(?P<level>-1|[0-9]{1,2}) ",
        ("2024-03-01 10:00:00.123 7f26c2813700 -1 osd.3 12 cannot add the item",),
        ("iso",),
        levels="ceph",
    ),
    LogFormat("oracle", r"{stamp}\s*$", ("2021-12-21T10:19:47.339827-05:00",), ("iso", "ctime"), levels="none"),
)
