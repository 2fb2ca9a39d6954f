"""The seeded adversary: kill -9 of the stack's own processes, one after the other, at random moments.

What belongs here: what is killed and when, and the record of it. What does not: what must hold afterwards.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator

import psutil

from signal_pipeline.local.stack import LocalStack

PARTS = ("nats", "postgres", "daemon", "code_server", "fork_server")
WORKER = "worker"
TARGETS = (*PARTS, WORKER)
SHORTEST_PAUSE, LONGEST_PAUSE = 3.0, 8.0
# What a run needs to get on is spared for this long after its last death: nothing could ever end otherwise.
MERCY_SECONDS = {"daemon": 20.0, "code_server": 20.0, "fork_server": 12.0, WORKER: 12.0}
# Of the pauses, the share that is three times as long: work must also be seen to go on.
CALM_SHARE = 0.25
POLL_SECONDS = 0.05


class Nemesis:
    """Kills between `start` and `stop`. Every target comes before any comes again."""

    def __init__(
        self, stack: LocalStack, seed: int, on_fault: Callable[[str], None] = lambda _: None, pace: float = 1.0
    ) -> None:
        """All pauses are `pace` times as long."""
        self._stack = stack
        self._pace = pace
        self._dice = random.Random(seed)
        self._on_fault = on_fault
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._strike, name="nemesis", daemon=True)
        self._last: dict[str, float] = {}
        self.kills: Counter[str] = Counter()
        self.last_fault = time.monotonic()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    @property
    def has_killed_each(self) -> bool:
        return set(self.kills) == set(TARGETS)

    def _strike(self) -> None:
        for target in self._targets():
            pause = self._dice.uniform(SHORTEST_PAUSE, LONGEST_PAUSE) * (3 if self._dice.random() < CALM_SHARE else 1)
            mercy = self._last.get(target, -1e9) + MERCY_SECONDS.get(target, 0.0) * self._pace - time.monotonic()
            if self._over.wait(max(pause * self._pace, mercy)):
                return
            if self._kill(target):
                self._last[target] = self.last_fault = time.monotonic()
                self.kills[target] += 1
                self._on_fault(target)

    def _targets(self) -> Iterator[str]:
        while True:
            yield from self._dice.sample(TARGETS, len(TARGETS))

    def _kill(self, target: str) -> bool:
        """False when nothing of the kind runs until it is over. A worker is waited for: most live for a second."""
        while not self._over.is_set():
            pid = self._worker() if target == WORKER else self._part(target)
            if pid is not None:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue
                return True
            self._over.wait(POLL_SECONDS)
        return False

    def _part(self, name: str) -> int | None:
        part = self._stack.part(name)
        if not part.is_ready:
            return None
        # So many deaths would be no accident to a supervisor: it would give the part up.
        part._history.forgive()
        return part.pid

    def _worker(self) -> int | None:
        pid = self._stack.part("fork_server").pid
        try:
            children = [] if pid is None else psutil.Process(pid).children()
        except psutil.Error:
            return None
        return self._dice.choice(children).pid if children else None
