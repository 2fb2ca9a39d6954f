"""The one folder in which a local stack keeps everything it owns, and the record of what runs.

What belongs here: paths, permissions, the run record. What does not: how a server is started.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from signal_pipeline.errors import LocalServerFailed
from signal_pipeline.processes.identity import ProcessIdentity

HOME_VARIABLE = "SIGNAL_PIPELINE_HOME"
DEFAULT_HOME = Path(".signal_pipeline")
MARKER = "signal_pipeline.state"
SUBFOLDERS = ("pg", "nats", "s3", "dagster", "models", "frames", "logs", "run")


def state_home(environment: Mapping[str, str] | None = None) -> Path:
    """The state folder that is meant: SIGNAL_PIPELINE_HOME, or `.signal_pipeline` here. Absolute."""
    chosen = (os.environ if environment is None else environment).get(HOME_VARIABLE)
    return (Path(chosen).expanduser() if chosen else DEFAULT_HOME).absolute()


@dataclass(frozen=True)
class StateFolder:
    """Paths below one root. Nothing outside the root is ever written."""

    root: Path

    @property
    def postgres(self) -> Path:
        return self.root / "pg"

    @property
    def nats(self) -> Path:
        return self.root / "nats"

    @property
    def s3(self) -> Path:
        return self.root / "s3"

    @property
    def dagster(self) -> Path:
        return self.root / "dagster"

    @property
    def models(self) -> Path:
        return self.root / "models"

    @property
    def frames(self) -> Path:
        return self.root / "frames"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def secrets_file(self) -> Path:
        return self.root / "secrets.json"

    @property
    def lock_file(self) -> Path:
        return self.run / "lock"

    @property
    def record_file(self) -> Path:
        return self.run / "stack.json"

    def is_ours(self) -> bool:
        return (self.root / MARKER).is_file()

    def create(self) -> None:
        """Make the folders, closed to other users. Refuses a folder that holds somebody else's files."""
        if self.root.is_dir() and not self.is_ours():
            strangers = {entry.name for entry in self.root.iterdir()} - set(SUBFOLDERS)
            if strangers:
                raise LocalServerFailed(
                    f"{self.root} contains other files, so it cannot become a state folder; "
                    f"set {HOME_VARIABLE} to a new or empty folder"
                )
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            self.root.chmod(0o700)
            for name in SUBFOLDERS:
                folder = self.root / name
                folder.mkdir(exist_ok=True)
                folder.chmod(0o700)
            (self.root / MARKER).write_text("State of a local signal_pipeline. See `signal-pipeline down`.\n")
        except OSError as error:
            raise LocalServerFailed(
                f"the state folder {self.root} cannot be written ({error.strerror}); set {HOME_VARIABLE}"
            ) from error


@dataclass
class RunRecord:
    """What one run of a stack started: enough to find it, and to end it when its supervisor is gone.

    `token` is in the environment of every process of the run. `parts` are in the order of their start.
    `environment` holds passwords, so the file is readable by its owner alone.
    """

    token: str
    supervisor: ProcessIdentity | None = None
    guardian: ProcessIdentity | None = None
    parts: dict[str, ProcessIdentity] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    dagster_url: str | None = None
    ready: bool = False

    def write(self, path: Path) -> None:
        write_private(path, json.dumps(asdict(self), indent=1))

    @classmethod
    def read(cls, path: Path) -> RunRecord | None:
        """The record, or None where there is none or a torn one (a torn one names nothing that can be trusted)."""
        try:
            raw: dict[str, Any] = json.loads(path.read_text())
            return cls(
                token=str(raw["token"]),
                supervisor=_identity(raw["supervisor"]),
                guardian=_identity(raw["guardian"]),
                parts={name: ProcessIdentity(**value) for name, value in raw["parts"].items()},
                ports=dict(raw["ports"]),
                environment=dict(raw["environment"]),
                dagster_url=raw["dagster_url"],
                ready=bool(raw["ready"]),
            )
        except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
            return None


def write_private(path: Path, text: str) -> None:
    """Replace `path` in one step with a file that only its owner may read."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    Path(name).replace(path)


def _identity(raw: dict[str, Any] | None) -> ProcessIdentity | None:
    return None if raw is None else ProcessIdentity(**raw)
