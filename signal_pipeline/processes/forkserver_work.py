"""What a fork server runs in its children. The server knows nothing else of it."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast


class Work(Protocol):
    """Functions that are called in the fork server itself (`preload`) or in a forked child (the others)."""

    def preload(self) -> None:
        """Import and load what every child needs. Must leave no thread at work and no connection open."""

    def run(self, payload: str) -> int:
        """Do one piece of work; the process's exit code."""

    def after_death(self, payload: str, exit_code: int | None) -> int:
        """Tell whoever should know that a child did not end well; None: how it ended is not known."""


def load_work(place: str) -> Work:
    """The object at `module:name`."""
    module, _, name = place.partition(":")
    return cast(Work, getattr(import_module(module), name))
