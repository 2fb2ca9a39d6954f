"""Parquet between assets: one object per report and asset, for one report, a range of them and a backfill.

An asset's value is a mapping from report to frame. Dagster's own path-based IO managers raise when one run writes
several partitions.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import dagster as dg
import polars as pl

from signal_pipeline.frames import SpooledFrame
from signal_pipeline.orchestration.partitions import report_id_of
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.frames import FrameStore

ReportFrames = Mapping[UUID, SpooledFrame]


class StoredFrames:
    """Frames by report, each opened when it is asked for: one that is not there is a fault of its report alone."""

    def __init__(self, frames: FrameStore, asset: str, few: Mapping[UUID, pl.DataFrame]) -> None:
        self._frames, self._asset, self._few = frames, asset, few

    def __getitem__(self, report_id: UUID) -> pl.LazyFrame:
        few = self._few.get(report_id)
        return self._frames.scan(self._asset, report_id) if few is None else few.lazy()


class FrameIOManager(dg.IOManager):
    """Puts spooled frames in their place and opens stored ones lazily.

    Frames of few rows that this run made itself stay in memory for its next steps. Nobody else writes them meanwhile:
    the run has a claim on its reports.
    """

    def __init__(self, frames: FrameStore) -> None:
        self._frames = frames
        self._few: dict[str, dict[UUID, pl.DataFrame]] = {}

    def handle_output(self, context: dg.OutputContext, obj: ReportFrames) -> None:
        # The keys of a range come unordered here, so frames are matched by report and never by position.
        expected = {report_id_of(key) for key in context.asset_partition_keys}
        if not obj.keys() <= expected:
            raise dg.Failure("the step returned rows of reports that are not in this run", allow_retries=False)
        asset = context.asset_key.to_python_identifier()
        self._few[asset] = {report_id: frame.few for report_id, frame in obj.items() if frame.few is not None}
        places = {report_id: self._frames.put(asset, report_id, frame) for report_id, frame in obj.items()}
        if len(expected) == len(places) == 1:
            context.add_output_metadata({"stored_at": dg.MetadataValue.path(next(iter(places.values())))})

    def load_input(self, context: dg.InputContext) -> StoredFrames:
        asset = context.asset_key.to_python_identifier()
        return StoredFrames(self._frames, asset, self._few.get(asset, {}))


@dg.io_manager(required_resource_keys={"platform"}, description="One Parquet object per report and asset.")
def frame_io_manager(context: dg.InitResourceContext) -> FrameIOManager:
    platform: Platform = context.resources.platform
    return FrameIOManager(platform.frames)
