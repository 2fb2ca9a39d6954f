"""The reports that one step of a run may work on: claimed, with their leases held while the step works.

A run that the intake started has leases; one that a person started has none, and claims its reports all the same.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from uuid import UUID

import dagster as dg
import psycopg

from signal_pipeline.errors import ReportUnknown, SignalPipelineError, Superseded, TransientError
from signal_pipeline.intake.attempt_failure import NO_STAGE, record_failure
from signal_pipeline.orchestration.faults import Fault
from signal_pipeline.orchestration.run_end import is_ended_by_dagster
from signal_pipeline.orchestration.tags import batch_of
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage import batches
from signal_pipeline.storage.claims import Claimed, claim, give_up, hold_claims
from signal_pipeline.storage.intake import Lease

LONGEST_BEAT_SECONDS = 5.0


class ReportBusy(TransientError):
    """Another run works on the report."""


class WorkingSet:
    """Reports are left out of it one by one: lost to somebody else, or given up for a fault of their own."""

    def __init__(
        self, platform: Platform, run_id: str, batch_id: UUID | None, reports: Sequence[UUID], stage: str = NO_STAGE
    ) -> None:
        self._platform, self._run_id, self._batch_id, self._stage = platform, run_id, batch_id, stage
        self.reports = list(reports)
        self.left_out: dict[UUID, str] = {}
        self._leases: dict[UUID, Lease] = {}
        self._stop = threading.Event()

    @property
    def is_alone(self) -> bool:
        """One report in the whole run: what happens to it happens to the run."""
        return len(self.reports) == 1

    @property
    def has_lease(self) -> bool:
        return self._batch_id is not None

    def is_suspect(self, report: UUID) -> bool:
        lease = self._leases.get(report)
        return lease is not None and lease.failures > 0

    def enter(self) -> None:
        """Take over the leases and claim the reports."""
        seconds = self._platform.settings.lease_seconds
        with self._platform.database.transaction() as connection:
            wanted = self.reports
            if self._batch_id is not None:
                leases = batches.begin(connection, self._batch_id, self._run_id, seconds)
                self._leases = {lease.report_id: lease for lease in leases}
                wanted = [report for report in self.reports if report in self._leases]
            claimed = claim(connection, self._run_id, wanted, seconds)
        for report in self.reports:
            self._place(report, claimed)

    def _place(self, report: UUID, claimed: Claimed) -> None:
        if report in claimed.ours:
            return
        if report in claimed.given_up:
            self.left_out[report] = claimed.given_up[report]
        elif report in claimed.busy:
            busy = ReportBusy(f"report {report} is being processed by run {claimed.busy[report]}")
            self.give_up(report, Fault("ReportBusy", str(busy), transient=True))
            if self.is_alone:
                raise busy
        elif report in claimed.unknown:
            unknown = ReportUnknown(f"report {report} is not in the database; submit it first")
            if self.is_alone:
                raise unknown
            self.left_out[report] = str(unknown)
        else:
            lost = "its attempt was taken over or cancelled"
            if self.is_alone:
                raise Superseded(f"report {report}: {lost}")
            self.left_out[report] = lost

    def give_up(self, report: UUID, fault: Fault) -> None:
        """Record the fault. Failing to is no new one: the lease then runs out, and the reconciler records that."""
        self.left_out[report] = str(fault)
        with suppress(SignalPipelineError), self._platform.database.transaction() as connection:
            give_up(connection, self._run_id, report, str(fault))
            self._record(connection, report, fault, beside_others=not self.is_alone)

    def give_up_all(self, fault: Fault) -> None:
        """A fault of the surroundings: it is no report's own."""
        with suppress(SignalPipelineError), self._platform.database.transaction() as connection:
            for report in self._leases:
                if report not in self.left_out:
                    self._record(connection, report, fault, beside_others=False)

    def _record(self, connection: psycopg.Connection, report: UUID, fault: Fault, *, beside_others: bool) -> None:
        lease = self._leases.get(report)
        if lease is not None:
            record_failure(
                connection,
                self._platform.settings,
                lease,
                reason=fault.reason,
                detail=fault.detail,
                transient=fault.transient,
                beside_others=beside_others,
                stage=self._stage,
            )

    def advance(self, progress: int) -> None:
        if self._batch_id is not None:
            with self._platform.database.transaction() as connection:
                batches.advance(connection, self._batch_id, progress)

    def release(self) -> None:
        """The run is told to stop: what is in progress is due again at once."""
        if self._batch_id is not None:
            with suppress(SignalPipelineError), self._platform.database.transaction() as connection:
                batches.release(connection, self._batch_id)

    def beat(self) -> None:
        """From a thread, so that a long step keeps its leases and a killed one loses them."""
        seconds = self._platform.settings.lease_seconds
        while not self._stop.wait(min(seconds / 4, LONGEST_BEAT_SECONDS)):
            # The lease outlasts missed beats.
            with suppress(TransientError), self._platform.database.transaction() as connection:
                hold_claims(connection, self._run_id, seconds)
                if self._batch_id is not None:
                    still_ours = batches.hold(connection, self._batch_id, seconds)
                    for report in self._leases.keys() - still_ours:
                        self.left_out.setdefault(report, "its attempt was taken over or cancelled")
                    if self.is_alone and not still_ours:
                        # Nobody wants what this run makes: it ends as if it had been told to from outside.
                        os.kill(os.getpid(), signal.SIGINT)
                        return

    def stop_beating(self) -> None:
        self._stop.set()


@contextmanager
def working_set(context: dg.AssetExecutionContext, platform: Platform, reports: Sequence[UUID]) -> Iterator[WorkingSet]:
    run = context.run
    working = WorkingSet(platform, run.run_id, batch_of(run.tags), reports, context.asset_key.to_user_string())
    platform.remember_claims_of(run.run_id)
    working.enter()
    thread = threading.Thread(target=working.beat, name="leases", daemon=True)
    thread.start()
    try:
        yield working
    except Exception:
        raise
    except BaseException:
        # Told to stop. The reconciler judges what Dagster ended: cancelled by a person, or failed since it exceeded its
        # time.
        if not is_ended_by_dagster(context.instance, run.run_id):
            working.release()
        raise
    finally:
        working.stop_beating()
        thread.join()
