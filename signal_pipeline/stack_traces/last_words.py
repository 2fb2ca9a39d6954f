"""What is written of a process that ended without a word of its own: by its shell, or by the machine below it."""

from __future__ import annotations

LAST_WORDS = (
    r"^(?:[^ ]+: line [0-9]+: +[0-9]+ )?(?:Killed|Terminated|Aborted|Segmentation fault|Bus error|Illegal instruction"
    r"|Floating point exception|Trace/breakpoint trap|Abort trap: 6|Killed: 9|Segmentation fault: 11)"
    r"(?: +\(core dumped\))?(?: +[^ ].*)?$"
)
"""The whole line, as shells print it; after `line 12:  4711 Killed` the command may follow."""
EXHAUSTED = r"^(?:java\.lang\.)?(?:OutOfMemoryError|StackOverflowError)(?::|$)|^FATAL ERROR: .*heap out of memory"
"""The line of an error that the machine itself throws; without frames below it, nobody logged it."""
