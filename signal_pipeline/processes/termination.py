"""Ending processes for good: politely, then by force, and those that hide as well.

What belongs here: signals, patience, the sweep. What does not: which processes belong to a stack (`leftovers.py`).
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterable

from signal_pipeline.processes.identity import ProcessIdentity
from signal_pipeline.processes.spawn import TOKEN_VARIABLE

_STEP_SECONDS = 0.02


def signal_group(leader: int, number: signal.Signals) -> bool:
    """Signal a session leader and all in its group; False when none is left."""
    try:
        os.killpg(leader, number)
    except ProcessLookupError:
        return False
    except PermissionError:
        # macOS says so for a group of zombies.
        return False
    return True


def is_group_alive(leader: int) -> bool:
    """Whether a group, whose leader may be gone, has a member that is not a zombie."""
    import psutil

    return any(_is_in_group(pid, leader) and ProcessIdentity.of(pid) is not None for pid in psutil.pids())


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(_STEP_SECONDS)
    return True


def terminate_all(
    processes: Iterable[ProcessIdentity], number: signal.Signals, grace_seconds: float, *, groups: bool = True
) -> None:
    """Signal each (with `groups` its group too, where it leads one), wait for all of them, then kill what is left."""
    alive = [process for process in processes if process.is_alive()]
    for process in alive:
        _signal(process, number, groups)
    wait_until(lambda: not any(process.is_alive() for process in alive), grace_seconds)
    rest = [process for process in alive if process.is_alive()]
    for process in rest:
        _signal(process, signal.SIGKILL, groups)
    wait_until(lambda: not any(process.is_alive() for process in rest), 5.0)


def processes_with_token(token: str) -> list[ProcessIdentity]:
    """Every process, in whatever group or session, that inherited the token in its environment; not ourselves."""
    import psutil

    found = []
    for process in psutil.process_iter():
        if process.pid == os.getpid():
            continue
        try:
            carries = process.environ().get(TOKEN_VARIABLE) == token
        except (psutil.Error, OSError):
            continue
        identity = ProcessIdentity.of(process.pid) if carries else None
        if identity is not None:
            found.append(identity)
    return found


def _signal(process: ProcessIdentity, number: signal.Signals, groups: bool) -> None:
    """The identity was checked just before."""
    try:
        if groups and os.getpgid(process.pid) == process.pid:
            os.killpg(process.pid, number)
        else:
            os.kill(process.pid, number)
    except (ProcessLookupError, PermissionError):
        return


def _is_in_group(pid: int, leader: int) -> bool:
    try:
        return os.getpgid(pid) == leader
    except (ProcessLookupError, PermissionError):
        return False
