"""What a process did when it died: read or write, at no address at all or at a wild one. Rows over lines of a report.

The reason itself is native_reason.py; a read through a null pointer and a wild write have the same reason.
"""

from __future__ import annotations

from dataclasses import dataclass

from signal_pipeline.stack_traces.linear_pattern import PatternSet


@dataclass(frozen=True)
class AccessRow:
    """A line that says how memory was used: `says` is one of read, write, null."""

    says: str
    pattern: str
    example: str


ACCESSES: tuple[AccessRow, ...] = (
    AccessRow("read", r"^\s*(?:==[0-9]+==)?\s*READ of size ", "READ of size 8 at 0x1 thread T0"),
    AccessRow("write", r"^\s*(?:==[0-9]+==)?\s*WRITE of size ", "WRITE of size 8 at 0x1 thread T0"),
    AccessRow("read", r"caused by a READ memory access", "==1==The signal is caused by a READ memory access."),
    AccessRow("write", r"caused by a WRITE memory access", "==1==The signal is caused by a WRITE memory access."),
    AccessRow("read", r"(?i)\bread of size [0-9]+ (?:at|by)", "Read of size 8 at addr ffff8880 by task a/1"),
    AccessRow("write", r"(?i)\bwrite of size [0-9]+ (?:at|by)", "Write of size 8 at addr ffff8880 by task a/1"),
    AccessRow("read", r"#PF: supervisor read access", "#PF: supervisor read access in kernel mode"),
    AccessRow("write", r"#PF: supervisor write access", "#PF: supervisor write access in kernel mode"),
    AccessRow("read", r"(?i)attempt to read from address|violation reading ", "Attempt to read from address 0"),
    AccessRow("write", r"(?i)attempt to write to address|violation writing ", "Attempt to write to address 0"),
    AccessRow("read", r"runtime error: load of", "a.c:1:2: runtime error: load of null pointer of type 'int'"),
    AccessRow("write", r"runtime error: store to", "a.c:1:2: runtime error: store to null pointer of type 'int'"),
    AccessRow(
        "null",
        r"(?i)\baddr(?:ess)?(?: is|:)? (?:0x(?:null|0|0{4,}[0-9a-f]{1,4})\b|0{8}[0`]*[0-9a-f]{1,4}\b)",
        "SEGV on unknown address 0x000000000010",
    ),
    AccessRow("null", r"(?i)kernel NULL pointer dereference|\bnull pointer\b", "BUG: kernel NULL pointer dereference"),
    AccessRow("null", r"KASAN: null-ptr-deref", "KASAN: null-ptr-deref in range [0x0-0x7]"),
)
_ANY = PatternSet((row.pattern for row in ACCESSES), anchored=False)
_READS_AT_MOST = 400
"""Lines of a report that are looked at: what comes later is other threads."""


def access_of(lines: list[str]) -> str:
    """`null read`, `write`, `null` and the like; empty where the report says nothing of it."""
    null = direction = ""
    for line in lines[:_READS_AT_MOST]:
        for row in map(ACCESSES.__getitem__, _ANY.matching(line)):
            if row.says == "null":
                null = "null"
            elif not direction:
                direction = row.says
        if null and direction:
            break
    return f"{null} {direction}".strip()
