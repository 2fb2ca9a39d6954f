"""How commands print: tables and progress for people, or JSON alone."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console

from signal_pipeline.local.discovery import settings_for_cli
from signal_pipeline.platform.platform import Platform

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]


def console() -> Console:
    """For people. Markup is off: templates of inputs hold brackets."""
    return Console(highlight=False, markup=False)


def progress_console() -> Console:
    """Progress goes to stderr, so that stdout holds the result alone."""
    return Console(stderr=True, highlight=False, markup=False)


def printable(text: str) -> str:
    """Without what could move a terminal's cursor or change its colours."""
    return "".join(character if character.isprintable() or character in "\n\t" else "\ufffd" for character in text)


def print_json(value: Any) -> None:
    # ASCII only: whatever was in an input, nothing here can move a terminal's cursor.
    sys.stdout.write(json.dumps(value, indent=2) + "\n")


@contextmanager
def opened_platform() -> Iterator[Platform]:
    """The servers of the environment, or of the local stack that runs."""
    with Platform(settings_for_cli()) as platform:
        yield platform
