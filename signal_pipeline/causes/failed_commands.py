"""Which command a record says has failed, by its name and subcommands: `openstack server add volume`."""

from __future__ import annotations

import re

_QUOTED = r"['\"`“‘](?P<command>[^'\"`”’]{2,400})['\"`”’]"
_WORD = r"[A-Za-z_./][\w./+-]*"
FAILED_COMMANDS = tuple(
    re.compile(pattern)
    for pattern in (
        # make: *** [all] Error 1 names a target and is none of these.
        rf"(?i)\bcommand:? {_QUOTED}.{{0,40}}?\b(?:failed|failure|returned|exited|died|timed out|not found)\b",
        rf"(?i)\b(?:failed|failure|error|unable|could not)\b.{{0,20}}?\b(?:run|running|execute|executing|exec)"
        rf"(?: (?:the )?command)?:? {_QUOTED}",
        rf"(?i)^command failed(?: with [^:]+)?: (?P<command>{_WORD}(?: [^\n]*)?)",
        # A script writes the command before its answer; without an option or an argument of its own it may be prose.
        r"^(?:[A-Z ]*(?:ERROR|FAILED):\s+)?(?=[^;]+ (?:-|[^\s;]*[0-9/=]))"
        rf"(?P<command>[a-z/]{_WORD}(?: +[^\s;]+){{1,40}}) ; \S",
    )
)
"""Each with a group `command`, the line as it was called."""
_NAME = re.compile(r"^[A-Za-z][A-Za-z_-]*$")
MAX_WORDS = 5


def failed_command(message: str) -> str | None:
    """Its program and subcommands without options and values; None where the message names no command."""
    for pattern in FAILED_COMMANDS:
        if found := pattern.search(message):
            program, *words = found["command"].split()
            names = [program.rpartition("/")[2] or program]
            for word in words[: MAX_WORDS - 1]:
                if not _NAME.match(word) or any(mark in word for mark in "_-"):
                    break
                names.append(word)
            return " ".join(names)
    return None
