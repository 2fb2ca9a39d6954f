"""Log4j, Logback, java.util.logging and the servers that print with them. Not here: plain level-first text
(iso_text.py).
"""

from __future__ import annotations

from signal_pipeline.parsing.logs.formats.log_format import ANY_STAMP, LogFormat
from signal_pipeline.parsing.logs.formats.stamps import Stamp

STAMPS: tuple[Stamp, ...] = (
    Stamp(
        "websphere",
        r"(?P<time>[0-9]{1,2}/[0-9]{1,2}/[0-9]{2} [0-9]{1,2}:[0-9]{2}:[0-9]{2}:[0-9]{3})(?: (?P<zone>[A-Z]{3,4}))?",
        ("%m/%d/%y %H:%M:%S:%3f",),
        "3/1/24 10:00:00:123 CET",
        repairs=((r"(^|[/ ])([0-9])([/:])", "${1}0${2}${3}"), (r"(^|[/ ])([0-9])([/:])", "${1}0${2}${3}")),
    ),
)

BEFORE_SYSLOG: tuple[LogFormat, ...] = (
    # No host is called INFO.
    LogFormat(
        "time-level",
        r"{stamp} +{upper-level} +",
        ("Mar 01 10:00:00.123 WARN  cannot add the item",),
        ("syslog", "syslog-year"),
    ),
    LogFormat(
        "kafka",
        r"\[{stamp}\] +{level} +(?P<message>.*?) \((?P<component>[a-z][0-9A-Za-z_]*(?:\.[0-9A-Za-z_$]+)+)\)\s*$",
        ("[2024-03-01 10:00:00,123] ERROR [Log partition=a-0] cannot append (kafka.server.LogDirFailureChannel)",),
        ("iso",),
    ),
    LogFormat(
        "java-util-logging",
        r"{stamp} (?P<component>[a-z][0-9A-Za-z_]*(?:\.[0-9A-Za-z_$<>\-]+)+(?: [0-9A-Za-z_$<>\-]+)?)\s*$",
        ("Jul 22, 2024 3:15:12 PM com.acme.Shop open", "01.03.2024 10:00:00 com.acme.Shop open"),
        ("java-util", "dots-dmy"),
    ),
    LogFormat(
        "weblogic",
        (
            r"####<[^>]*> <(?P<level>[A-Z][a-z]+)> <(?P<component>[^>]*)> <[^>]*> <[^>]*> <(?P<thread>[^>]*)> "
            r"(?:<+[^<>]*>+ ){1,4}?<{stamp}> (?:<\[[^>]*> )?<(?P<exception_class>BEA-[0-9]+)> "
            r"<(?P<message>.*?)(?:> ?)?$"
        ),
        (
            (
                "####<Mar 1, 2024 10:00:00 AM CET> <Error> <HTTP> <host> <server1> <[ACTIVE] ExecuteThread: '1'> "
                "<<WLS Kernel>> <> <> <1709283600000> <BEA-101017> <cannot add the item> "
            ),
        ),
        ("epoch-ms",),
    ),
    LogFormat(
        "websphere",
        r"\[{stamp}\] (?P<thread>[0-9a-f]{8}) (?P<component>[^ ]+) +(?P<level>[FEWAICDOR123><]) +",
        ("[3/1/24 10:00:00:123 CET] 0000001a SystemErr     R java.lang.NullPointerException",),
        ("websphere",),
        levels="websphere",
    ),
    LogFormat(
        "payara",
        (
            r"\[{stamp}\] \[[^\]]*\] \[{level}\] \[[^\]]*\] \[(?P<component>[^\]]*)\] "
            r"\[tid: (?P<thread>[^\]]*)\] (?:\[[A-Za-z]+: [^\]]*\] )*\[\[ *"
        ),
        (
            (
                "[2024-03-01T10:00:00.123+0100] [Payara 5.2] [SEVERE] [] [javax.enterprise.web] "
                "[tid: _ThreadID=1 _ThreadName=main] [timeMillis: 1709283600123] [levelValue: 1000] [["
            ),
        ),
        ("iso",),
    ),
    LogFormat(
        "jvm-gc",
        r"\[{stamp}\](?:\[[0-9.]+m?s\])?\[{level} *\]\[(?P<component>[a-z0-9,]+) *\] ?",
        ("[2024-03-01T10:00:00.123+0000][0.012s][info][gc] GC(0) Pause Young (Normal) 23M->4M(256M) 3.123ms",),
        ("iso",),
    ),
    LogFormat(
        "jvm-gc",
        r"\[[0-9.]+m?s\]\[{level} *\]\[(?P<component>[a-z0-9,]+) *\] ?",
        ("[0.012s][info][gc] Using G1",),
    ),
    LogFormat(
        "log4j-ttcc",
        r"[0-9]+ +\[(?P<thread>[^\]]*)\] {upper-level} +{component} +(?:[^ ]+ )?- ",
        ("12   [main] ERROR com.acme.Shop  - cannot add the item",),
    ),
    LogFormat(
        "karaf",
        r"{stamp} +\| {level} *\| (?P<thread>[^|]*?) *\| (?P<component>[^|]*?) *\| [0-9]+ - [^|]*\| ",
        ("2024-03-01T10:00:00,123 | ERROR | qtp1-12          | Shop          | 12 - com.acme.shop - 1.0 | cannot add",),
        ("iso",),
    ),
    LogFormat(
        "thread-component-pipes",
        r"{stamp} +\| +{level} *\| (?P<thread>[^| ]+) +\| (?P<component>[a-z][0-9A-Za-z_$]*(?:\.[0-9A-Za-z_$]+)+) *\| ",
        ("2022-06-02T08:34:01.203Z | INFO  | manager1            | org.eclipse.jetty.server.session | name=node0",),
        ("iso",),
    ),
    LogFormat(
        "vmware-vc",
        r"{stamp} \[(?P<thread>.*?) +{level} +(?P<component>[A-Za-z_][0-9A-Za-z_.$]*) +opId=(?P<trace_id>[^\] ]*)\] ",
        ("2022-06-02T08:34:19.574Z [main null INFO  com.vmware.cis.server.util.PerfLog  opId=] Requesting LDAP",),
        ("iso",),
    ),
    LogFormat(
        "otel-javaagent",
        r"\[otel\.javaagent {stamp} (?P<zone>[+-][0-9]{4})\] \[(?P<thread>[^\]]*)\] {level} (?P<component>[^ ]+) - ",
        ("[otel.javaagent 2025-04-24 19:51:57:317 +0000] [main] INFO io.opentelemetry.javaagent.Version - 2.15.0",),
        ("iso-colon-millis",),
    ),
    LogFormat(
        "activemq",
        r"{stamp} \| {level} *\| (?P<message>.*?) \| (?P<component>[a-z][0-9A-Za-z_.$]+) \| (?P<thread>[^|]*)$",
        ("2024-03-01 10:00:00,123 | ERROR | Failed to start | org.apache.activemq.broker.BrokerService | main",),
        ("iso",),
    ),
    LogFormat(
        "akka",
        r"\[{any-level}\] \[{stamp}\] \[(?P<thread>[^\]]*)\] \[(?P<component>[^\]]*)\] ",
        ("[ERROR] [03/01/2024 10:00:00.123] [sys-akka.actor.default-dispatcher-1] [akka://sys/user/a] cannot add",),
        ("slashes-year-last", "iso"),
    ),
)

FORMATS: tuple[LogFormat, ...] = (
    LogFormat(
        "weblogic",
        (
            r"(?:####)?<{stamp}(?: [^>]*)?> <{any-level}> <(?P<component>[^>]*)>(?: <(?:<[^>]*>|[^>]*)>)*? "
            r"<(?P<exception_class>[A-Z]+-[0-9]+)> <(?P<message>.*?)>?\s*$"
        ),
        (
            "####<Mar 1, 2024 10:00:00 AM UTC> <Error> <HTTP> <host> <srv> <thr> <<WLS Kernel>> <> <> <123> "
            "<BEA-101017> <cannot add the item>",
            "<Mar 1, 2024 10:00:00 AM UTC> <Error> <HTTP> <BEA-101017> <cannot add the item>",
        ),
        ("java-util",),
    ),
    LogFormat(
        "glassfish",
        r"\[#\|{stamp}\|{upper-level}\|[^|]*\|(?P<component>[^|]*)\|[^|]*\|(?P<message>.*?)(?:\|#\])?\s*$",
        ("[#|2024-03-01T10:00:00.123+0100|SEVERE|glassfish3.1.2|javax.shop|_ThreadID=1;|cannot add the item|#]",),
        ("iso",),
    ),
    LogFormat(
        "spring-boot",
        (
            r"{stamp} +{level} +(?:\[[^\]]*\] +)?(?:[0-9]+ +|\$\{[^}]*\} +)?--- \[(?P<thread2>[^\]]*)\] "
            r"+(?:\[(?P<thread>[^\]]*)\] +)?(?:\[[^\]]*\] +)?(?P<component>[^ \[][^ ]*) *: "
        ),
        (
            (
                "2024-03-01 10:00:00.123  INFO 4711 --- [           main] com.acme.shop.Application  : "
                "Started in 3 seconds"
            ),
            (
                "2024-03-01T10:00:00.123Z ERROR 1 --- [shop] [nio-8080-exec-1] "
                "o.a.c.c.C.[dispatcherServlet] : Servlet.service() failed"
            ),
        ),
        ANY_STAMP,
    ),
    LogFormat(
        "zookeeper",
        r"{stamp} (?:\[myid:[^\]]*\] )?- {level} +\[(?P<origin>[^@]*)@[0-9]+\] - ",
        (
            (
                "2015-07-29 17:41:44,747 - INFO  [QuorumPeer[myid=1]/0:0:0:0:0:0:0:0:2181:FastLeaderElectio"
                "n@774] - Notification time out: 3200"
            ),
            "2022-01-31 17:51:45,451 [myid:1] - INFO  [NIOWorkerThread-3:NIOServerCnxn@514] - Processing mntr command",
        ),
        ("iso",),
    ),
    LogFormat(
        "logback-thread-first",
        r"\[?{stamp}\]?:? +\[(?P<thread>[^\]]*)\] +{level} +(?P<component>[^ \[]+) +(?:\[[^\]]*\] +)*(?:--?|:) ",
        (
            "10:00:00.123 [main] ERROR com.acme.Shop - Cannot open the shop",
            "10:00:00.123 [main] ERROR com.acme.Shop -- Cannot open the shop",
        ),
        ANY_STAMP,
    ),
    LogFormat(
        "log4j-level-thread",
        (
            r"\[?{stamp}\]?:? +\[?{level}(?: +(?:\] *)?|\] *)\[(?P<thread>[^\]]*)\] +(?P<component>[^ "
            r"\[:]+)(?::| +(?:\[[^\]]*\] +)*-) +"
        ),
        (
            "2024-04-23 09:17:27,871 INFO  [main] server.Server: jetty-9.4.50 started",
            "2024-04-23 09:17:27,871 ERROR [http-1] com.acme.Shop - Cannot open the shop",
        ),
        ANY_STAMP,
    ),
    LogFormat(
        "tomcat",
        r"{stamp} +{level} +\[(?P<thread>[^\]]*)\] +(?P<component>[a-z][0-9A-Za-z_]*(?:\.[0-9A-Za-z_$<>\-]+)+) ",
        (
            (
                "21-Jul-2025 01:02:43.123 INFO [main] org.apache.catalina.startup.VersionLoggerListener.log"
                " Server version: 9"
            ),
        ),
        ANY_STAMP,
    ),
    LogFormat(
        "logback-component-bracket",
        (
            r"\[?{stamp}\]?:? +\[?{level} *(?:\] *)?\[(?P<component>[^\]]*)\] "
            r"+(?:\((?P<thread>[^)]*)\)|\[(?P<thread2>[^\]]*)\]) *(?:\[[^\]]*\] *)?(?:[-:] *)?"
        ),
        (
            (
                "2014-09-21 04:01:29,522 INFO  [org.ovirt.engine.core.bll.OvfDataUpdater] "
                "(Quartz_Worker-90) Successfully updated"
            ),
            "2021-03-03 19:26:38,616 INFO  [qtp933-137] [name=user;ip=1.2.3.4] SoapEngine - handled",
        ),
        ANY_STAMP,
    ),
    LogFormat(
        "log4j-level-bracket",
        r"\[?{stamp}\]?:? +{level} +\[(?P<component>[^\]]*)\] +(?:- )?",
        ("2021-10-11 09:01:35,116 INFO [org.apereo.AuditTrailManager] - Supplied credentials",),
        ANY_STAMP,
    ),
    LogFormat(
        "solr",
        r"{stamp} +{level} +\((?P<thread>[^)]*)\) +\[(?:[^\]]*)\] +(?P<component>[^ ]+) +",
        (
            (
                "2025-07-21 08:03:17.987 INFO  (qtp1038934055-15) [c:a s:b r:c x:d] o.a.s.c.S.Request [a]  "
                "webapp=/solr path=/select"
            ),
        ),
        ("iso",),
    ),
    LogFormat(
        "elasticsearch",
        r"\[{stamp}\]\[{level} *\]\[(?P<component>[^\] ]*) *\](?: (?:\[(?P<thread>[^\]]*)\] ?)?)?",
        ("[2024-03-01T10:00:00,123][WARN ][o.e.c.r.a.DiskThresholdMonitor] [node-1] high disk watermark exceeded",),
        ("iso",),
    ),
    LogFormat(
        "hadoop",
        (
            r"\[?{stamp}\]? +(?:{pid} +)?{level} +(?P<component>[A-Za-z_][0-9A-Za-z_]*[.$/][0-9A-Za-z_.$/\-"
            r"]*)(?::| +(?:\((?:[^()]|\([^)]*\))*\) +)?(?:\[\] +)?-) +"
        ),
        (
            "17/06/09 20:10:40 INFO executor.CoarseGrainedExecutorBackend: Registered signal handlers",
            "081109 203615 148 INFO dfs.DataNode$PacketResponder: PacketResponder 1 for block blk_1 terminating",
            (
                "2024-04-23 09:17:33,457 INFO  namenode.NameNode (LogAdapter.java:info(51)) - registered "
                "UNIX signal handlers"
            ),
        ),
        ANY_STAMP,
    ),
    LogFormat(
        "log4j-level-class",
        r"\[?{stamp}\]? +{level} +(?:- +)?(?P<component>[A-Za-z_][0-9A-Za-z_.$/\-]*(?::[0-9]+)?) +-+ +",
        (
            "2024-03-01 10:00:00,123 ERROR Shop:12 - Cannot open the shop",
            "[2024-03-01 10:00:00,123]   WARN -     com.acme.Shop - Cannot open the shop",
        ),
        ANY_STAMP,
    ),
    LogFormat(
        "intellij",
        r"{stamp} +\[ *(?P<thread>[0-9]+)\] +{level} +- +#?(?P<component>[^ ]+) +- +",
        ("2025-11-27 12:26:46,134 [352231305]   INFO - #o.j.p.g.GradleManager - Instructing gradle",),
        ("iso",),
    ),
    LogFormat(
        "cassandra",
        r"{level} +\[(?P<thread>[^\]]*)\] +{stamp} +(?P<component>[^ :]+)(?::[0-9]+)? +- +",
        ("INFO  [main] 2025-07-22 10:15:44,001 CassandraDaemon.java:687 - Starting Cassandra Server...",),
        ("iso",),
    ),
    LogFormat(
        "time-level",
        r"\[{stamp}\] +{level} +",
        ("[2024-03-01 10:00:00,123] ERROR Error while reading checkpoint file",),
        ("iso",),
    ),
    LogFormat(
        "java-service-wrapper",
        r"{level} +\| +[^|]+\| +{stamp} +\| ",
        ("INFO   | jvm 1    | 2015/05/24 07:35:50 | JVMDUMP013I Processed dump event",),
        ("slash-ymd",),
    ),
)
