"""DAGSTER_HOME of a local stack: its files, and the variables that Dagster's processes run with.

What belongs here: files and variables. What does not: the processes (`dagster_processes.py`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote

from signal_pipeline.local.fork_server import FORK_SERVER_SOCKET
from signal_pipeline.settings import Settings

LOCATION_NAME = "signal_pipeline"

_WORKSPACE = """\
load_from:
  - grpc_server:
      socket: {socket}
      location_name: "{location}"
"""


def write_dagster_home(folder: Path, code_server: Path) -> None:
    """dagster.yaml and workspace.yaml, replaced at each start. `code_server` is the address of its socket."""
    template = files("signal_pipeline.local").joinpath("dagster.yaml").read_text(encoding="utf-8")
    (folder / "dagster.yaml").write_text(template, encoding="utf-8")
    (folder / "workspace.yaml").write_text(
        _WORKSPACE.format(socket=json.dumps(str(code_server)), location=LOCATION_NAME), encoding="utf-8"
    )


def dagster_postgres_url(settings: Settings) -> str:
    """The URL form that dagster-postgres wants, with its driver named and the password quoted."""
    user, password = (quote(part, safe="") for part in settings.dagster_login)
    place = f"{settings.db_host}:{settings.db_port}/{settings.dagster_db_name}"
    return f"postgresql+psycopg2://{user}:{password}@{place}"


def dagster_variables(folder: Path, settings: Settings, fork_server_socket: str) -> dict[str, str]:
    """What Dagster's processes, and any that asks for the DagsterInstance, need beside the settings."""
    return {
        "DAGSTER_HOME": str(folder),
        "DAGSTER_POSTGRES_URL": dagster_postgres_url(settings),
        "MAX_CONCURRENT_TASKS": str(settings.max_concurrent_tasks),
        # Events of a run are written in batches: a range run over 200 reports is 7 times as fast.
        "DAGSTER_EVENT_BATCH_SIZE": "1000",
        "DAGSTER_DISABLE_TELEMETRY": "yes",
        # Nothing is fetched from a model hub at run time.
        "HF_HUB_OFFLINE": "1",
        FORK_SERVER_SOCKET: fork_server_socket,
    }


def process_environment(inherited: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """For Dagster's processes: a person's variables, and ours above them."""
    # Without compiled modules each run would compile Dagster again: 3 s.
    return {name: value for name, value in inherited.items() if name != "PYTHONDONTWRITEBYTECODE"} | dict(own)
