"""Dagster's run queue, which a run passes by when it is empty and a slot is free: half a second sooner.

A normal Dagster `QueuedRunCoordinator` in every other respect: what has to wait is queued, limits and priorities hold.
Two runs that are submitted in the same moment may both find the last slot free, so that for once one run too many runs.
"""

from __future__ import annotations

from dagster import DagsterRun, DagsterRunStatus, RunsFilter
from dagster._core.instance import T_DagsterInstance
from dagster._core.run_coordinator import QueuedRunCoordinator, SubmitRunContext
from dagster._core.storage.dagster_run import IN_PROGRESS_RUN_STATUSES

from signal_pipeline.orchestration.fork_launcher import ForkServerRunLauncher
from signal_pipeline.orchestration.tags import BACKFILL


class EagerRunCoordinator(QueuedRunCoordinator[T_DagsterInstance]):
    """Starts a run at once when nothing waits, a slot is free and the fork server answers."""

    def submit_run(self, context: SubmitRunContext) -> DagsterRun:
        run = context.dagster_run
        if run.status is DagsterRunStatus.NOT_STARTED and self._may_start(run):
            return self._instance.launch_run(run.run_id, context.workspace)
        return super().submit_run(context)

    def _may_start(self, run: DagsterRun) -> bool:
        """A backfill waits in the queue, which keeps slots for others; so does all when the launch might fail."""
        launcher = self._instance.run_launcher
        if BACKFILL in run.tags or not isinstance(launcher, ForkServerRunLauncher) or not launcher.is_ready():
            return False
        most = self.get_run_queue_config().max_concurrent_runs
        if self._instance.get_runs_count(RunsFilter(statuses=[DagsterRunStatus.QUEUED])):
            return False
        busy = self._instance.get_runs_count(RunsFilter(statuses=IN_PROGRESS_RUN_STATUSES))
        return most < 0 or busy < most
