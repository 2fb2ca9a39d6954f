"""Ruby, Rails, .NET, Serilog, Node and game servers; the consoles of browsers; CI services."""

from __future__ import annotations

from signal_pipeline.parsing.logs.formats.log_format import LogFormat
from signal_pipeline.parsing.logs.formats.stamps import Stamp

STAMPS: tuple[Stamp, ...] = (
    Stamp("chromium", r"(?P<time>[0-9]{4}/[0-9]{6}\.[0-9]{3,6})", ("%m%d/%H%M%S%.f",), "0301/100000.123456"),
)

FORMATS: tuple[LogFormat, ...] = (
    LogFormat(
        "ruby-logger",
        r"[DIWEFUA], \[{stamp} #(?P<thread>[0-9]+)\] +{level} -- (?:(?P<component>[^:]*))?: ?",
        ("E, [2024-03-01T10:00:00.123456 #4711] ERROR -- shop: cannot add the item",),
        ("iso",),
    ),
    LogFormat(
        "dotnet-console",
        r"(?P<level>trce|dbug|info|warn|fail|crit): (?P<component>[^\[ ]+)\[[0-9]+\]\s*",
        ("fail: Shop.Cart[0]",),
    ),
    LogFormat(
        "dotnet-console",
        r"{stamp} ?(?P<level>trce|dbug|info|warn|fail|crit): (?P<component>[^\[ ]+)\[[0-9]+\]\s*",
        ("2024-03-01T10:00:00.123Z fail: Shop.Cart[0] cannot add the item",),
        ("iso", "iso-spaced-zone"),
    ),
    LogFormat(
        "serilog",
        (
            r"\[{stamp} (?P<level>VRB|DBG|INF|WRN|ERR|FTL|Verbose|Debug|Information|Warning|Error|Fatal)\] "
            r"(?:\[(?P<component>[^\]]*)\] )?"
        ),
        ("[10:00:00 ERR] cannot add the item",),
        ("clock", "iso", "iso-spaced-zone"),
    ),
    LogFormat(
        "serilog-file",
        r"{stamp} \[(?P<level>VRB|DBG|INF|WRN|ERR|FTL)\] (?:\[(?P<thread>[0-9]+)\] )?",
        ("2024-03-01 10:00:00.123 +01:00 [ERR] cannot add the item",),
        ("iso-spaced-zone", "iso"),
    ),
    LogFormat(
        "minecraft",
        r"\[{stamp}\] \[(?P<thread>[^\]]+)/{level}\](?: \[(?P<component>[^\]]+)\])?: ?",
        (
            "[10:00:00] [Server thread/ERROR] [net.minecraft.Shop]: cannot add the item",
            "[2024-03-01 10:00:00] [main/ERROR]: cannot add the item",
        ),
        ("clock", "compact-month", "iso"),
    ),
    LogFormat(
        "celery",
        r"\[{stamp}: {level}/(?P<thread>[^\]]+)\] ",
        ("[2024-03-01 10:00:00,123: ERROR/ForkPoolWorker-1] Task shop.add raised unexpected",),
        ("iso",),
    ),
    LogFormat(
        "gunicorn",
        r"\[{stamp}\] \[(?P<thread>[0-9]+)\] \[{level}\] ",
        ("[2024-03-01 10:00:00 +0000] [4711] [ERROR] Exception in worker process",),
        ("iso-spaced-zone", "iso"),
    ),
    LogFormat(
        "plex",
        r"{stamp} \[(?P<thread>[0-9]+(?:/[^\]]*)?)\] {level} - ",
        ("Mar 01, 2024 10:00:00.123 [4711] ERROR - cannot add the item",),
        ("syslog-year",),
    ),
    LogFormat(
        "qt",
        r"\((?P<level>[NICWE])\) {stamp} - ",
        ("(W) 2024-11-26T13:37:02 - WebAPI login failure. Reason: invalid credentials",),
        ("iso",),
        levels="letters",
    ),
    LogFormat(
        "emby",
        r"{stamp} (?P<level>Info|Warn|Error|Fatal|Debug) (?P<component>[A-Z][0-9A-Za-z.]*): ",
        ("2024-03-01 10:00:00.123 Error App: cannot add the item",),
        ("iso",),
    ),
    LogFormat(
        "nestjs",
        r"\[Nest\] (?P<thread>[0-9]+) +- {stamp} +{level} +\[(?P<component>[^\]]+)\] ",
        ("[Nest] 4711  - 03/01/2024, 10:00:00 AM   ERROR [ExceptionsHandler] cannot add the item",),
        ("slashes-year-last",),
    ),
    LogFormat(
        "electron",
        r"\[(?P<thread>[0-9]+)(?::[0-9]+)?:{stamp}:{level}:(?P<component>[^(\]]+)\([0-9]+\)\] ",
        ("[4711:0301/100000.123456:ERROR:cart.cc(12)] cannot add the item",),
        ("chromium",),
    ),
    LogFormat(
        "vscode",
        (
            r"\[(?P<component>main|shared process|renderer ?[0-9]*|window ?[0-9]*|exthost ?[0-9]*) {stamp}\] "
            r"(?:\[{any-level}\] )?"
        ),
        ("[main 2024-03-01T10:00:00.123Z] update#setState idle",),
        ("iso",),
    ),
    LogFormat(
        "sidekiq",
        r"{stamp} {pid} TID-(?P<trace_id>[0-9a-z]+) (?:[A-Za-z:]+ JID-[0-9a-zA-Z]+ )?{upper-level}: ",
        ("2024-03-01T10:00:00.123Z 4711 TID-ovf1a Worker JID-0a1b ERROR: cannot add the item",),
        ("iso",),
    ),
    LogFormat(
        "sentry-cli",
        r"  ?{level} +{stamp} +",
        ("  INFO    2024-03-01 10:00:00.123 +01:00 Loaded file",),
        ("iso-spaced-zone",),
    ),
)

BROWSER: tuple[LogFormat, ...] = (
    LogFormat(
        "chromium",
        r"\[(?P<level>FATAL|ERROR|WARNING|INFO|VERBOSE[0-9]*):(?P<component>[^(\]]+)\([0-9]+\)\] ",
        ("[ERROR:flutter/runtime/dart_vm_initializer.cc(41)] Unhandled Exception: Exception: a",),
    ),
    LogFormat(
        "safari-console",
        (
            r"\[(?P<level>Error|Warning|Log|Info|Debug)\] (?P<message>.*?) "
            r"\((?P<component>[^()\s]+), line [0-9]+(?::[0-9]+)?\)\s*$"
        ),
        ("[Error] Failed to load resource: the server responded with a status of 404 () (a.png, line 0)",),
    ),
    LogFormat(
        "chrome-console",
        (
            r"(?P<component>(?:[0-9A-Za-z_.\-@()\[\]%~]+\.(?:js|mjs|ts|tsx|jsx|vue|html?|css)(?:\?[^ "
            r":]*)?|\(index\)|VM[0-9]+(?: [^ :]+)?|[a-z0-9.\-]+/|index|content-script[^ "
            r":]*)):[0-9]+(?::[0-9]+)? (?:(?P<level>Uncaught|\[ERROR\]|\[WARN\]) )?"
        ),
        ("shop.example/:12 Uncaught TypeError: x is not a function",),
        levels="browser",
        kind="bare",
    ),
    LogFormat(
        "firefox-console",
        r"(?P<message>(?:Uncaught )?.*?) (?P<component>[0-9A-Za-z_.\-]+\.(?:js|mjs|html?)):[0-9]+:[0-9]+\s*$",
        ("Uncaught TypeError: x is null app.js:12:5",),
        levels="none",
        kind="bare",
    ),
)

CI: tuple[LogFormat, ...] = (
    LogFormat(
        "github-actions",
        r"##\[(?P<level>error|warning|notice|debug)\]",
        ("##[error]Process completed with exit code 1.",),
    ),
    LogFormat(
        "github-actions",
        r"##\[(?:group|endgroup|command|section|add-matcher|remove-matcher|add-mask)\]",
        ("##[group]Run make",),
        levels="none",
    ),
    LogFormat(
        "github-actions",
        r"::(?P<level>error|warning|notice|debug)(?: [^:]*)?::",
        ("::error file=a.js,line=1::Missing semicolon",),
    ),
    LogFormat(
        "gitlab-ci",
        r"(?P<message>section_(?:start|end):[0-9]+:(?P<component>[0-9A-Za-z_.\-]+)(?:\[[^\]]*\])?)",
        ("section_start:1709287200:prepare_executor",),
        levels="none",
    ),
    LogFormat(
        "travis-ci",
        r"(?P<message>travis_(?:fold|time):(?:start|end):(?P<component>[0-9A-Za-z_.\-]+).*)$",
        ("travis_fold:start:system_info",),
        levels="none",
    ),
    LogFormat("jenkins", r"\[Pipeline\] ", ("[Pipeline] sh",), levels="none"),
    LogFormat(
        "azure-pipelines",
        r"##vso\[task\.logissue type=(?P<level>error|warning)[^\]]*\]",
        ("##vso[task.logissue type=error]Failed",),
    ),
)
