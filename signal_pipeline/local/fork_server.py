"""The fork server of a local stack: its address, its command, whether it answers."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from signal_pipeline.local.sockets import socket_address
from signal_pipeline.local.state import StateFolder
from signal_pipeline.processes.forkserver_protocol import ForkServerUnavailable, Request, ask
from signal_pipeline.settings import Settings

# What dagster.yaml reads; empty where there is none, and then the default launcher starts the runs.
FORK_SERVER_SOCKET = "FORK_SERVER_SOCKET"
WORK = "signal_pipeline.orchestration.run_process:RUN_PROCESS"


def fork_server_address(folder: StateFolder, settings: Settings) -> str:
    """Empty where forking is off or not safe.

    macOS ends a forked process that touches its system libraries, numpy's among them.
    """
    if sys.platform != "linux" or not settings.fork_server:
        return ""
    return str(socket_address(folder, "fork_server.sock"))


def fork_server_command(address: Path, records: Path) -> Sequence[str]:
    return ["signal_pipeline.processes.forkserver", "--socket", str(address), "--records", str(records), "--work", WORK]


def is_fork_server_up(address: Path) -> bool:
    try:
        return ask(address, Request("ping"), patience_seconds=2.0).state == "ready"
    except ForkServerUnavailable:
        return False
