"""Several parts under one roof: started together, kept alive, stopped in reverse order, recorded on disk.

What belongs here: order, the record of the run, the guardian. What does not: which parts a stack has (`stack.py`).
"""

from __future__ import annotations

import os
import secrets
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

from signal_pipeline.errors import LocalServerFailed
from signal_pipeline.local.deferred_signals import DeferredSignals
from signal_pipeline.local.guardian import Guardian
from signal_pipeline.local.leftovers import end_run
from signal_pipeline.local.lock import StateLock
from signal_pipeline.local.part import Part
from signal_pipeline.local.state import RunRecord, StateFolder
from signal_pipeline.local.supervised_part import SupervisedPart
from signal_pipeline.processes.identity import ProcessIdentity
from signal_pipeline.processes.termination import processes_with_token, terminate_all

_POLL_SECONDS = 0.05


class Supervisor:
    """Owns the lock of a state folder from `open` to `close`."""

    def __init__(self, folder: StateFolder) -> None:
        self._folder = folder
        self._lock = StateLock(folder.lock_file)
        self._guardian: Guardian | None = None
        self._batches: list[list[SupervisedPart]] = []
        self._writing = threading.Lock()
        self.record = RunRecord(token=secrets.token_hex(16))
        self.failure: LocalServerFailed | None = None

    def open(self) -> None:
        """Take the folder, end what an earlier run left in it, and post the guardian."""
        self._lock.acquire()
        left = RunRecord.read(self._folder.record_file)
        if left is not None:
            end_run(left)
        self.record.supervisor = ProcessIdentity.of(os.getpid())
        self.update()
        self._guardian = Guardian(self._folder, self.record.token)
        self.record.guardian = ProcessIdentity.of(self._guardian.pid)
        self.update()

    def start(
        self,
        parts: Sequence[Part],
        on_ready: Callable[[str], None] = lambda _: None,
        *,
        stop_with_last: bool = False,
    ) -> None:
        """Start these side by side; return when all are ready. The first failure calls off the others.

        Batches are stopped one after the other, the last one first; `stop_with_last` joins the batch before.
        """
        batch = [
            SupervisedPart(part, self._folder.logs / f"{part.name}.log", self.record.token, self._remember, self._fail)
            for part in parts
        ]
        if stop_with_last:
            self._batches[-1] += batch
        else:
            self._batches.append(batch)
        with DeferredSignals() as signals:
            self._start_all(batch, on_ready, signals)
        for kept in batch:
            kept.keep()

    def part(self, name: str) -> SupervisedPart:
        """A running part by its name; KeyError where there is none."""
        return {kept.part.name: kept for batch in self._batches for kept in batch}[name]

    def names(self) -> list[str]:
        return [kept.part.name for batch in self._batches for kept in batch]

    def update(self) -> None:
        """Write the record down."""
        with self._writing:
            self.record.write(self._folder.record_file)

    def stop_parts(self) -> None:
        """Stop all parts, the last batch first. Nothing of them runs afterwards."""
        while self._batches:
            batch = self._batches[-1]
            for kept in batch:
                kept.cancel()
            with ThreadPoolExecutor(max_workers=max(1, len(batch)), thread_name_prefix="stop") as pool:
                for stopped in [pool.submit(kept.stop) for kept in batch]:
                    stopped.result()
            self._batches.pop()

    def close(self) -> None:
        """Stop everything and let the folder go. May be called again, and after an `open` that failed."""
        try:
            self.stop_parts()
            if self._guardian is not None:
                self._sweep()
                self._folder.record_file.unlink(missing_ok=True)
                self._guardian.dismiss()
                self._guardian = None
        finally:
            self._lock.release()

    @staticmethod
    def _start_all(batch: Sequence[SupervisedPart], on_ready: Callable[[str], None], signals: DeferredSignals) -> None:
        pool = ThreadPoolExecutor(max_workers=max(1, len(batch)), thread_name_prefix="start")
        try:
            starts = {pool.submit(kept.start): kept for kept in batch}
            while starts:
                for start in wait(starts, _POLL_SECONDS, return_when=FIRST_COMPLETED).done:
                    start.result()
                    on_ready(starts.pop(start).part.name)
                signals.deliver()
        except BaseException:
            for kept in batch:
                kept.cancel()
            raise
        finally:
            pool.shutdown(wait=True)

    def _sweep(self) -> None:
        """Children of parts that made sessions of their own."""
        terminate_all(
            [found for found in processes_with_token(self.record.token) if found != self.record.guardian],
            signal.SIGKILL,
            5.0,
        )

    def _remember(self, name: str, identity: ProcessIdentity) -> None:
        with self._writing:
            self.record.parts[name] = identity
            self.record.write(self._folder.record_file)

    def _fail(self, failure: LocalServerFailed) -> None:
        self.failure = failure
