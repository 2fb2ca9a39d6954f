"""Operating systems and supercomputers: Windows CBS, auditd, Blue Gene/L, Thunderbird, HPC, macOS, VMware."""

from __future__ import annotations

from signal_pipeline.parsing.logs.formats.log_format import LogFormat
from signal_pipeline.parsing.logs.formats.stamps import Stamp

STAMPS: tuple[Stamp, ...] = (
    Stamp("audit", r"(?P<time>[0-9]{9,10}\.[0-9]{3})", (), "1684329817.579", epoch="s"),
    Stamp(
        "dots-short-date",
        r"(?P<time>[0-9]{2}\.[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2})",
        ("%m.%d %H:%M:%S",),
        "10.30 16:49:06",
    ),
    Stamp(
        "cmtrace",
        r'(?P<time>[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}[+-][0-9]{1,4}" date="[0-9]{1,2}-[0-9]{1,2}-[0-9]{4})',
        ("%H:%M:%S%.f %m-%d-%Y",),
        '10:00:00.123-060" date="03-01-2024',
        repairs=((r'[+-][0-9]+" date="', " "),),
    ),
)

FORMATS: tuple[LogFormat, ...] = (
    LogFormat(
        "auditd",
        r"(?:node=[^ ]+ )?type=(?P<component>[A-Z_0-9]+) msg=audit\({stamp}:[0-9]+\): ?",
        ("type=SYSCALL msg=audit(1684329817.579:2995): arch=c000003e syscall=59 success=yes",),
        ("audit",),
        levels="none",
    ),
    LogFormat(
        "windows-cbs",
        r"{stamp}, {any-level} +(?P<component>[A-Z][0-9A-Za-z]*) +",
        ("2016-09-28 04:30:31, Info                  CBS    SQM: Initializing online with Windows opt-in: False",),
        ("iso",),
    ),
    LogFormat(
        "bgl",
        (
            r"(?:-|[A-Z]+) [0-9]{10} [0-9]{4}\.[0-9]{2}\.[0-9]{2} [^ ]+ {stamp} [^ ]+ [A-Z]+ "
            r"(?P<component>[A-Z_0-9]+) (?P<level>[A-Z]+) "
        ),
        (
            (
                "- 1117838570 2005.06.03 R02-M1-N0-C:J12-U11 2005-06-03-15.42.50.675872 "
                "R02-M1-N0-C:J12-U11 RAS KERNEL INFO cache parity error"
            ),
        ),
        ("blue-gene",),
    ),
    LogFormat(
        "thunderbird",
        (
            r"(?:-|[A-Z_]+) {stamp} [0-9]{4}\.[0-9]{2}\.[0-9]{2} [^ ]+ [A-Z][a-z]{2} +[0-9]+ [0-9:]+ [^ ]+ "
            r"(?:(?P<component>[^ :\[]+)(?:\[(?P<thread>[^\]]*)\])?: )?"
        ),
        ("- 1131566461 2005.11.09 dn228 Nov 9 12:01:01 dn228/dn228 crond[2915]: (root) CMD (run-parts)",),
        ("epoch-s",),
        levels="none",
    ),
    LogFormat(
        "hpc",
        r"[0-9]+ [^ ]+ (?P<component>[0-9A-Za-z_.\-]+) [0-9A-Za-z_.\-]+ {stamp} -?[0-9]+ ",
        ("134681 node-246 unix.hw state_change.unavailable 1077804742 1 Component State Change",),
        ("epoch-s",),
        levels="none",
    ),
    LogFormat(
        "cmtrace",
        (
            r"<!\[LOG\[(?P<message>.*?)\]LOG\]!><time=\"{stamp}\" component=\"(?P<component>[^\"]*)\" "
            r"context=\"[^\"]*\" type=\"(?P<level>[0-9])\" thread=\"(?P<thread>[0-9]+)\""
        ),
        (
            (
                '<![LOG[Failed to download]LOG]!><time="10:00:00.123-060" date="03-01-2024" component="CAS" '
                'context="" type="3" thread="1234" file="a.cpp:1">'
            ),
        ),
        ("cmtrace",),
        levels="cmtrace",
    ),
    LogFormat(
        "windows-event",
        r"(?P<level>Error|Warning|Information|Critical|Verbose),{stamp},(?P<component>[^,]*),[0-9]+,[^,]*,\"?",
        ('Error,3/1/2024 10:00:00 AM,Application Error,1000,(100),"Faulting application name: shop.exe',),
        ("slashes-year-last",),
    ),
    LogFormat(
        "xorg",
        r"\[ *[0-9]+\.[0-9]{3}\] \((?P<level>EE|WW|II|NI|\*\*|==|--|\+\+|!!)\) ",
        ('[    12.345] (EE) Failed to load module "fbdev" (module does not exist, 0)',),
        levels="xorg",
    ),
    LogFormat(
        "proxifier",
        r"\[{stamp}\] (?P<component>[^ ]+\.exe(?: \*64)?) - ",
        ("[10.30 16:49:06] chrome.exe - proxy.example:5070 open through proxy",),
        ("dots-short-date",),
        levels="none",
    ),
    LogFormat(
        "vmware",
        r"{stamp} {level} (?P<component>[^ \[]+)(?:\[(?P<thread>[^\]]*)\])? \[Originator[^\]]*\] ",
        (
            (
                "2020-05-11T22:32:38.751Z info vsansystem[1000212707] [Originator@6876 sub=Libs] "
                "VsanConfigStore: Get object"
            ),
        ),
        ("iso",),
    ),
    LogFormat(
        "vmware",
        r"{stamp} (?P<level>[A-Z][a-z])\([0-9]+\)(?:\[[^\]]*\])? (?P<component>[^ \[:]+)(?:\[(?P<thread>[^\]]*)\])?:? ",
        ("2022-06-02T05:34:56.746Z In(14) ConfigStore[1001430703]: Log for ConfigStore version=1.0",),
        ("iso",),
    ),
    LogFormat(
        "kubernetes-events",
        (
            r" *(?P<level>Normal|Warning) +(?P<component>[A-Z][A-Za-z]+) +(?:<[a-z]+>|[0-9]+[smhdy][0-9smhdy]*)"
            r"(?: \(x[0-9]+ over [0-9smhdy]+\))? +[a-z][0-9A-Za-z.\-]*(?:, [^ ]+)? +"
        ),
        ("  Warning  BackOff           31s (x5 over 2m)    kubelet            Back-off restarting failed container",),
    ),
    LogFormat(
        "kubernetes-events",
        (
            r"(?:<[a-z]+>|[0-9]+[smhdy][0-9smhdy]*)(?: \(x[0-9]+ over [0-9smhdy]+\))? +(?P<level>Normal|Warning) +"
            r"(?P<component>[A-Z][A-Za-z]+) +"
        ),
        ("2m10s       Warning   Unhealthy   pod/shop-6d4cf56db6-x7k2p   Readiness probe failed",),
    ),
    LogFormat(
        "healthapp",
        r"{stamp}\|(?P<component>[0-9A-Za-z_]+)\|(?P<thread>[0-9]+)\|",
        ("20171223-22:15:29:606|Step_LSC|30002312|onStandStepChanged 3579",),
        ("basic-dash",),
        levels="none",
    ),
)
