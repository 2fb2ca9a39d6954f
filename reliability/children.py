"""A fork server of our own, whose children do what they are ordered and may die of it.

What belongs here: starting it, ordering, waiting for a child's end. What does not: what a child does.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from signal_pipeline.processes.forkserver_protocol import Answer, ForkServerUnavailable, Request, ask
from signal_pipeline.processes.termination import wait_until

LONGEST_SECONDS = 180.0


class Forge:
    """`work` is module:name of a Work. Children are told apart by the names of their orders."""

    def __init__(self, folder: Path, work: str) -> None:
        self._folder = folder
        self._work = work
        self._address = folder / "forge.sock"

    def __enter__(self) -> Self:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "DAGSTER_EVENT_BATCH_SIZE": "1000"}
        command = [sys.executable, "-m", "signal_pipeline.processes.forkserver", "--socket", str(self._address)]
        command += ["--records", str(self._folder / "children"), "--work", self._work]
        with (self._folder / "forge.log").open("wb") as log:
            self._process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        if not wait_until(self._answers, LONGEST_SECONDS):
            self._process.kill()
            raise RuntimeError(f"the fork server did not come up; see {self._folder / 'forge.log'}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait()

    def start(self, name: str, payload: str) -> None:
        answer = ask(self._address, Request("start", name, payload))
        if answer.state != "started":
            raise RuntimeError(f"child {name} was not started: {answer}")

    def wait(self, name: str) -> int:
        """Its exit code; negative when a signal ended it."""
        if not wait_until(lambda: self._status(name).state == "ended", LONGEST_SECONDS):
            raise RuntimeError(f"child {name} did not end")
        code = self._status(name).exit_code
        assert code is not None
        return code

    def do(self, name: str, payload: str) -> int:
        self.start(name, payload)
        return self.wait(name)

    def _status(self, name: str) -> Answer:
        return ask(self._address, Request("look", name))

    def _answers(self) -> bool:
        if self._process.poll() is not None:
            raise RuntimeError(f"the fork server ended; see {self._folder / 'forge.log'}")
        try:
            return ask(self._address, Request("ping")).state == "ready"
        except ForkServerUnavailable:
            return False
