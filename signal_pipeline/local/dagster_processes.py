"""Dagster's processes: code server, webserver, daemon, and the fork server that runs are forked from.

The code server knows no password and would run code for whoever reaches it: it listens on a socket that only this
user reaches. The webserver knows none either, and has to listen on loopback (`webserver.py` says what it refuses).

What belongs here: how each is started and how one knows that it works. What does not: definitions.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from signal_pipeline.local.dagster_home import LOCATION_NAME, process_environment, write_dagster_home
from signal_pipeline.local.fork_server import FORK_SERVER_SOCKET, fork_server_command, is_fork_server_up
from signal_pipeline.local.part import Part
from signal_pipeline.local.sockets import make_socket_folder, remove_socket, socket_address
from signal_pipeline.local.state import StateFolder
from signal_pipeline.processes.spawn import Command
from signal_pipeline.settings import LOOPBACK
from signal_pipeline.storage.dagster_database import has_heartbeat_after


@dataclass(frozen=True)
class DagsterProcess:
    """A part (see `part.py`). `probe` takes the moment of the start."""

    name: str
    folder: Path
    module: Sequence[str]
    environment: Mapping[str, str] = field(repr=False)
    before: Callable[[], None]
    probe: Callable[[], bool]
    stop_signal: signal.Signals = signal.SIGTERM
    after: Callable[[], None] = lambda: None
    # The code server would wait for a sensor that waits for messages; whatever is cut off here is taken up again.
    grace_seconds: float = 5.0
    start_seconds: float = 120.0

    def prepare(self) -> Command:
        self.before()
        # In a folder without Python files: Dagster puts it on the module path, where a person's secrets.py
        # would stand in for Python's. (The -P option is no way out: Dagster drops the path's first entry.)
        return Command([sys.executable, "-m", *self.module], self.folder, self.environment)

    def is_ready(self) -> bool:
        return self.probe()

    def is_sick(self) -> bool:
        return False

    def finish_start(self) -> None:
        return

    def clean_up(self) -> None:
        self.after()


def code_server_address(folder: StateFolder) -> Path:
    return socket_address(folder, "code_server.sock")


def dagster_parts(
    folder: StateFolder, ports: Mapping[str, int], own: Mapping[str, str], database_url: str, definitions: str
) -> list[list[Part]]:
    """In batches: the others ask the code server for the definitions as they start.

    `own` are the variables of the stack; `database_url` is a libpq string of Dagster's database.
    """
    environment = process_environment(os.environ, own)
    workspace = ("-w", str(folder.dagster / "workspace.yaml"))
    code_server_socket, web_port = code_server_address(folder), ports["dagster_webserver"]
    heartbeat = DaemonHeartbeat(database_url)

    def write_files() -> None:
        make_socket_folder(code_server_socket, folder)
        write_dagster_home(folder.dagster, code_server_socket)

    code_server = DagsterProcess(
        "code_server",
        folder.dagster,
        [
            *("dagster", "api", "grpc", "-m", definitions, "--socket", str(code_server_socket)),
            *("--location-name", LOCATION_NAME, "--empty-working-directory"),
        ],
        environment,
        write_files,
        lambda: code_server_serves(code_server_socket),
        after=lambda: remove_socket(code_server_socket, folder),
    )
    webserver = DagsterProcess(
        "webserver",
        folder.dagster,
        ["signal_pipeline.local.webserver", "--host", LOOPBACK, "--port", str(web_port), *workspace],
        environment,
        write_files,
        lambda: webserver_answers(web_port),
    )
    daemon = DagsterProcess(
        "daemon", folder.dagster, ["dagster._daemon", "run", *workspace], environment, heartbeat.reset, heartbeat.beats
    )
    parts: list[list[Part]] = [[code_server], [webserver, daemon]]
    if address := own.get(FORK_SERVER_SOCKET):
        parts[0].append(fork_server(Path(address), folder, environment))
    return parts


def fork_server(address: Path, folder: StateFolder, environment: Mapping[str, str]) -> DagsterProcess:
    """Not asked for by anybody before it is ready, and missed by nobody: the default launcher then starts the runs."""
    return DagsterProcess(
        "fork_server",
        folder.dagster,
        fork_server_command(address, folder.run / "children"),
        environment,
        lambda: make_socket_folder(address, folder),
        lambda: is_fork_server_up(address),
        after=lambda: remove_socket(address, folder),
        # Its children get to the end of what they have in progress, or give it back.
        grace_seconds=25.0,
    )


def code_server_serves(address: Path) -> bool:
    """The gRPC health service says that the definitions are loaded."""
    import grpc  # type: ignore[import-untyped]
    from grpc_health.v1 import health_pb2, health_pb2_grpc  # type: ignore[import-untyped]

    with grpc.insecure_channel(f"unix:{address}") as channel:
        try:
            answer = health_pb2_grpc.HealthStub(channel).Check(
                health_pb2.HealthCheckRequest(service="DagsterApi"), timeout=2
            )
        except grpc.RpcError:
            return False
    return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)


def webserver_answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/server_info", timeout=2) as answer:
            return "dagster_version" in json.loads(answer.read())
    except (OSError, ValueError):
        return False


class DaemonHeartbeat:
    """The daemon has no port; its heartbeats in Dagster's database say that it works."""

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url
        self._since = datetime.now(UTC)

    def reset(self) -> None:
        """Count only heartbeats from now on."""
        self._since = datetime.now(UTC)

    def beats(self) -> bool:
        return has_heartbeat_after(self._database_url, self._since)
