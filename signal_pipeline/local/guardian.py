"""A small process beside the supervisor: when the supervisor dies without a word, it ends what that one started.

It waits on a pipe. A byte means that all was stopped in order; the end of the pipe alone means sudden death.
A pipe and not the kernel's parent-death signal: that one follows the thread that forked, and is Linux's alone.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from signal_pipeline.local.leftovers import end_run
from signal_pipeline.local.state import RunRecord, StateFolder
from signal_pipeline.processes.spawn import TOKEN_VARIABLE


class Guardian:
    """The supervisor's handle."""

    def __init__(self, folder: StateFolder, token: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "signal_pipeline.local.guardian", str(folder.root)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, TOKEN_VARIABLE: token},
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def dismiss(self) -> None:
        """All is stopped: let it go home."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(b".")
            self._process.stdin.close()
        except BrokenPipeError:
            pass  # it was killed; nothing is left for it to do
        self._process.wait()


def watch(root: Path, token: str) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    if sys.stdin.buffer.read(1):
        return
    record = RunRecord.read(StateFolder(root).record_file)
    # A next run may already have written its own record; only this run's processes are ours to end.
    end_run(record if record is not None and record.token == token else RunRecord(token))


if __name__ == "__main__":
    watch(Path(sys.argv[1]), os.environ[TOKEN_VARIABLE])
