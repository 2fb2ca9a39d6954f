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
    """A console for people. Markup is off: templates from inputs contain brackets."""
    return Console(highlight=False, markup=False)


def progress_console() -> Console:
    """Progress goes to stderr, so that stdout has only the result."""
    return Console(stderr=True, highlight=False, markup=False)


def print_json(value: Any) -> None:
    # ASCII only: whatever an input contained, nothing here can move a terminal's cursor.
    sys.stdout.write(json.dumps(value, indent=2) + "\n")


@contextmanager
def opened_platform() -> Iterator[Platform]:
    """The configured servers, or those of the running local stack."""
    with Platform(settings_for_cli()) as platform:
        yield platform
