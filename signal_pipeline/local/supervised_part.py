"""One part and the thread that keeps it alive.

What belongs here: start, watch, restart and stop of one. What does not: their order (`supervisor.py`).
"""

from __future__ import annotations

import logging
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

from signal_pipeline.errors import LocalServerFailed
from signal_pipeline.local.part import Part, wait_ready
from signal_pipeline.local.restart_policy import RestartHistory
from signal_pipeline.processes.identity import ProcessIdentity
from signal_pipeline.processes.spawn import spawn
from signal_pipeline.processes.termination import is_group_alive, signal_group, terminate_all, wait_until

logger = logging.getLogger(__name__)

_POLL_SECONDS = 0.1
_HEALTH_SECONDS = 5.0
_MOST_FAILED_CHECKS = 6


class SupervisedPart:
    """Thread-safe. `record` is called with every new process; `give_up` of a part that cannot be kept alive."""

    def __init__(
        self,
        part: Part,
        log: Path,
        token: str,
        record: Callable[[str, ProcessIdentity], None],
        give_up: Callable[[LocalServerFailed], None],
    ) -> None:
        self.part = part
        self._log, self._token, self._record, self._give_up = log, token, record, give_up
        self._process: subprocess.Popen[bytes] | None = None
        self._identity: ProcessIdentity | None = None
        self._started_at = 0.0
        self._stopping = threading.Event()
        self._ready = threading.Event()
        self._keeper: threading.Thread | None = None
        self._history = RestartHistory()

    @property
    def pid(self) -> int | None:
        """The pid of the process that runs now."""
        return None if self._process is None or self._process.poll() is not None else self._process.pid

    @property
    def is_ready(self) -> bool:
        return self._ready.is_set() and self.pid is not None

    def start(self) -> None:
        """Return when it is ready; LocalServerFailed when it is not going to be."""
        command = self.part.prepare()
        if self._stopping.is_set():
            raise LocalServerFailed(f"the start of {self.part.name} was cancelled")
        self._started_at = time.monotonic()
        self._process = spawn(command, self._log, self._token)
        self._identity = ProcessIdentity.of(self._process.pid)
        if self._identity is not None:
            self._record(self.part.name, self._identity)
        wait_ready(self.part, self._process, self._log, self._stopping.is_set)
        self.part.finish_start()
        self._ready.set()

    def keep(self) -> None:
        """From now on start it again whenever it dies."""
        self._keeper = threading.Thread(target=self._keep, name=f"keep-{self.part.name}", daemon=True)
        self._keeper.start()

    def cancel(self) -> None:
        """Give up a start that is under way."""
        self._stopping.set()

    def stop(self) -> None:
        """Returns when nothing of it runs."""
        self._stopping.set()
        if self._keeper is not None:
            self._keeper.join()
        self._end()
        self.part.clean_up()

    def _keep(self) -> None:
        assert self._process is not None
        failed_checks, next_check = 0, time.monotonic() + _HEALTH_SECONDS
        while not self._stopping.wait(_POLL_SECONDS):
            if self._process.poll() is not None:
                self._ready.clear()
                if not self._revive():
                    return
                failed_checks = 0
            elif time.monotonic() >= next_check:
                failed_checks = failed_checks + 1 if self.part.is_sick() else 0
                next_check = time.monotonic() + _HEALTH_SECONDS
                if failed_checks >= _MOST_FAILED_CHECKS:
                    logger.warning("%s reports that it is broken; restarting it", self.part.name)
                    self._history.forgive()
                    self._end()

    def _revive(self) -> bool:
        """Start it until it is ready; False when it is stopped meanwhile or dies too often."""
        assert self._process is not None
        while True:
            pause = self._history.pause_after_death(time.monotonic() - self._started_at)
            if pause is None:
                self._give_up(
                    LocalServerFailed(f"{self.part.name} died {self._history.deaths} times; its log is {self._log}")
                )
                return False
            logger.warning("%s ended with %s: started again", self.part.name, self._process.returncode)
            if self._stopping.wait(pause):
                return False
            try:
                self.start()
            except LocalServerFailed as error:
                self._end()
                if self._stopping.is_set():
                    return False
                logger.warning("%s", error)
                continue
            return True

    def _end(self) -> None:
        """End the process and its group."""
        process, identity = self._process, self._identity
        self._ready.clear()
        if process is None:
            return
        was_alive = identity is not None and identity.is_alive()
        if identity is not None:
            terminate_all([identity], self.part.stop_signal, self.part.grace_seconds)
        process.wait()
        self._end_group(process.pid, was_signalled=was_alive)

    def _end_group(self, leader: int, *, was_signalled: bool) -> None:
        """Children outlive a leader that was killed, or are slower. Told twice, they would break off tidying up."""
        if ProcessIdentity.of(leader) is not None or not is_group_alive(leader):
            return  # nobody is left, or the number belongs to somebody else by now
        if not was_signalled:
            signal_group(leader, self.part.stop_signal)
        if not wait_until(lambda: not is_group_alive(leader), self.part.grace_seconds):
            signal_group(leader, signal.SIGKILL)
