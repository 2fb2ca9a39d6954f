"""What every part of the stack looks like to its supervisor.

What belongs here: the protocol and waiting for readiness. What does not: any particular server.
"""

from __future__ import annotations

import re
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from signal_pipeline.errors import LocalServerFailed
from signal_pipeline.processes.spawn import Command

_STEP_SECONDS = 0.02
_TAIL_LINES = 4
_TAIL_BYTES = 1_200
# The parts of an S3 server go on talking for a while after one of them has found its port taken.
_SEARCHED_BYTES = 16_000


# How Postgres, NATS, SeaweedFS and Python's servers say it.
_PORT_TAKEN = re.compile(r"address already in use|port allocation|could not bind", re.IGNORECASE)


class PortTaken(LocalServerFailed):
    """It ended because somebody took a port between our look and its start; another port may do."""


class Part(Protocol):
    """One server. All methods may be called again after the process died."""

    @property
    def name(self) -> str: ...
    @property
    def stop_signal(self) -> signal.Signals: ...
    @property
    def grace_seconds(self) -> float:
        """How long it may take to stop before it is killed."""

    @property
    def start_seconds(self) -> float:
        """How long it may take to become ready."""

    def prepare(self) -> Command:
        """Make its files, clear what an earlier run left, and say what to run."""

    def is_ready(self) -> bool:
        """One short probe by a real request."""

    def is_sick(self) -> bool:
        """Whether it says of itself that only a restart helps. An answer that does not come is not sickness."""

    def finish_start(self) -> None:
        """What is to be made inside the ready server. Idempotent."""

    def clean_up(self) -> None:
        """Remove what it leaves outside the state folder. Called when it has stopped."""


def wait_ready(
    part: Part, process: subprocess.Popen[bytes], log: Path, is_cancelled: Callable[[], bool] = lambda: False
) -> None:
    """Return when the part answers; LocalServerFailed when it died, took too long or was cancelled."""
    deadline = time.monotonic() + part.start_seconds
    # Ready and alive: what answers may be another server, on a port that ours did not get.
    while not (part.is_ready() and process.poll() is None):
        code = process.poll()
        if code is not None:
            kind = PortTaken if _PORT_TAKEN.search(_end_of(log, _SEARCHED_BYTES)) else LocalServerFailed
            raise kind(f"{part.name} ended with {code} while starting:\n{log_tail(log)}\n(log: {log})")
        if is_cancelled():
            raise LocalServerFailed(f"the start of {part.name} was cancelled")
        if time.monotonic() > deadline:
            raise LocalServerFailed(f"{part.name} did not respond after {part.start_seconds:.0f} s; its log is {log}")
        time.sleep(_STEP_SECONDS)


def log_tail(log: Path) -> str:
    """The last few lines: only for a server that is just starting, when they cannot hold data of a report."""
    lines = _end_of(log, _TAIL_BYTES).splitlines()
    return "\n".join(f"  {line}" for line in lines[-_TAIL_LINES:])


def _end_of(log: Path, size: int) -> str:
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - size))
        return file.read().decode("utf-8", "replace")
