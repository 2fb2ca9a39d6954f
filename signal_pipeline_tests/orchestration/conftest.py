"""A report in the database and a run of the real assets on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import dagster as dg
import pytest

from signal_pipeline.definitions import defs
from signal_pipeline.intake.submission import submit_report
from signal_pipeline.orchestration.chain import STEPS
from signal_pipeline.platform.platform import Platform

Submit = Callable[..., UUID]


class Runner:
    """Runs the code location's own assets in process, on an ephemeral Dagster instance and the test's servers."""

    def __init__(self, instance: dg.DagsterInstance, platform: Platform) -> None:
        self.instance = instance
        self.platform = platform

    def run(
        self,
        reports: Sequence[UUID],
        *,
        assets: Sequence[str] = (),
        config: dict[str, Any] | None = None,
        tags: dict[str, str] | None = None,
        ops: dict[str, Any] | None = None,
    ) -> dg.ExecuteInProcessResult:
        keys = [str(report) for report in reports]
        self.instance.add_dynamic_partitions("reports", keys)
        selection = [dg.AssetKey(name) for name in assets or STEPS]
        job = _definitions(self.platform).resolve_implicit_global_asset_job_def()
        range_tags = (
            {}
            if len(keys) == 1
            else {"dagster/asset_partition_range_start": keys[0], "dagster/asset_partition_range_end": keys[-1]}
        )
        return job.execute_in_process(
            instance=self.instance,
            asset_selection=selection,
            partition_key=keys[0] if len(keys) == 1 else None,
            run_config={"ops": {"clusters": {"config": config}}} if config else {"ops": ops or {}},
            tags=(tags or {}) | range_tags,
            raise_on_error=False,
        )

    def run_unpartitioned(self, asset: str, config: dict[str, Any] | None = None) -> dg.ExecuteInProcessResult:
        """An asset that has no partition per report."""
        job = _definitions(self.platform).resolve_implicit_global_asset_job_def()
        return job.execute_in_process(
            instance=self.instance,
            asset_selection=[dg.AssetKey(asset)],
            run_config={"ops": {asset: {"config": config}}} if config else None,
            raise_on_error=False,
        )


def _definitions(platform: Platform) -> dg.Definitions:
    @dg.resource
    @contextmanager
    def given(_: dg.InitResourceContext) -> Iterator[Platform]:
        try:
            yield platform
        finally:
            # As the real one does when its run is over; the test goes on with this one.
            platform.let_go_of_claims()

    return dg.Definitions(
        assets=defs.assets, resources={**(defs.resources or {}), "platform": given}, executor=dg.in_process_executor
    )


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as ephemeral:
        yield ephemeral


@pytest.fixture
def runner(instance: dg.DagsterInstance, platform: Platform) -> Runner:
    return Runner(instance, platform)


@pytest.fixture
def submit(platform: Platform, tmp_path: Path) -> Submit:
    """Submit texts as files of one report."""

    def work(**files: str | bytes) -> UUID:
        paths = []
        for name, content in files.items():
            path = tmp_path / name.replace("_har", ".har").replace("_log", ".log")
            path.write_bytes(content.encode() if isinstance(content, str) else content)
            paths.append(path)
        return submit_report(platform, paths, title=None, source="test").report_id

    return work
