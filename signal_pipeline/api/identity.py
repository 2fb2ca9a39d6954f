"""Who asks, and how much they may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Scope(IntEnum):
    """Each scope may do what the ones before it may."""

    READ = 1
    SUBMIT = 2
    ADMIN = 3


@dataclass(frozen=True)
class Identity:
    """The name is written into logs and histories."""

    name: str
    scope: Scope


ADMINISTRATOR = Identity("admin", Scope.ADMIN)
"""Whoever shows API_ADMIN_TOKEN."""
ANYBODY = Identity("loopback", Scope.ADMIN)
"""Whoever asks where no token is required: that is allowed on loopback alone."""
