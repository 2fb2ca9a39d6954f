"""Starting one server process: own session, own log, default signals, nothing of ours inherited.

What belongs here: the fork and its surroundings. What does not: which servers there are.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from signal_pipeline.errors import LocalServerFailed
from signal_pipeline.processes.run_as import RunAs

TOKEN_VARIABLE = "SIGNAL_PIPELINE_STACK"
_KEPT_LOGS = 3
_ROTATE_ABOVE_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Command:
    """What to run. `environment` is all of it: nothing else is inherited."""

    argv: Sequence[str]
    folder: Path
    environment: Mapping[str, str] = field(repr=False)
    run_as: RunAs | None = None


def plain_environment() -> dict[str, str]:
    """For the foreign servers: they read variables (PG*, AWS_*, S3_BUCKET) that are not meant for them."""
    kept = ("PATH", "HOME", "TMPDIR", "TZ")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"LC_ALL": "C"}


def spawn(command: Command, log: Path, token: str) -> subprocess.Popen[bytes]:
    """Start it in the background, at the head of a new session and process group."""
    rotate(log)
    with log.open("ab") as output:
        try:
            return subprocess.Popen(
                command.argv,
                cwd=command.folder,
                env={**command.environment, TOKEN_VARIABLE: token},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_before_exec(command.run_as),  # noqa: PLW1509 (system calls only, no locks)
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise LocalServerFailed(f"{command.argv[0]} cannot be started: {error}") from error


def run_to_end(command: Command, log: Path, token: str) -> None:
    """Run a short command that must succeed, its output appended to the log."""
    process = spawn(command, log, token)
    try:
        code = process.wait(timeout=120)
    except BaseException:
        process.kill()
        process.wait()
        raise
    if code != 0:
        raise LocalServerFailed(f"{Path(command.argv[0]).name} ended with {code}; its log is {log}")


def rotate(log: Path) -> None:
    """Move a grown log aside, keeping the last few."""
    if not log.exists() or log.stat().st_size < _ROTATE_ABOVE_BYTES:
        return
    for number in range(_KEPT_LOGS - 1, 0, -1):
        older = log.with_name(f"{log.name}.{number}")
        if older.exists():
            older.replace(log.with_name(f"{log.name}.{number + 1}"))
    log.replace(log.with_name(f"{log.name}.1"))


class _before_exec:  # noqa: N801 (a function with an argument, that a forked child calls)
    """Runs in the child. Signals that a shell set to ignored (`command &`) would stay ignored for ever."""

    def __init__(self, run_as: RunAs | None) -> None:
        self._run_as = run_as

    def __call__(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        if self._run_as is not None:
            self._run_as.become()
