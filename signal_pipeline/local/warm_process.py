"""The warm process of a local stack: its address, its command, whether it answers."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from signal_pipeline.local.sockets import socket_address
from signal_pipeline.local.state import StateFolder
from signal_pipeline.processes.forkserver_protocol import Request, WarmProcessUnavailable, ask
from signal_pipeline.settings import Settings

# What dagster.yaml reads; empty where there is none, and then the default launcher starts the runs.
WARM_SOCKET = "WARM_SOCKET"
WORK = "signal_pipeline.orchestration.run_process:RUN_PROCESS"


def warm_address(folder: StateFolder, settings: Settings) -> str:
    """Empty where forking is off or not safe.

    macOS ends a forked process that touches its system libraries, numpy's among them.
    """
    if sys.platform != "linux" or not settings.warm_process:
        return ""
    return str(socket_address(folder, "warm.sock"))


def warm_command(address: Path, records: Path) -> Sequence[str]:
    return ["signal_pipeline.processes.forkserver", "--socket", str(address), "--records", str(records), "--work", WORK]


def warm_answers(address: Path) -> bool:
    try:
        return ask(address, Request("ping"), patience_seconds=2.0).state == "ready"
    except WarmProcessUnavailable:
        return False
