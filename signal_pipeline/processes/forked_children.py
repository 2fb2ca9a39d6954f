"""The processes that the fork server has forked: who they are, on disk as well, so that its successor knows them.

A child outlives a fork server that is killed; the next one finds its record and goes on watching it.
"""

from __future__ import annotations

import json
import os
import signal
import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from signal_pipeline.processes.identity import ProcessIdentity

REMEMBERED = 1000


@dataclass
class Child:
    """One running child. `adopted`: an earlier fork server forked it, so its exit code is unknown."""

    job: str
    payload: str
    identity: ProcessIdentity
    adopted: bool = False
    kill_at: float | None = None


class Children:
    """Keeps the table of running children, and how the last thousand ended."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: dict[str, Child] = {}
        self._ended: OrderedDict[str, int | None] = OrderedDict()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def __len__(self) -> int:
        return len(self._running)

    def __iter__(self) -> Iterator[Child]:
        return iter(list(self._running.values()))

    def running(self, job: str) -> Child | None:
        return self._running.get(job)

    def has_ended(self, job: str) -> bool:
        return job in self._ended

    def exit_code(self, job: str) -> int | None:
        """None when nobody could know."""
        return self._ended.get(job)

    def add(self, child: Child) -> None:
        record = {"job": child.job, "payload": child.payload, "pid": child.identity.pid, "at": child.identity.started}
        place = self._record(child)
        draft = place.with_suffix(".new")
        draft.write_text(json.dumps(record), encoding="utf-8")
        draft.replace(place)
        self._running[child.job] = child

    def adopt(self) -> list[Child]:
        """Take over what an earlier fork server left; those that are dead already are returned."""
        dead = []
        for path in sorted(self._folder.glob("*.json")):
            try:
                record = json.loads(path.read_text(encoding="utf-8"))
                identity = ProcessIdentity(int(record["pid"]), str(record["at"]))
                child = Child(str(record["job"]), str(record["payload"]), identity, adopted=True)
            except (ValueError, KeyError, TypeError):
                path.unlink()
                continue
            self._running[child.job] = child
            if not identity.is_alive():
                dead.append(child)
        return dead

    def by_pid(self, pid: int) -> Child | None:
        return next((child for child in self._running.values() if child.identity.pid == pid), None)

    def vanished(self) -> list[Child]:
        """Adopted children that are gone: the kernel reports the death of one's own children only."""
        return [child for child in self if child.adopted and not child.identity.is_alive()]

    def remove(self, child: Child, exit_code: int | None) -> None:
        self._running.pop(child.job, None)
        self._record(child).unlink(missing_ok=True)
        self._ended[child.job] = exit_code
        while len(self._ended) > REMEMBERED:
            self._ended.popitem(last=False)

    def _record(self, child: Child) -> Path:
        return self._folder / f"{child.identity.pid}.json"


def tell(child: Child, number: signal.Signals) -> None:
    """Send a signal to the child's whole group; it leads one of its own."""
    if child.identity.is_alive():
        try:
            os.killpg(child.identity.pid, number)
        except ProcessLookupError:
            return
        except PermissionError:  # macOS: a group whose leader is a zombie
            return


def end_softly(child: Child, grace_seconds: float) -> None:
    """Ask it to end; it is killed when it has not after its grace. Asking twice does not prolong that."""
    if child.kill_at is None:
        child.kill_at = time.monotonic() + grace_seconds
        tell(child, signal.SIGTERM)
