"""Android logcat in its output forms, and device consoles."""

from __future__ import annotations

from signal_pipeline.parsing.logs.formats.log_format import LogFormat

FORMATS: tuple[LogFormat, ...] = (
    LogFormat(
        "logcat-threadtime",
        r"{stamp} +{pid} +[0-9]+ (?P<level>[VDIWEFAS]) (?P<component>[^:]*): ",
        ("03-17 16:13:38.811  1702  2395 D WindowManager: printFreezingDisplayLogs",),
        ("month-day", "iso"),
        levels="letters",
    ),
    LogFormat(
        "logcat-threadtime",
        r"{stamp} +(?:[a-z][0-9a-z_]* +|[0-9]+ +)?{pid} +[0-9]+ (?P<level>[VDIWEFAS]) (?P<component>.*?) *: ",
        ("05-26 11:18:41.509  1000 23402 23402 V VirtualCameraSession: processCaptureRequest",),
        ("month-day", "iso"),
        levels="letters",
    ),
    LogFormat(
        "logcat-time",
        r"{stamp} (?P<level>[VDIWEFAS])/(?P<component>[^(:]*?) *(?:\( *(?P<thread>[0-9]+)\))?: ",
        ("05-26 14:57:03.870 V/Configuration( 1766): Updating configuration",),
        ("month-day", "iso"),
        levels="letters",
    ),
    LogFormat(
        "logcat-studio",
        r"{stamp} +(?P<thread>[0-9]+)[-/][0-9]+(?:/[^ ]+)? +(?P<component>[^ ]+) +(?:[^ ]+ +)?(?P<level>[VDIWEFAS]) +",
        (
            (
                "2024-03-01 10:00:00.123  4711-4712  CartActivity            com.acme.shop                 "
                "       E  cannot add the item"
            ),
        ),
        ("iso", "month-day"),
        levels="letters",
    ),
    LogFormat(
        "logcat-studio-old",
        r"{stamp} +(?P<thread>[0-9]+)-[0-9]+/[^ ]+ (?P<level>[VDIWEFAS])/(?P<component>[^:]*): ",
        ("2018-03-01 10:00:00.123 4711-4712/com.acme.shop E/CartActivity: cannot add the item",),
        ("iso", "month-day"),
        levels="letters",
    ),
    LogFormat(
        "logcat-brief",
        r"(?P<level>[VDIWEFAS])/(?P<component>[^(:]*?) *(?:\( *(?P<thread>[0-9]+)(?::[^)]*)?\))?: ",
        ("E/AndroidRuntime( 4711): FATAL EXCEPTION: main",),
        levels="letters",
    ),
    LogFormat(
        "logcat-long",
        r"\[ {stamp} +{pid}: *(?:0x)?[0-9a-f]+ (?P<level>[VDIWEFA])/(?P<component>[^ \]]+) *\]\s*$",
        ("[ 03-01 10:00:00.123  1234: 5678 E/AndroidRuntime ]",),
        ("month-day", "iso"),
        levels="letters",
    ),
    LogFormat(
        "apple-nslog",
        r"{stamp} (?P<component>[^ \[]+)\[(?P<thread>[0-9]+):[0-9a-fx]+\] (?:\[[^\] ]*\] )?",
        (
            "2024-03-01 10:00:00.123 Shop[123:4567] *** Terminating app due to uncaught exception 'a', reason: 'b'",
            "2024-03-01 10:00:00.123456+0100 Shop[123:4567] [cart] cannot add the item",
        ),
        ("iso",),
        levels="none",
    ),
    LogFormat(
        "apple-unified",
        (
            r"{stamp} +0x[0-9a-f]+ +(?P<level>Default|Info|Debug|Error|Fault|Activity) +0x[0-9a-f]+ "
            r"+(?P<thread>[0-9]+) +[0-9]+ +(?P<component>[^:]+): "
        ),
        (
            (
                "2024-03-01 10:00:00.123456+0100 0x1f2  Error       0x0                  312    0    Shop: "
                "(Cart) [com.acme:cart] cannot add"
            ),
        ),
        ("iso",),
    ),
)
