"""A first look at a file without reading it: how it is wrapped and what kind it is."""

from __future__ import annotations

from pathlib import Path

from signal_pipeline.errors import SignalRejected
from signal_pipeline.limits import DEFAULT_LIMITS, Limits
from signal_pipeline.parsing.containers import BadMember, open_members
from signal_pipeline.parsing.kinds import HEAD_BYTES, UNKNOWN, sniff


def container_and_kind(path: Path, name: str, limits: Limits = DEFAULT_LIMITS) -> tuple[str, str]:
    """(container, kind) of the first member that can be opened; what cannot be told is UNKNOWN.

    Never raises for bad input: whether a file can be read is for its reader to say.
    """
    container = "unknown"
    try:
        for member in open_members(path, limits):
            if isinstance(member, BadMember):
                continue
            container = member.container
            return container, sniff(member.stream.peek(HEAD_BYTES)[:HEAD_BYTES], member.name or name).name
    except SignalRejected:
        pass
    return container, UNKNOWN
