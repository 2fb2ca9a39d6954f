"""Resources that a process can run out of: everything that it does afterwards may fail, in ways that look unrelated."""

from __future__ import annotations

from dataclasses import dataclass

import re2


@dataclass(frozen=True)
class Exhaustion:
    """`pattern` is matched in normalised text (`statements.normalised`)."""

    resource: str
    pattern: str
    example: str


EXHAUSTIONS: tuple[Exhaustion, ...] = (
    Exhaustion(
        "file descriptors", r"too many open files|\bemfile\b|\benfile\b", "EMFILE: too many open files, open 'a.txt'"
    ),
    Exhaustion(
        "disk space",
        r"no space left on device|\benospc\b|disk (?:is )?full|disk quota exceeded|could not extend file",
        "OSError: [Errno 28] No space left on device",
    ),
    Exhaustion(
        "memory",
        r"out ?of ?memory|cannot allocate memory|\bmemoryerror\b|\bbad alloc\b|heap space|gc overhead limit|\benomem\b",
        "java.lang.OutOfMemoryError: Java heap space",
    ),
    Exhaustion(
        "threads",
        r"can t start new thread|unable to create (?:new )?native thread",
        "RuntimeError: can't start new thread",
    ),
    Exhaustion(
        "connections",
        r"too many (?:clients|connections)|remaining connection slots|pool (?:is )?exhausted|queuepool limit",
        "FATAL: sorry, too many clients already",
    ),
    Exhaustion(
        "ports",
        r"cannot assign requested address|\beaddrnotavail\b",
        "connect: cannot assign requested address",
    ),
)
OF_A_HOST = frozenset(("disk space", "memory", "ports"))
"""Resources that all programs of a host share."""
_ALL = re2.compile("|".join(f"({row.pattern})" for row in EXHAUSTIONS))


def exhausted_resource(text: str) -> str | None:
    """The resource that a normalised text says was used up; None where it says nothing of the kind."""
    found = _ALL.search(text)
    return None if found is None else EXHAUSTIONS[(found.lastindex or 1) - 1].resource
