"""What a killed Postgres leaves behind, and how its data folder becomes startable again.

Postgres refuses to start over a `postmaster.pid` whose pid is alive in any sense: a zombie, or another process
that got the number. And it must never be started while backends of the killed one still live: they share memory
and would damage the data. So: first every process that works in the data folder ends, then the file goes.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

from signal_pipeline.processes.identity import ProcessIdentity
from signal_pipeline.processes.termination import terminate_all

_GRACE_SECONDS = 10.0


def clear_leftovers(data: Path) -> None:
    """Make sure that no process uses `data`. The caller holds the lock of the state folder."""
    # SIGQUIT: end at once; the next start recovers from the write-ahead log, as after a crash.
    terminate_all(_processes_in(data), signal.SIGQUIT, _GRACE_SECONDS)
    (data / "postmaster.pid").unlink(missing_ok=True)


def _processes_in(data: Path) -> list[ProcessIdentity]:
    """All processes whose working folder is the data folder, where Postgres and its backends live."""
    import psutil

    here = data.stat()
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid == os.getpid() or not os.path.samestat(Path(process.cwd()).stat(), here):
                continue
        except (psutil.Error, OSError):
            continue
        identity = ProcessIdentity.of(process.pid)
        if identity is not None:
            found.append(identity)
    return found
