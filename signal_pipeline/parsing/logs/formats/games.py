"""Game engines and game servers. Minecraft's bracketed clock is among them in scripting.py."""

from __future__ import annotations

from signal_pipeline.parsing.logs.formats.log_format import LogFormat
from signal_pipeline.parsing.logs.formats.stamps import Stamp

STAMPS: tuple[Stamp, ...] = (
    Stamp(
        "unreal",
        r"(?P<time>[0-9]{4}\.[0-9]{2}\.[0-9]{2}-[0-9]{2}\.[0-9]{2}\.[0-9]{2}:[0-9]{3})",
        ("%Y.%m.%d-%H.%M.%S:%3f",),
        "2024.03.01-10.00.00:123",
    ),
    Stamp(
        "source-engine",
        r"(?P<time>[0-9]{2}/[0-9]{2}/[0-9]{4} - [0-9]{2}:[0-9]{2}:[0-9]{2})",
        ("%m/%d/%Y - %H:%M:%S",),
        "03/01/2024 - 10:00:00",
    ),
)

FORMATS: tuple[LogFormat, ...] = (
    LogFormat(
        "unreal",
        (
            r"(?:\[{stamp}\]\[ *[0-9]+\])(?P<component>[A-Za-z0-9_]+): "
            r"(?:(?P<level>Fatal|Error|Warning|Display|Log|Verbose|VeryVerbose): )?"
        ),
        ("[2024.03.01-10.00.00:123][  0]LogShop: Error: cannot add the item",),
        ("unreal",),
    ),
    LogFormat(
        "unreal",
        r"(?P<component>Log[A-Z][0-9A-Za-z_]+): (?P<level>Fatal|Error|Warning|Display|Verbose|VeryVerbose): ",
        ("LogShop: Error: cannot add the item",),
    ),
    LogFormat(
        "source-engine",
        r"L {stamp}: ",
        ('L 03/01/2024 - 10:00:00: World triggered "Round_Start"',),
        ("source-engine",),
        levels="none",
    ),
)
