"""The API as a part of the local stack: reports in, pages and numbers out, on loopback."""

from __future__ import annotations

import os
import signal
import sys
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from signal_pipeline.local.dagster_home import process_environment
from signal_pipeline.processes.spawn import Command
from signal_pipeline.settings import LOOPBACK

NAME = "api"


@dataclass(frozen=True)
class ApiProcess:
    """A part (see `part.py`). `variables` are those of the stack."""

    folder: Path
    port: int
    variables: Mapping[str, str] = field(repr=False)
    name: str = NAME
    stop_signal: signal.Signals = signal.SIGTERM
    grace_seconds: float = 12.0
    start_seconds: float = 120.0

    def prepare(self) -> Command:
        own = {**self.variables, "API_HOST": LOOPBACK, "API_PORT": str(self.port)}
        # In the stack's own folder: Python would take a person's secrets.py for its own module.
        return Command([sys.executable, "-m", "signal_pipeline.api"], self.folder, process_environment(os.environ, own))

    def is_ready(self) -> bool:
        return api_answers(self.port)

    def is_sick(self) -> bool:
        return False

    def finish_start(self) -> None:
        return

    def clean_up(self) -> None:
        return


def api_answers(port: int, path: str = "/health/live") -> bool:
    try:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}{path}", timeout=2) as answer:
            return bool(answer.status == 200)
    except (OSError, ValueError):
        return False
