"""A child of the fork server that plays the product until it dies at a named crash point, or until all is done.

What belongs here: what such a child does. What does not: starting it, and checking what it left.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from reliability.client import Client
from reliability.corpus import item
from reliability.in_process import Line, opened_line
from reliability.journal import Journal
from signal_pipeline import crashpoints
from signal_pipeline.orchestration.run_process import RUN_PROCESS
from signal_pipeline.settings import Settings, load_settings


@dataclass(frozen=True)
class Order:
    """`settings` by name, with passwords. `items` are sent half one way, half the other, and worked one after the
    other; `crashpoint` is a name and the pass to die at, or empty."""

    settings: dict[str, Any]
    source: str
    journal: str
    items: tuple[int, ...]
    crashpoint: str = ""

    def encode(self) -> str:
        return json.dumps(asdict(self))


def open_settings(settings: Settings) -> dict[str, Any]:
    """For another process of the same user."""
    return {name: _open(getattr(settings, name)) for name in Settings.model_fields}


def _open(value: Any) -> Any:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return str(value) if isinstance(value, Path) else value


class CrashWork:
    """See signal_pipeline.processes.forkserver_work."""

    def preload(self) -> None:
        RUN_PROCESS.preload()

    def run(self, payload: str) -> int:
        order = Order(**json.loads(payload))
        with opened_line(load_settings(**order.settings)) as line:
            _die_at(order.crashpoint)
            _play(line, order)
        return 0

    def after_death(self, payload: str, exit_code: int | None) -> int:  # noqa: ARG002 - what the fork server calls
        return 0


def _die_at(point: str) -> None:
    """As if the environment had said so when the module was imported."""
    crashpoints._wanted, _, crashpoints._pass = point.partition(":")
    crashpoints._passes = count(1)


def _play(line: Line, order: Order) -> None:
    """Send and work one report, then the others together: each place is passed at least twice."""
    client = Client(line.platform, Journal(Path(order.journal)), order.source)
    for place, number in enumerate(order.items):
        (client.submit if place % 2 == 0 else client.produce)(item(number))
        if place == 0:
            line.work_off()
    line.work_off()


WORK = CrashWork()
