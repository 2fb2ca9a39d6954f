"""Routers, firewalls, name servers, proxies and telephony: the daemons of networks with headers of their own."""

from __future__ import annotations

from signal_pipeline.parsing.logs.formats.log_format import ANY_STAMP, LogFormat
from signal_pipeline.parsing.logs.formats.stamps import Stamp

_MNEMONIC = r"%(?P<component>[A-Z][A-Z0-9_]*(?:-[A-Z][A-Z0-9_]*)*?)-(?P<level>[0-7])-"

STAMPS: tuple[Stamp, ...] = (
    Stamp(
        "slashes-colon-zone",
        r"(?P<time>[0-9]{2}/[0-9]{2}/[0-9]{4}:[0-9]{2}:[0-9]{2}:[0-9]{2}) (?P<zone>[A-Z]{3,4})",
        ("%m/%d/%Y:%H:%M:%S", "%d/%m/%Y:%H:%M:%S"),
        "03/01/2024:10:00:00 GMT",
    ),
    Stamp(
        "slashes-colon",
        r"(?P<time>[0-9]{2}/[0-9]{2}/[0-9]{4}:[0-9]{2}:[0-9]{2}:[0-9]{2})",
        ("%m/%d/%Y:%H:%M:%S", "%d/%m/%Y:%H:%M:%S"),
        "03/01/2024:10:00:00",
    ),
)

FORMATS: tuple[LogFormat, ...] = (
    LogFormat(
        "cisco",
        rf"(?:<[0-9]{{1,3}}>)?(?:[0-9]+: )?(?:[A-Za-z][^ :]*: )?[*.]?{{stamp}}(?: [A-Z]{{3,6}})?: {_MNEMONIC}",
        (
            "*Mar  1 10:00:00.123: %LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to down",
            "Mar 01 2024 10:00:00: %ASA-4-106023: Deny tcp src outside:192.0.2.1/1 dst inside:10.0.0.1/2",
            "000123: Mar  1 2024 10:00:00: %SYS-5-CONFIG_I: Configured from console",
            "<187>123: sw01: Mar  1 2024 10:00:00 CET: %LINK-3-UPDOWN: Interface Gi0/1, changed state to down",
        ),
        ("syslog-year-zone", "syslog-year", "syslog", "iso"),
        levels="syslog",
    ),
    LogFormat(
        "cisco",
        rf"(?:[*.]|[0-9]+: )?{_MNEMONIC}",
        ("%LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to down",),
        levels="syslog",
    ),
    LogFormat(
        "citrix",
        r"<(?P<level>[0-9]{1,3})> ?{stamp} +[^ ]+ [^ ]+ : (?:default )?(?P<component>[A-Z]+ [A-Z_]+) [0-9]+ [0-9]+ : *",
        ('<132> 03/01/2024:10:00:00 GMT ns1 0-PPE-0 : default AAA LOGIN_FAILED 1391 0 : User a - Failure_reason "x"',),
        ("slashes-colon-zone", "slashes-colon"),
        levels="priority",
    ),
    # Nagios, Icinga 1, Naemon: the state of what is watched is between semicolons.
    LogFormat(
        "checks",
        (
            r"\[{stamp}\] (?P<component>(?:[A-Z]+ )?(?:HOST|SERVICE) (?:[A-Z]+ )?(?:ALERT|STATE|NOTIFICATION|CHECK)): "
            r"(?P<message>[^;]*;(?:[^;]*;){0,2}?(?P<level>OK|UP|RECOVERY|WARNING|UNKNOWN|CRITICAL|DOWN|UNREACHABLE)"
            r"(?: \([A-Z]+\))?;.*)$"
        ),
        ("[1709287200] SERVICE ALERT: web-1;Root Partition;CRITICAL;SOFT;2;DISK CRITICAL - free space: / 20 MB",),
        ("epoch-s",),
        levels="checks",
    ),
    LogFormat(
        "checks",
        r"\[{stamp}\] (?P<component>[A-Z]+(?: [A-Z]+)+): ",
        ("[1709287200] EXTERNAL COMMAND: SCHEDULE_FORCED_SVC_CHECK;web-1;HTTP;1709287200",),
        ("epoch-s",),
        levels="none",
    ),
    LogFormat(
        "bind",
        (
            r"{stamp} (?P<component>[a-z][a-z\-]*): "
            r"(?P<level>critical|error|warning|notice|info|debug)(?: [0-9]+)?: "
        ),
        ("01-Mar-2024 10:00:00.123 security: error: client @0x7f 192.0.2.1#53: query (cache) denied",),
        ("dash-month", "iso"),
    ),
    LogFormat(
        "asterisk",
        r"\[{stamp}\] {upper-level}\[(?P<thread>[0-9]+)\](?:\[C-[0-9a-f]+\])?:? (?:(?P<component>[^ :]+):[0-9]+ )?",
        ("[Mar  1 10:00:00] NOTICE[12][C-0000001a]: chan_sip.c:28 handle_request: Registration failed",),
        ("syslog", "iso"),
    ),
    LogFormat(
        "squid-cache",
        r"{stamp} (?P<component>kid[0-9]+)\| (?:{level}: )?",
        ("2024/03/01 10:00:00 kid1| ERROR: Cannot open the cache",),
        ("slash-ymd",),
    ),
    LogFormat(
        "haproxy-notice",
        r"\[(?P<level>EMERG|ALERT|WARNING|NOTICE|INFO|DEBUG)\] +(?:[0-9]+/[0-9]+ )?\((?P<thread>[0-9]+)\) ?: ",
        ("[ALERT]    (12) : parsing [/etc/haproxy/haproxy.cfg:3] : unknown keyword",),
    ),
    LogFormat(
        "samba",
        r"\[{stamp}, +[0-9]+(?:, [^\]]*)?\] (?P<component>[^ (]+?)(?::[0-9]+)?\([^)]*\)\s*$",
        ("[2024/03/01 10:00:00.123456,  0] ../source3/smbd/server.c:12(main)",),
        ("slash-ymd",),
        levels="none",
    ),
    LogFormat(
        "vmware-esx",
        (
            r"{stamp} cpu[0-9]+:(?P<thread>[0-9]+)(?: opID=[^)]*)?\)"
            r"(?:(?P<level>ALERT|WARNING|INFO|VERBOSE|DEBUG): )?(?:(?P<component>[A-Za-z][0-9A-Za-z]*): )?"
        ),
        ("2024-03-01T10:00:00.123Z cpu1:1234)WARNING: NMP: the path is down",),
        ("iso",),
    ),
    LogFormat(
        "gitea",
        r"{stamp} +[^ ]+\.go:[0-9]+:[^ ]+ \[(?P<level>[TDIWECF])\] ",
        ("2024/03/01 10:00:00 ...routers/web/auth/auth.go:12:SignIn() [E] cannot sign in",),
        ANY_STAMP,
        levels="letters",
    ),
    LogFormat(
        "bind",
        r"{stamp} (?P<message>client (?:@0x[0-9a-f]+ )?[^ ]+#[0-9]+.*)$",
        ("19-Oct-2022 05:34:02.425 client @0x7f65 192.0.2.1#3076 (shop.example): query (cache) 'a/ANY/IN' denied",),
        ("dash-month", "iso"),
        levels="none",
    ),
    LogFormat(
        "mikrotik",
        r"{stamp} [^ ]+ (?P<component>[a-z0-9\-]+)(?:,[a-z0-9\-]+)*,(?P<level>debug|info|warning|error|critical) ",
        ("2023-03-19T12:34:09.757188+01:00 10.0.0.1 system,error,critical login failure for user admin",),
        ("iso", "syslog"),
    ),
    LogFormat(
        "vsftpd",
        r"{stamp} \[pid (?P<thread>[0-9]+)\] ",
        ('Mon Jun  8 12:08:53 2020 [pid 27244] [user] FAIL LOGIN: Client "192.0.2.1"',),
        ("ctime",),
        levels="none",
    ),
    LogFormat(
        "proftpd",
        r"{stamp} [^ ]+ (?P<component>proftpd)\[(?P<thread>[0-9]+)\]:? ",
        ("2021-05-28 18:08:01,124 mantis proftpd[4986] mantis (192.0.2.1[192.0.2.1]): USER a: no such user found",),
        ("iso",),
        levels="none",
    ),
    LogFormat(
        "pve-firewall",
        r"[0-9]+ [0-9]+ (?P<component>[0-9A-Za-z_\-]+) {stamp}(?P<message>(?:policy )?[A-Z]+: .*)$",
        ("0 3 PVEFW-HOST-IN 20/Jun/2022:13:09:14 +0200 policy DROP: IN=vmbr0 SRC=10.0.0.1 DST=10.0.0.2",),
        ("apache",),
        levels="none",
    ),
    LogFormat(
        "webmin",
        r"[0-9]+\.[0-9]+\.[0-9]+ \[{stamp}\] ",
        ('1690466804.2161960.0 [27/Jul/2023 16:06:44] admin - 192.0.2.1 global miniserv.pl "failed" "-" "wrongpass"',),
        ("apache",),
        levels="none",
    ),
)
