"""A run launcher that has runs forked from a fork server: a run starts in a fifth of a second instead of seconds.

A normal Dagster `RunLauncher`, named in dagster.yaml. Where no fork server answers, the default launcher starts the
run as it always does; such a run is asked after and ended through the default launcher as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.instance import T_DagsterInstance
from dagster._core.launcher import DefaultRunLauncher, LaunchRunContext, RunLauncher
from dagster._core.launcher.base import CheckRunHealthResult, WorkerStatus
from dagster._grpc.types import ExecuteRunArgs
from dagster._serdes import ConfigurableClass, ConfigurableClassData, serialize_value

from signal_pipeline.processes.forkserver_protocol import Answer, ForkServerUnavailable, Request, ask

LAUNCHER_TAG = "signal_pipeline/launcher"
# Stored with runs, whose launcher it names: by the name that the fork server had at first.
FORKED = "warm"


class ForkServerRunLauncher(RunLauncher[T_DagsterInstance], ConfigurableClass):
    """`socket` is the fork server's address; empty means that there is none."""

    def __init__(self, socket: str = "", inst_data: ConfigurableClassData | None = None) -> None:
        self._address = Path(socket) if socket else None
        self._inst_data = inst_data
        self._default: RunLauncher[Any] = DefaultRunLauncher()
        super().__init__()  # type: ignore[no-untyped-call]

    @property
    def inst_data(self) -> ConfigurableClassData | None:
        return self._inst_data

    @classmethod
    def config_type(cls) -> Any:
        return {"socket": dg.Field(dg.StringSource, is_required=False, default_value="")}

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> ForkServerRunLauncher[T_DagsterInstance]:
        return cls(inst_data=inst_data, **config_value)

    def register_instance(self, instance: T_DagsterInstance) -> None:
        super().register_instance(instance)
        self._default.register_instance(instance)

    def is_ready(self) -> bool:
        """Whether the fork server answers."""
        try:
            return self._address is not None and ask(self._address, Request("ping")).state == "ready"
        except ForkServerUnavailable:
            return False

    def launch_run(self, context: LaunchRunContext) -> None:
        run = context.dagster_run
        origin = context.job_code_origin
        if self._address is None or origin is None:
            self._default.launch_run(context)
            return
        args = ExecuteRunArgs(job_origin=origin, run_id=run.run_id, instance_ref=self._instance.get_ref())
        try:
            answer = ask(self._address, Request("start", run.run_id, serialize_value(args)))
        except ForkServerUnavailable as error:
            self._instance.report_engine_event(f"{error}; the default launcher starts this run", run)
            self._default.launch_run(context)
            return
        if answer.state not in ("started", "running"):
            raise dg.DagsterLaunchFailedError(f"the fork server refused the run: {answer.state} {answer.detail}")
        self._instance.add_run_tags(run.run_id, {LAUNCHER_TAG: FORKED})
        self._instance.report_engine_event(f"Forked from the fork server (pid: {answer.pid}).", run)

    def terminate(self, run_id: str) -> bool:
        run = self._instance.get_run_by_id(run_id)
        if run is None or run.is_finished:
            return False
        if run.tags.get(LAUNCHER_TAG) != FORKED:
            return self._default.terminate(run_id)
        self._instance.report_run_canceling(run)
        return self._ask("end", run_id).state == "running"

    @property
    def supports_check_run_worker_health(self) -> bool:
        return True

    def check_run_worker_health(self, run: dg.DagsterRun) -> CheckRunHealthResult:
        """While nobody answers, a run counts as alive: its children outlive the fork server, which comes back."""
        if run.tags.get(LAUNCHER_TAG) != FORKED:
            return CheckRunHealthResult(WorkerStatus.RUNNING, "started by the default launcher")
        try:
            answer = self._ask("look", run.run_id)
        except ForkServerUnavailable as error:
            return CheckRunHealthResult(WorkerStatus.RUNNING, str(error), transient=True)
        if answer.state == "running":
            return CheckRunHealthResult(WorkerStatus.RUNNING, run_worker_id=str(answer.pid))
        if answer.state == "ended" and answer.exit_code == 0:
            return CheckRunHealthResult(WorkerStatus.SUCCESS)
        return CheckRunHealthResult(WorkerStatus.FAILED, f"the run's process is gone ({answer.state})")

    def join(self, timeout: int = 30) -> None:
        self._default.join(timeout)

    def _ask(self, action: str, run_id: str) -> Answer:
        assert self._address is not None
        return ask(self._address, Request(action, run_id))  # type: ignore[arg-type]
