"""The whole product's servers on one machine, as a context manager: for `up`, the demo and the tests.

What belongs here: which parts there are, and the settings that lead to them. What does not: how one works.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from signal_pipeline.errors import LocalServerFailed
from signal_pipeline.local.api_process import NAME as API
from signal_pipeline.local.api_process import ApiProcess
from signal_pipeline.local.dagster_home import dagster_variables, process_environment
from signal_pipeline.local.drop_folder_process import DropFolderProcess
from signal_pipeline.local.existing import existing_servers, given_environment
from signal_pipeline.local.fork_server import fork_server_address
from signal_pipeline.local.nats_server import NatsPasswords, NatsServer
from signal_pipeline.local.part import Part, PortTaken
from signal_pipeline.local.ports import choose_ports, random_ports
from signal_pipeline.local.postgres_roles import DatabaseRole
from signal_pipeline.local.postgres_server import PostgresServer
from signal_pipeline.local.s3_server import S3Server
from signal_pipeline.local.secrets import InstallationSecrets, load_or_create
from signal_pipeline.local.state import StateFolder
from signal_pipeline.local.supervised_part import SupervisedPart
from signal_pipeline.local.supervisor import Supervisor
from signal_pipeline.processes.spawn import Command, run_to_end
from signal_pipeline.settings import LOOPBACK, Settings, load_settings

ROLE = "signal_pipeline"
DATABASE = "signal_pipeline"
DAGSTER_ROLE = "dagster"
DAGSTER_DATABASE = "dagster"
DEFAULT_BUCKET = "bug-repro-artifacts"
_ATTEMPTS = 3
_SETTINGS = tuple(name.upper() for name in Settings.model_fields)
_PATHS = ("FRAME_DIR", "MODEL_DIR", "TEMP_DIR", "API_TOKENS_FILE", "RUNTIME_SETTINGS_FILE", "DROP_FOLDER")


class LocalStack:
    """Postgres, NATS and S3, and with `with_dagster` Dagster's three processes and the API, below one folder.

    Entering returns when all of them answer; leaving returns when none of them runs. A server that
    `environment` names (NATS_URL, DB_HOST, S3_ENDPOINT; the process's environment and .env by default)
    is used as it is, and none is started in its place.

    `before_dagster` is called with the settings between the servers and Dagster: migrations, streams.
    """

    def __init__(
        self,
        home: Path,
        *,
        with_dagster: bool = True,
        ports: Mapping[str, int] | None = None,
        environment: Mapping[str, str] | None = None,
        definitions: str = "signal_pipeline.definitions",
        before_dagster: Callable[[Settings], None] = lambda _: None,
        on_progress: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.folder = StateFolder(home.absolute())
        self.with_dagster = with_dagster
        self._given = given_environment(environment)
        self._wanted_ports = _wanted_api_port(self._given) | dict(ports or {})
        self._existing = existing_servers(self._given)
        self._definitions = definitions
        self._before_dagster = before_dagster
        self._on_progress = on_progress
        self._supervisor: Supervisor | None = None
        self._secrets: InstallationSecrets | None = None
        self._ports: dict[str, int] = {}

    def __enter__(self) -> Self:
        self.folder.create()
        self._supervisor = Supervisor(self.folder)
        try:
            self._supervisor.open()
            self._secrets = load_or_create(self.folder.secrets_file)
            self._start_servers()
            self._before_dagster(self.settings())
            if self.with_dagster:
                self._start_dagster()
            self._running.record.ready = True
            self._running.update()
        except BaseException:
            self._supervisor.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._running.close()

    @property
    def ports(self) -> Mapping[str, int]:
        return self._ports

    @property
    def dagster_url(self) -> str:
        """Where the Dagster UI answers."""
        return f"http://{LOOPBACK}:{self._ports['dagster_webserver']}"

    @property
    def api_url(self) -> str:
        """Where the API and the report pages answer."""
        return f"http://{LOOPBACK}:{self._ports['api']}"

    @property
    def failure(self) -> LocalServerFailed | None:
        """Set when a part died so often that it is given up: the stack is no longer of use."""
        return self._running.failure

    def part(self, name: str) -> SupervisedPart:
        """A running part: "postgres", "nats", "s3", "code_server", "api", "webserver", "daemon"; else KeyError."""
        return self._running.part(name)

    def part_names(self) -> list[str]:
        """What this stack started itself, in order."""
        return self._running.names()

    def environment(self) -> dict[str, str]:
        """Every variable that the settings and Dagster need to find this stack. Holds passwords."""
        addresses = self._addresses()
        chosen = {name: self._given[name] for name in _SETTINGS if self._given.get(name) and name not in addresses}
        variables = (
            chosen
            | addresses
            | dagster_variables(self.folder.dagster, self.settings(), fork_server_address(self.folder, self.settings()))
        )
        # The processes work in another folder than ours.
        return {name: _absolute(value) if name in _PATHS else value for name, value in variables.items()}

    def settings(self) -> Settings:
        return load_settings(**{name.lower(): value for name, value in self._addresses().items()})

    def _addresses(self) -> dict[str, str]:
        own = self._own_environment()
        for server in self._existing:
            for name in server.variables:
                own.pop(name, None)
            own |= server.given
        return own

    def run(self, name: str, argv: Sequence[str]) -> None:
        """Run a short command to its end, with the stack's variables, its output in logs/<name>.log.

        LocalServerFailed when it fails. It never outlives the stack.
        """
        environment = process_environment(os.environ, self.environment())
        command = Command(argv, self.folder.run, environment)
        run_to_end(command, self.folder.logs / f"{name}.log", self._running.record.token)

    @property
    def _running(self) -> Supervisor:
        assert self._supervisor is not None, "the stack is not entered"
        return self._supervisor

    def _start_servers(self) -> None:
        """All side by side; again with other ports when somebody took one between our look and the start."""
        for attempt in range(1, _ATTEMPTS + 1):
            # Whoever took a usual port may be another stack that starts, and may be looking for the next one with us.
            self._ports = choose_ports(self._wanted_ports) if attempt == 1 else random_ports()
            self._remember_addresses()
            try:
                self._running.start(self._servers(), lambda name: self._on_progress(f"{name} is ready"))
            except PortTaken:
                self._running.stop_parts()
                if attempt == _ATTEMPTS:
                    raise
            else:
                return

    def _start_dagster(self) -> None:
        from signal_pipeline.local.dagster_processes import dagster_parts

        # Seconds have passed, in which somebody may have taken a port.
        self._ports = choose_ports(
            self._ports, keep=[part for part in self._ports if part != API and not part.startswith("dagster")]
        )
        self._remember_addresses()
        batches = dagster_parts(
            self.folder, self._ports, self.environment(), self.settings().dagster_database_url, self._definitions
        )
        batches[0].append(ApiProcess(self.folder.run, self._ports[API], self.environment()))
        watched = self.environment().get("DROP_FOLDER")
        if watched:
            batches[1].append(DropFolderProcess(self.folder.run, Path(watched), self.environment()))
        for number, batch in enumerate(batches):
            self._running.start(batch, lambda name: self._on_progress(f"{name} is ready"), stop_with_last=number > 0)
        self._running.record.dagster_url = self.dagster_url

    def _remember_addresses(self) -> None:
        record = self._running.record
        record.ports, record.environment, record.dagster_url = self._ports, self.environment(), None
        self._running.update()

    def _servers(self) -> list[Part]:
        secrets, ports = self._own_secrets, self._ports
        servers: dict[str, Part] = {
            "postgres": PostgresServer(
                self.folder.postgres,
                ports["postgres"],
                secrets.postgres_superuser,
                (
                    DatabaseRole(ROLE, secrets.postgres, DATABASE, may_create=True),
                    DatabaseRole(DAGSTER_ROLE, secrets.postgres_dagster, DAGSTER_DATABASE),
                ),
                self.folder.logs / "postgres.log",
                self._running.record.token,
            ),
            "nats": self._nats(),
            "s3": S3Server(
                self.folder.s3,
                ports,
                secrets.s3_access_key,
                secrets.s3_secret_key,
                secrets.s3_internal,
                self.settings().s3_bucket,
            ),
        }
        existing = {server.part for server in self._existing}
        return [part for name, part in servers.items() if name not in existing]

    def _nats(self) -> NatsServer:
        secrets = self._own_secrets
        stream, consumer = (
            self._given.get(name.upper()) or str(Settings.model_fields[name].default)
            for name in ("nats_stream", "nats_consumer")
        )
        passwords = NatsPasswords(secrets.nats, secrets.nats_producer, secrets.nats_operator)
        return NatsServer(self.folder.nats, self._ports["nats"], passwords, stream, consumer)

    @property
    def _own_secrets(self) -> InstallationSecrets:
        assert self._secrets is not None, "the stack is not entered"
        return self._secrets

    def _own_environment(self) -> dict[str, str]:
        secrets, ports, folder, nats = self._own_secrets, self._ports, self.folder, self._nats()
        own_pages = {"DAGSTER_URL": self.dagster_url, "API_URL": self.api_url} if self.with_dagster else {}
        pages = {name: self._given.get(name) or url for name, url in own_pages.items()}
        return pages | {
            "API_PORT": str(ports[API]),
            "DB_HOST": LOOPBACK,
            "DB_PORT": str(ports["postgres"]),
            "DB_NAME": DATABASE,
            "DB_USERNAME": ROLE,
            "DB_PASSWORD": secrets.postgres,
            "DAGSTER_DB_NAME": DAGSTER_DATABASE,
            "DAGSTER_DB_USERNAME": DAGSTER_ROLE,
            "DAGSTER_DB_PASSWORD": secrets.postgres_dagster,
            "NATS_URL": nats.url,
            "NATS_PRODUCER_URL": nats.producer_url,
            "NATS_OPERATOR_URL": nats.operator_url,
            "NATS_MONITOR_URL": nats.monitor_url,
            "S3_ENDPOINT": f"http://{LOOPBACK}:{ports['s3']}",
            "S3_ACCESS_KEY": secrets.s3_access_key,
            "S3_SECRET_KEY": secrets.s3_secret_key,
            "S3_BUCKET": self._given.get("S3_BUCKET") or DEFAULT_BUCKET,
            "S3_REGION": "us-east-1",
            "FRAME_DIR": self._given.get("FRAME_DIR") or str(folder.frames),
            "MODEL_DIR": self._given.get("MODEL_DIR") or str(folder.models),
            "REDACTION_KEY": self._given.get("REDACTION_KEY") or secrets.redaction_key,
        }


def _wanted_api_port(given: Mapping[str, str]) -> dict[str, int]:
    """A value that is no port is named by the settings, which are read later."""
    port = given.get("API_PORT", "")
    return {API: int(port)} if port.isdecimal() and 0 < int(port) <= 65_535 else {}


def _absolute(path: str) -> str:
    return str(Path(path).absolute())
