"""The product's line of work inside one process: ticks and runs, without daemon, code server and launcher.

The real functions on real servers; only Dagster's instance is one in memory. So a test can put a process of its own to
death at any place of our code, for the price of a fork. What does not belong here: what dies, and what is checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from signal_pipeline.definitions import defs
from signal_pipeline.defs.jobs import process_report
from signal_pipeline.orchestration.intake_tick import Tick, tick
from signal_pipeline.orchestration.tags import batch_tags
from signal_pipeline.platform.platform import Platform
from signal_pipeline.settings import Settings
from signal_pipeline.storage.batches import Batch

MOST_ROUNDS = 100

_platforms: list[Platform] = []


@dg.resource
@contextmanager
def _given(_: dg.InitResourceContext) -> Iterator[Platform]:
    """The platform of the line that runs; the real resource makes one from the environment for each run."""
    try:
        yield _platforms[-1]
    finally:
        _platforms[-1].let_go_of_claims()


_definitions = dg.Definitions(
    assets=defs.assets,
    jobs=[process_report],
    resources={**(defs.resources or {}), "platform": _given},
    executor=dg.in_process_executor,
)


class Line:
    """Takes messages, leases and works what is due."""

    def __init__(self, platform: Platform, instance: dg.DagsterInstance) -> None:
        self.platform = platform
        self.instance = instance

    def tick(self) -> Tick:
        return tick(self.platform, self.instance)

    def run(self, batch: Batch) -> bool:
        """The run that the sensor would ask for; whether it succeeded."""
        keys = [str(lease.report_id) for lease in batch.leases]
        job = _definitions.resolve_job_def(process_report.name)
        result = job.execute_in_process(
            instance=self.instance,
            partition_key=keys[0] if len(keys) == 1 else None,
            tags=batch_tags(batch),
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            raise_on_error=False,
        )
        return bool(result.success)

    def work_off(self) -> None:
        """Until nothing more is taken, leased or announced. What waits for a later time is left."""
        for _ in range(MOST_ROUNDS):
            done = self.tick()
            for batch in done.batches:
                self.run(batch)
            if not (done.received or done.batches or done.announced):
                return
        raise RuntimeError(f"still at work after {MOST_ROUNDS} ticks")


@contextmanager
def opened_line(settings: Settings) -> Iterator[Line]:
    """A line on these servers, with an instance of Dagster that is gone when the process is."""
    with Platform(settings) as platform, dg.DagsterInstance.ephemeral() as instance:
        _platforms.append(platform)
        try:
            yield Line(platform, instance)
        finally:
            _platforms.pop()
