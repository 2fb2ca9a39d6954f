"""Ending a stack from outside: asking its supervisor, or doing its work when it is gone; deleting its data.

What belongs here: what `down` does. What does not: which processes belong to a run (`leftovers.py`).
"""

from __future__ import annotations

import shutil
import signal

from signal_pipeline.errors import LocalServerFailed
from signal_pipeline.local.leftovers import end_run
from signal_pipeline.local.lock import StateLock, is_held
from signal_pipeline.local.state import MARKER, SUBFOLDERS, RunRecord, StateFolder
from signal_pipeline.processes.termination import terminate_all, wait_until

# The supervisor stops three batches, each of which may need its whole grace.
_SUPERVISOR_SECONDS = 45.0


def stop_stack(folder: StateFolder) -> list[str]:
    """Stop what runs in the folder; the names of the parts that were alive. Nothing runs there afterwards."""
    record = RunRecord.read(folder.record_file)
    if is_held(folder.lock_file) and (record is None or record.supervisor is None):
        # A supervisor holds the lock just before it has written its record, and just after it has removed it.
        wait_until(lambda: _has_settled(folder), 5.0)
        record = RunRecord.read(folder.record_file)
    if record is None:
        if is_held(folder.lock_file):
            raise LocalServerFailed(
                f"a process has a lock on {folder.lock_file} and has not recorded its id; try again"
            )
        return []
    alive = [name for name, identity in record.parts.items() if identity.is_alive()]
    if record.supervisor is not None and is_held(folder.lock_file):
        # Not its group: a shell puts `up | tee log` into one.
        terminate_all([record.supervisor], signal.SIGTERM, _SUPERVISOR_SECONDS, groups=False)
    lock = StateLock(folder.lock_file)
    lock.acquire()
    try:
        end_run(record)
        if record.guardian is not None:
            terminate_all([record.guardian], signal.SIGKILL, 5.0)
        folder.record_file.unlink(missing_ok=True)
    finally:
        lock.release()
    return alive


def purge_state(folder: StateFolder) -> None:
    """Delete what is ours in the folder, and the folder when nothing else is in it. Call `stop_stack` first."""
    if not folder.is_ours():
        raise LocalServerFailed(f"{folder.root} is not a state folder of signal-pipeline: nothing is deleted")
    lock = StateLock(folder.lock_file)
    lock.acquire()
    try:
        for name in SUBFOLDERS:
            if (folder.root / name).is_dir():
                shutil.rmtree(folder.root / name)
        folder.secrets_file.unlink(missing_ok=True)
        (folder.root / MARKER).unlink()
    finally:
        lock.release()
    if not any(folder.root.iterdir()):
        folder.root.rmdir()


def _has_settled(folder: StateFolder) -> bool:
    record = RunRecord.read(folder.record_file)
    return not is_held(folder.lock_file) or (record is not None and record.supervisor is not None)
